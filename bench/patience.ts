/** How measurements wait for the cluster. */
export const PATIENCE = { every: 50, limit: 300_000 } as const;
