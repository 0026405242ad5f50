/** The comment: a table, what goes away, then the details, as far as GitHub takes them. */
import { DATA_DATE } from '#config/digitalocean';
import { dollars } from '#cli/output/text';
import { codeSpan, markdownTable, someOf, type Column } from '#cli/output/markdown';
import type { Cost } from '#cli/cost/monthly-cost';
import { details, label, shownName } from './details';
import { cut, GAP, lengthOf, render } from './folded-section';
import { layersDetails, layersHead, type LayersPart } from './layers';
import type { Redaction } from './redaction';
import type { Kind } from '../change-kind';
import { tokenNote } from '../new-join-tokens';
import { serverNote } from '../servers-made-anew';
import { countOf, type ReportedChange, type StackReport } from './stack-report';

/** GitHub takes 65,536 characters; some are left for what it adds. */
const LONGEST_COMMENT = 65_000;
/** At most for the names of what goes away: the table and a word on the rest must fit, too. */
const LONGEST_FOLD = 30_000;
const COUNTED = ['add', 'change', 'replace', 'destroy'] as const satisfies readonly Kind[];
const COLUMNS: readonly Column[] = [
  { title: 'stack' },
  ...COUNTED.map((title): Column => ({ title, align: 'right' })),
  { title: 'a month', align: 'right' },
  { title: 'state' },
];

export interface CommentOptions {
  readonly marker: string;
  readonly title: string;
  readonly reports: readonly StackReport[];
  readonly redaction: Redaction;
  readonly layers: LayersPart;
}

export function renderComment({ marker, title, reports, redaction, layers }: CommentOptions): string {
  const head = [
    marker,
    `## ${title}`,
    markdownTable(COLUMNS, reports.map(stackRow)),
    ...costNotes(reports, redaction),
    ...closedApiNotes(reports),
    ...reports.flatMap(({ plan = {} }) => [serverNote(plan), tokenNote(plan)].filter((note) => note !== undefined)),
    ...fold(reports, redaction),
    ...layersHead(layers, redaction),
  ].join(GAP);
  const closing = '\n';
  const room = LONGEST_COMMENT - head.length - closing.length;
  const sections = (withAttributes: boolean) => [
    ...reports.flatMap((report) => details(report, redaction, withAttributes)),
    ...layersDetails(layers, redaction, withAttributes),
  ];
  const full = sections(true).map(render);
  const shown = lengthOf(full) <= room ? full : cut(sections(false), room);
  return [head, ...shown].join(GAP) + closing;
}

function stackRow(report: StackReport): string[] {
  const { stack, cost, plan } = report;
  const counts = COUNTED.map((kind) => (plan === undefined ? '' : String(countOf(report, kind))));
  return [codeSpan(stack), ...counts, cost === undefined ? '' : money(cost), stateOf(report)];
}

function money({ before, after }: Cost): string {
  return before === after ? dollars(after) : `${dollars(before)} → ${dollars(after)}`;
}

function stateOf({ meta, error, plan, changes, outputs, drift, unfinished, failing }: StackReport): string {
  if (error !== undefined) return '**error**';
  if (meta?.waitingFor !== undefined) return `waiting for ${meta.waitingFor}`;
  if (plan === undefined) return 'not planned';
  const what = unfinished ? '**not complete**' : changes.length + outputs.length === 0 ? 'no change' : 'ok';
  const notes = [
    ...(failing.length > 0 ? ['**a check fails**'] : []),
    ...(drift.length > 0 ? ['drift'] : []),
    ...(meta?.refreshed === false ? ['planned from state'] : []),
  ];
  return [what, ...notes].join(', ');
}

function costNotes(reports: readonly StackReport[], redaction: Redaction): string[] {
  const costs = reports.flatMap(({ cost }) => cost ?? []);
  if (costs.length === 0) return [];
  const [before, after] = [sum(costs.map((cost) => cost.before)), sum(costs.map((cost) => cost.after))];
  const unpriced = costs
    .flatMap(({ notPriced }) => notPriced)
    .map((address) => codeSpan(shownName(address, redaction)));
  const difference =
    after === before ? 'unchanged' : `${after > before ? '+' : '−'}${dollars(Math.abs(after - before))}`;
  const sums = `${dollars(before)} → ${dollars(after)} a month (${difference}), prices of ${DATA_DATE} without taxes, traffic, volumes of the cluster and storage beyond what is included.`;
  return [unpriced.length === 0 ? sums : `${sums} Not priced: ${someOf(unpriced, 1000)}.`];
}

function closedApiNotes(reports: readonly StackReport[]): string[] {
  const fromState = reports.filter(({ meta, plan }) => meta?.refreshed === false && plan !== undefined);
  if (fromState.length === 0) return [];
  const names = fromState.map(({ stack }) => codeSpan(stack)).join(' and ');
  return [`The Kubernetes API is closed: ${names} planned from the state. Changes made by hand there are not seen.`];
}

/** What nobody should overlook. */
function fold(reports: readonly StackReport[], redaction: Redaction): string[] {
  const of = (list: (report: StackReport) => readonly ReportedChange[]) =>
    reports.flatMap((report) => list(report).map((one) => codeSpan(`${report.stack}: ${label(one, redaction)}`)));
  const ofKind = (...kinds: readonly Kind[]) => of(({ changes }) => changes.filter(({ kind }) => kinds.includes(kind)));
  const failing = reports.flatMap(({ stack, failing: checks }) =>
    checks.map(({ name }) => codeSpan(`${stack}: ${shownName(name, redaction)}`)),
  );
  const lines = [
    ['Destroyed', ofKind('destroy')],
    ['Replaced', ofKind('replace')],
    ['Left behind, without Terraform', ofKind('forget', 'leave')],
    ['Adopted', of(({ changes, deferred }) => [...changes, ...deferred].filter(isAdopted))],
    ['Actions that run', ofKind('invoke')],
    ['Not understood by this version of forge', ofKind('unknown')],
    ['Not planned yet', of(({ deferred }) => deferred)],
    ['Checks that fail', failing],
  ] as const;
  const shown = lines.filter(([, names]) => names.length > 0);
  const room = LONGEST_FOLD / Math.max(2, shown.length);
  return [
    ...unfinishedNotes(reports),
    ...shown.map(([word, names]) => `**${word} (${names.length}):** ${someOf(names, room)}`),
  ];
}

function isAdopted({ resource }: ReportedChange): boolean {
  return Boolean(resource.change.importing);
}

function unfinishedNotes(reports: readonly StackReport[]): string[] {
  return reports.flatMap(({ stack, unfinished }) => {
    if (unfinished === undefined) return [];
    const why = unfinished === 'errored' ? 'Terraform stopped on its way' : 'another plan must follow a deploy of this';
    return [`**The plan of ${codeSpan(stack)} is not complete:** ${why}. What is not in it is not known.`];
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
