/**
 * Contracts between stacks: what a stack publishes as Terraform outputs and what a reader of its state gets.
 * A contract is declared once, in the producer's `outputs.ts`; both sides are typed by it.
 */

/** One output: its meaning, and whether plans and logs must hide it. */
export interface OutputSpec {
  readonly description: string;
  readonly sensitive: boolean;
}

/** Output names (camel case) and what each of them is. All outputs are strings. */
export type Contract = Readonly<Record<string, OutputSpec>>;

/** The values of a contract: literal strings or Terraform tokens. */
export type OutputsOf<C extends Contract> = { readonly [K in keyof C]: string };

/** An output that anyone may see. */
export function plain(description: string): OutputSpec {
  return { description, sensitive: false };
}

/** An output that plans, logs and comments must never show. Every reader's state holds a copy: publish few. */
export function secret(description: string): OutputSpec {
  return { description, sensitive: true };
}

/** The output's id in Terraform: `apiAddress` is published as `api_address`. */
export function outputId(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
