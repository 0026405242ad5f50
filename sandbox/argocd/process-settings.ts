/** What Argo CD's pods would get as environment from the release's ConfigMaps. */

/** Keys of argocd-cmd-params-cm that the stacks use, and the variable of each in the chart's pods. */
const PARAMETERS: Readonly<Record<string, string>> = {
  'controller.diff.server.side': 'ARGOCD_APPLICATION_CONTROLLER_SERVER_SIDE_DIFF',
  'controller.repo.error.grace.period.seconds': 'ARGOCD_REPO_ERROR_GRACE_PERIOD_SECONDS',
  'controller.sync.timeout.seconds': 'ARGOCD_APPLICATION_CONTROLLER_SYNC_TIMEOUT',
  'server.insecure': 'ARGOCD_SERVER_INSECURE',
};

/** @throws for a parameter that the sandbox does not know: leaving it out would rehearse something else */
export function parameterVariables(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => {
      const variable = PARAMETERS[key];
      if (variable === undefined) {
        throw new Error(`Argo CD's parameter ${key} is not known to the sandbox: add it to ${__filename}`);
      }
      return [variable, value];
    }),
  );
}
