/**
 * Expressions of workflows, by GitHub's own evaluator. A context or function that the runner does not have is refused.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
 */
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';

export type Value = string | number | boolean | null | undefined | { readonly [name: string]: Value };

export interface Surroundings {
  /** `secrets`, `vars`, `env`, `inputs`, `github`, `steps`, `needs`, ... */
  readonly contexts: Readonly<Record<string, Value>>;
  /** Whether a step of this job (or a job that this one needs) failed. */
  readonly failed: boolean;
}

/** Text with every `${{ }}` replaced by what it stands for. */
export function interpolate(text: string, surroundings: Surroundings): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => evaluate(expression, surroundings));
}

/** The condition of a step or job: without a status function it also asks for success. */
export function isMet(condition: string | boolean | undefined, surroundings: Surroundings): boolean {
  const text = String(condition ?? 'success()').replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1');
  const asksStatus = /\b(success|failure|always|cancelled)\s*\(/.test(text);
  return (asksStatus || !surroundings.failed) && evaluate(`!!(${text})`, surroundings) === 'true';
}

/** The value as text. */
export function evaluate(text: string, { contexts, failed }: Surroundings): string {
  const functions = statusFunctions(failed);
  const { tokens } = new Lexer(text).lex();
  const expression = new Parser(tokens, Object.keys(contexts), functions).parse();
  const values = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  const named = new Map(functions.map((one) => [one.name, one]));
  return new Evaluator(expression, values, named).evaluate().coerceString();
}

function statusFunctions(failed: boolean) {
  const answers = { always: true, success: !failed, failure: failed, cancelled: false };
  return Object.entries(answers).map(([name, answer]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(answer),
  }));
}
