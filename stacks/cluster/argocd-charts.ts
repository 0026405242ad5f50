/** Versions of the charts, for those who need no stack. */

/** Argo CD v3.5.1. */
export const ARGO_CD_CHART = '10.3.3';
export const ARGO_CD_APPS_CHART = '2.0.5';
