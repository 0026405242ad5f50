/** Takes the answers from options, from what stands there, and from a person, each checked as it comes. */
import { CommandFailure } from '#clients/failure';
import { originRepository } from '../output/origin-repository';
import type { Terminal } from '../output/terminal';
import type { Answer, Draft } from './draft';
import { QUESTIONS, type Question } from './questions';

export interface AnswersOptions {
  /** By option's name in camel case. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** Undefined when nobody is to be asked. */
  readonly ask: Terminal['ask'];
  readonly tell: (text: string) => void;
  readonly checkout: string;
}

/** Of forge.yaml as it is delivered. */
const EXAMPLE = { repository: 'example/forge', bucket: 'forge-terraform-state' };

/**
 * @returns the draft with every answer
 * @throws CommandFailure with exit code 2 for an option that cannot be, and for what stands there and cannot be when nobody is asked
 */
export async function answered(draft: Draft, context: AnswersOptions): Promise<Draft> {
  let result = draft;
  // Options first: what is asked is then checked against them.
  for (const question of QUESTIONS) result = withOption(result, question, context.options[camelCase(question.option)]);
  if (context.ask === undefined) return result;
  for (const question of QUESTIONS) {
    if (context.options[camelCase(question.option)] === undefined) result = await asked(result, question, context);
  }
  return result;
}

function withOption(draft: Draft, question: Question, given: string | boolean | undefined): Draft {
  if (typeof given !== 'string') return draft;
  const next = draft.with(question.path, typed(question, given));
  const [fault] = next.faultsAt(question.path);
  if (fault === undefined) return next;
  throw new CommandFailure(`--${question.option}: found ${fault.found}, allowed: ${fault.allowed}.`, { exitCode: 2 });
}

async function asked(draft: Draft, question: Question, { ask, tell, checkout }: AnswersOptions): Promise<Draft> {
  const { path, option, explanation } = question;
  const offered = `${suggestion(draft, question, checkout) ?? ''}`;
  tell(`\n${explanation}\n`);
  for (;;) {
    const text = (await ask!(`${option} [${offered}]: `)).trim();
    const next = draft.with(path, typed(question, text === '' ? offered : text));
    const [fault] = next.faultsAt(path);
    if (fault === undefined) return next;
    tell(`  found ${fault.found}, allowed: ${fault.allowed}\n`);
  }
}

/** What stands there, or something better than the example's: where this checkout comes from, and a bucket of that name. */
function suggestion(draft: Draft, { path }: Question, checkout: string): Answer | undefined {
  const current = draft.valueAt(path) as Answer | undefined;
  if (current === EXAMPLE.repository) return originRepository(checkout) ?? current;
  if (current !== EXAMPLE.bucket) return current;
  const repository = draft.valueAt(['repository']);
  if (typeof repository !== 'string' || repository === EXAMPLE.repository) return current;
  return `${repository.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-terraform-state`;
}

function typed({ kind }: Question, text: string): Answer {
  if (kind === 'number' && /^\d+$/.test(text)) return Number(text);
  if (kind === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

function camelCase(option: string): string {
  return option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
