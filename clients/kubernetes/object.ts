/** What every object has; the rest is as its kind says. */
export interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

interface Status {
  readonly conditions?: readonly { readonly type: string; readonly status?: string }[];
}

export function isReady(status: Status | undefined): boolean {
  return status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true;
}
