/** What a stack's section of the comment shows: each change with its attributes, drift, outputs, or why there is no plan. */
import { shortened } from '#cli/output/markdown';
import { plainLines, secretLines } from '#cli/secrets/secret-lines';
import { attributeChanges } from './attribute-changes';
import type { Section } from './folded-section';
import type { Change, FailingCheck } from '../plan-file';
import type { Redaction } from './redaction';
import type { Kind } from '../change-kind';
import type { ReportedChange, StackReport } from './stack-report';

const LONGEST_LINE = 200;
const LONGEST_LOG_LINES = 40;
const HIDDEN = '(sensitive)';
const SIGNS: Readonly<Record<Kind, string>> = {
  add: '+',
  change: '~',
  replace: '-/+',
  destroy: '-',
  forget: 'forget',
  move: 'moved',
  import: 'import',
  leave: '+/forget',
  invoke: 'run',
  unknown: '?',
};
/** Those whose attributes are told. */
const WITH_ATTRIBUTES: readonly Kind[] = ['change', 'replace', 'leave', 'unknown'];

/** @param withAttributes whether each change tells what of the resource changes */
export function details(
  { stack, error, changes, deferred, drift, failing, outputs }: StackReport,
  redaction: Redaction,
  withAttributes: boolean,
): Section[] {
  const describe = (change: ReportedChange) => changeLines(change, redaction, withAttributes);
  const sections: Section[] = [
    { summary: `${stack}: could not be planned`, lines: error === undefined ? [] : logLines(error, redaction) },
    { summary: `${stack}: ${changes.length} to change`, lines: changes.flatMap(describe), language: 'diff' },
    { summary: `${stack}: ${deferred.length} not planned yet`, lines: deferred.flatMap(describe), language: 'diff' },
    {
      summary: `${stack}: ${failing.length} checks fail`,
      lines: failing.flatMap((check) => checkLines(check, redaction)),
    },
    {
      summary: `${stack}: ${drift.length} changed past Terraform`,
      lines: drift.flatMap(describe),
      language: 'diff',
    },
    {
      summary: `${stack}: ${outputs.length} outputs change`,
      lines: outputs.map(([output, { actions }]) => {
        const isGone = actions.join() === 'delete';
        return `${shownName(output, redaction)}${isGone ? ' (removed)' : ''}`;
      }),
    },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

function changeLines({ kind, resource }: ReportedChange, redaction: Redaction, withAttributes: boolean): string[] {
  const isSeen = withAttributes && WITH_ATTRIBUTES.includes(kind);
  const attributes = isSeen ? attributeChanges(resource, redaction) : [];
  return [
    `${SIGNS[kind]} ${label({ kind, resource }, redaction)}`,
    ...attributes.map((attribute) => `      ${shortened(attribute, LONGEST_LINE * 2)}`),
  ];
}

function checkLines({ name, problems }: FailingCheck, redaction: Redaction): string[] {
  const shown = problems.map((problem) => `      ${shownName(problem.replaceAll(/\s+/g, ' '), redaction)}`);
  return [shownName(name, redaction), ...shown];
}

/** The address of a resource, and what is special about its change: where it was, what it was, why it waits. */
export function label({ kind, resource }: ReportedChange, redaction: Redaction): string {
  const { address, previous_address: previous, deposed, deferred, trigger, change } = resource;
  const name = (text: string) => shownName(text, redaction);
  const notes = [
    ...(previous && previous !== address ? [`was ${name(previous)}`] : []),
    ...(change.importing ? [`imports ${name(importedId(change.importing))}`] : []),
    ...(deposed === undefined ? [] : ['old object']),
    ...(trigger === undefined ? [] : [`by ${name(trigger)}`]),
    ...(kind === 'unknown' ? [`action: ${name(change.actions.join(', ') || 'none')}`] : []),
    ...(deferred === undefined ? [] : [`later: ${name(deferred)}`]),
  ];
  return [name(address), ...notes.map((note) => `(${note})`)].join(' ');
}

function importedId({ id, identity, unknown }: NonNullable<Change['importing']>): string {
  if (unknown) return 'what is known after the deploy';
  return id ?? JSON.stringify(identity) ?? 'an object';
}

export function shownName(text: string, redaction: Redaction): string {
  return redaction.isSecret(text) ? HIDDEN : shortened(text, LONGEST_LINE);
}

function logLines(log: string, redaction: Redaction): string[] {
  const texts = plainLines(log);
  const secret = secretLines(texts, redaction.isKnown);
  const lines = texts.flatMap((line, index) => {
    if (!secret.has(index)) return [line];
    return secret.has(index - 1) ? [] : [HIDDEN];
  });
  // One that is known may be broken at any place.
  const frameless = lines.map((line) => line.replace(/^[\s│]+/, '').trimEnd());
  const isBroken = ['', ' ', '\n'].some((gap) => redaction.isKnown(frameless.join(gap)));
  return isBroken ? [HIDDEN] : lastLines(lines);
}

function lastLines(log: readonly string[]): string[] {
  const lines = log.filter((line) => line.trim() !== '');
  const shown = lines.slice(-LONGEST_LOG_LINES).map((line) => shortened(line, LONGEST_LINE));
  return lines.length > shown.length ? [`(${lines.length - shown.length} lines before)`, ...shown] : shown;
}
