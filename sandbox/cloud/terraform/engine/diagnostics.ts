import type { ProviderError } from './resource';

const ERROR = 1;

export interface Diagnostic {
  readonly severity: number;
  readonly summary: string;
  readonly detail: string;
  readonly attribute?: { readonly steps: readonly { readonly attribute_name: string }[] };
}

/** A provider's error as Terraform shows it. */
export function diagnostics({ summary, detail, attributePath }: ProviderError): Diagnostic[] {
  const steps = attributePath.map((name) => ({ attribute_name: name }));
  return [{ severity: ERROR, summary, detail, ...(steps.length > 0 && { attribute: { steps } }) }];
}
