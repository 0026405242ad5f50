/** The comment: a table, what goes away, then the details, as far as GitHub takes them. */
import { DATA_DATE } from '#config/digitalocean';
import { attributeChanges } from './attribute-changes';
import { codeBlock, codeSpan, shortened } from '#cli/output/inert-text';
import type { Redaction } from './redaction';
import { countOf, type Kind, type ReportedChange, type StackReport } from './stack-report';

/** GitHub takes 65,536 characters; some are left for what it adds. */
export const LONGEST_COMMENT = 65_000;
/** At most for the names of what goes away: the table and a word on the rest must fit, too. */
const LONGEST_FOLD = 30_000;
const LONGEST_LINE = 200;
const LONGEST_LOG_LINES = 40;
const SIGNS: Readonly<Record<Kind, string>> = {
  ...{ add: '+', change: '~', replace: '-/+', destroy: '-' },
  ...{ forget: 'forget', move: 'moved', import: 'import' },
};
const HIDDEN = '(sensitive)';

export interface CommentOptions {
  readonly marker: string;
  readonly title: string;
  readonly reports: readonly StackReport[];
  readonly redaction: Redaction;
}

export function renderComment({ marker, title, reports, redaction }: CommentOptions): string {
  const head = [
    marker,
    `## ${title}`,
    table(reports),
    ...costNotes(reports, redaction),
    ...fold(reports, redaction),
  ].join('\n\n');
  const closing = '\n';
  const room = LONGEST_COMMENT - head.length - closing.length;
  const full = details(reports, redaction, true);
  const brief = () => details(reports, redaction, false);
  const fits = (sections: readonly string[]) =>
    sections.reduce((total, section) => total + section.length + 2, 0) <= room;
  const sections = fits(full) ? full : cut(brief(), room);
  return [head, ...sections].join('\n\n') + closing;
}

function table(reports: readonly StackReport[]): string {
  const rows = reports.map((report) => {
    const { stack, cost } = report;
    const counts = (['add', 'change', 'replace', 'destroy'] as const).map((kind) =>
      report.plan === undefined ? '' : `${countOf(report, kind)}`,
    );
    const money =
      cost === undefined
        ? ''
        : cost.before === cost.after
          ? dollars(cost.after)
          : `${dollars(cost.before)} → ${dollars(cost.after)}`;
    return `| ${[codeSpan(stack), ...counts, money, stateOf(report)].join(' | ')} |`;
  });
  return [
    '| stack | add | change | replace | destroy | a month | state |',
    '|---|--:|--:|--:|--:|--:|---|',
    ...rows,
  ].join('\n');
}

function stateOf({ meta, error, plan, changes, outputs, drift }: StackReport): string {
  if (error !== undefined) return '**error**';
  if (meta?.waitingFor !== undefined) return `waiting for ${meta.waitingFor}`;
  if (plan === undefined) return 'not planned';
  const what = changes.length + outputs.length === 0 ? 'no change' : 'ok';
  const notes = [...(drift.length > 0 ? ['drift'] : []), ...(meta?.refreshed === false ? ['planned from state'] : [])];
  return [what, ...notes].join(', ');
}

function costNotes(reports: readonly StackReport[], redaction: Redaction): string[] {
  const costs = reports.flatMap(({ cost }) => cost ?? []);
  const [before, after] = [sum(costs.map((cost) => cost.before)), sum(costs.map((cost) => cost.after))];
  const unpriced = costs.flatMap(({ notPriced }) => notPriced).map((address) => codeSpan(name(address, redaction)));
  const difference =
    after === before ? 'unchanged' : `${after > before ? '+' : '−'}${dollars(Math.abs(after - before))}`;
  const money = `${dollars(before)} → ${dollars(after)} a month (${difference}), prices of ${DATA_DATE} without taxes, traffic, volumes of the cluster and storage beyond what is included.`;
  const notes =
    costs.length === 0 ? [] : [unpriced.length === 0 ? money : `${money} Not priced: ${someOf(unpriced, 1000)}.`];
  const fromState = reports.filter(({ meta, plan }) => meta?.refreshed === false && plan !== undefined);
  if (fromState.length === 0) return notes;
  const names = fromState.map(({ stack }) => codeSpan(stack)).join(' and ');
  return [
    ...notes,
    `The Kubernetes API is closed: ${names} planned from the state. Changes made by hand there are not seen.`,
  ];
}

/** What nobody should overlook. */
function fold(reports: readonly StackReport[], redaction: Redaction): string[] {
  const gone = (kind: Kind) =>
    reports.flatMap(({ stack, changes }) =>
      changes
        .filter((change) => change.kind === kind)
        .map(({ resource }) => codeSpan(`${stack}: ${label(resource, redaction)}`)),
    );
  const line = (word: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`**${word} (${names.length}):** ${someOf(names, LONGEST_FOLD / 2)}`];
  return [...line('Destroyed', gone('destroy')), ...line('Replaced', gone('replace'))];
}

function details(reports: readonly StackReport[], redaction: Redaction, withAttributes: boolean): string[] {
  return reports.flatMap((report) => {
    const { stack, error, changes, drift, outputs } = report;
    const summary = (text: string) => `${codeSpan(stack)}: ${text}`;
    const lines = changes.flatMap((change) => describe(change, redaction, withAttributes));
    return [
      ...(error === undefined ? [] : [section(summary('could not be planned'), logLines(error, redaction))]),
      ...(lines.length === 0 ? [] : [section(summary(`${changes.length} to change`), lines, 'diff')]),
      ...(drift.length === 0
        ? []
        : [
            section(
              summary(`${drift.length} changed past Terraform`),
              drift.flatMap((resource) => describe({ kind: 'change', resource }, redaction, withAttributes)),
              'diff',
            ),
          ]),
      ...(outputs.length === 0
        ? []
        : [
            section(
              summary(`${outputs.length} outputs change`),
              outputs.map(([output]) => name(output, redaction)),
            ),
          ]),
    ];
  });
}

function describe({ kind, resource }: ReportedChange, redaction: Redaction, withAttributes: boolean): string[] {
  const isSeen = withAttributes && (kind === 'change' || kind === 'replace');
  const attributes = isSeen ? attributeChanges(resource, redaction) : [];
  return [
    `${SIGNS[kind]} ${label(resource, redaction)}`,
    ...attributes.map((attribute) => `      ${shortened(attribute, LONGEST_LINE * 2)}`),
  ];
}

function label(
  { address, previous_address: previous, deposed }: ReportedChange['resource'],
  redaction: Redaction,
): string {
  const from = previous === undefined || previous === address ? '' : ` (was ${name(previous, redaction)})`;
  return `${name(address, redaction)}${from}${deposed === undefined ? '' : ' (old object)'}`;
}

function name(text: string, redaction: Redaction): string {
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

function section(summary: string, lines: readonly string[], language?: string): string {
  const title = summary.replaceAll('`', '');
  return `<details><summary>${title}</summary>\n\n${codeBlock(lines, language)}\n\n</details>`;
}

/** As many sections as fit, the last one shortened. */
function cut(sections: readonly string[], room: number): string[] {
  const note =
    'Attributes are left out, and what did not fit: the plan is too large for a comment. All of it: `npx forge plan run`.';
  let left = room - note.length - 2;
  const kept: string[] = [];
  for (const text of sections) {
    const fitting = text.length + 2 <= left ? text : shortSection(text, left - 2);
    if (fitting === undefined) break;
    kept.push(fitting);
    left -= fitting.length + 2;
  }
  return [note, ...kept];
}

function shortSection(text: string, room: number): string | undefined {
  const lines = text.split('\n');
  const ending = lines.slice(-3);
  const kept: string[] = [];
  let left = room - ending.join('\n').length - 60;
  for (const line of lines.slice(0, -3)) {
    left -= line.length + 1;
    if (left < 0) break;
    kept.push(line);
  }
  if (kept.length < 4) return undefined;
  return [...kept, `(${lines.length - 3 - kept.length} more)`, ...ending].join('\n');
}

function someOf(names: readonly string[], room: number): string {
  const kept: string[] = [];
  let left = room;
  for (const text of names) {
    left -= text.length + 2;
    if (left < 0) break;
    kept.push(text);
  }
  return kept.length === names.length ? kept.join(', ') : `${kept.join(', ')} and ${names.length - kept.length} more`;
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
