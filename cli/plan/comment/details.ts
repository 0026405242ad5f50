/** What a stack's section of the comment shows: each change with its attributes, drift, outputs, or why there is no plan. */
import { shortened } from '#cli/output/markdown';
import { attributeChanges } from './attribute-changes';
import type { Section } from './folded-section';
import type { Redaction } from './redaction';
import type { Kind, ReportedChange, StackReport } from './stack-report';

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
};

/** @param withAttributes whether each change tells what of the resource changes */
export function details(
  { stack, error, changes, drift, outputs }: StackReport,
  redaction: Redaction,
  withAttributes: boolean,
): Section[] {
  const describe = (change: ReportedChange) => changeLines(change, redaction, withAttributes);
  const sections: Section[] = [
    { summary: `${stack}: could not be planned`, lines: error === undefined ? [] : logLines(error, redaction) },
    { summary: `${stack}: ${changes.length} to change`, lines: changes.flatMap(describe), language: 'diff' },
    {
      summary: `${stack}: ${drift.length} changed past Terraform`,
      lines: drift.flatMap((resource) => describe({ kind: 'change', resource })),
      language: 'diff',
    },
    {
      summary: `${stack}: ${outputs.length} outputs change`,
      lines: outputs.map(([output]) => shownName(output, redaction)),
    },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

function changeLines({ kind, resource }: ReportedChange, redaction: Redaction, withAttributes: boolean): string[] {
  const isSeen = withAttributes && (kind === 'change' || kind === 'replace');
  const attributes = isSeen ? attributeChanges(resource, redaction) : [];
  return [
    `${SIGNS[kind]} ${label(resource, redaction)}`,
    ...attributes.map((attribute) => `      ${shortened(attribute, LONGEST_LINE * 2)}`),
  ];
}

/** The address of a resource, and the one before when it moves. */
export function label(
  { address, previous_address: previous, deposed }: ReportedChange['resource'],
  redaction: Redaction,
): string {
  const from = previous === undefined || previous === address ? '' : ` (was ${shownName(previous, redaction)})`;
  return `${shownName(address, redaction)}${from}${deposed === undefined ? '' : ' (old object)'}`;
}

export function shownName(text: string, redaction: Redaction): string {
  return redaction.isSecret(text) ? HIDDEN : shortened(text, LONGEST_LINE);
}

function logLines(log: string, redaction: Redaction): string[] {
  // eslint-disable-next-line no-control-regex -- the colours of a terminal
  const plain = log.replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '');
  // A secret may go over several lines.
  const isInIt = [plain, plain.replaceAll(/\s+/g, ' ')].some((text) => redaction.isSecret(text));
  return isInIt ? logWithout(plain, redaction) : lastLines(plain);
}

function logWithout(plain: string, redaction: Redaction): string[] {
  const lines = plain.split('\n').map((line) => (redaction.isSecret(line) ? HIDDEN : line));
  const isClean = !redaction.isSecret(lines.join(' ').replaceAll(/\s+/g, ' ')) && !redaction.isSecret(lines.join('\n'));
  return isClean ? lastLines(lines.join('\n')) : [HIDDEN];
}

function lastLines(log: string): string[] {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const shown = lines.slice(-LONGEST_LOG_LINES).map((line) => shortened(line, LONGEST_LINE));
  return lines.length > shown.length ? [`(${lines.length - shown.length} lines before)`, ...shown] : shown;
}
