/** The part of the comment about what Argo CD applies: what goes first, then what changes, what comes, and which versions move. */
import type { LayersDiff, PlacedObject } from '#cli/layers/layers-diff';
import type { Removal } from '#cli/layers/removals';
import { codeSpan, markdownTable, someOf, type Column } from '#cli/output/markdown';
import { nameOf } from '#cli/status/platform-status';
import { shownName } from './details';
import type { Section } from './folded-section';
import type { Redaction } from './redaction';

/** `missing`: there should be one, and there is none. */
export type LayersPart = LayersDiff | 'missing' | undefined;

/** At most for the table, and for the names before the details: the plan's own must fit, too. */
const [MOST_ROWS, LONGEST_FOLD] = [30, 12_000];
const COUNTS: readonly Column[] = ['removed', 'changed', 'added'].map((title) => ({ title, align: 'right' }));
const NOT_KNOWN =
  '**What the layers change is not known:** `forge layers diff` made no list. The log of the job says why.';

/** What is always shown. */
export function layersHead(layers: LayersPart, redaction: Redaction): string[] {
  if (layers === undefined) return [];
  if (layers === 'missing') return ['### Layers', NOT_KNOWN];
  const applications = applicationsOf(layers);
  if (applications.length === 0) return ['### Layers', 'Nothing changes in the cluster.'];
  const rows = applications.slice(0, MOST_ROWS).map((application) => rowOf(application, layers, redaction));
  const rest = applications.length - rows.length;
  return [
    '### Layers',
    markdownTable([{ title: 'application' }, ...COUNTS, { title: 'state' }], rows),
    ...(rest > 0 ? [`And ${rest} more applications.`] : []),
    ...fold(layers, redaction),
  ];
}

/** @param withChanges whether each object tells what of it changes */
export function layersDetails(layers: LayersPart, redaction: Redaction, withChanges: boolean): Section[] {
  if (layers === undefined || layers === 'missing') return [];
  const name = (one: { readonly object: PlacedObject['object'] }) => shownName(nameOf(one.object), redaction);
  const sections = applicationsOf(layers).flatMap((application): Section[] => {
    const { removed, changed, added } = ofApplication(application, layers);
    const title = shownName(application, redaction);
    const changes = changed.flatMap((one) => {
      return [`~ ${name(one)}`, ...(withChanges ? one.changes.map((line) => `      ${known(line, redaction)}`) : [])];
    });
    return [
      { summary: `${title}: ${removed.length} removed`, lines: removed.map((one) => removalLine(one, redaction)) },
      { summary: `${title}: ${changed.length} to change`, lines: changes },
      { summary: `${title}: ${added.length} added`, lines: added.map((one) => `+ ${name(one)} (${one.file})`) },
    ];
  });
  return sections.filter(({ lines }) => lines.length > 0).map((section) => ({ ...section, language: 'diff' }));
}

function applicationsOf({ removed, changed, added, versions, notRendered }: LayersDiff): string[] {
  const named = [...removed, ...changed, ...added, ...versions, ...notRendered].map(({ application }) => application);
  return [...new Set(named)].sort();
}

function ofApplication(application: string, { removed, changed, added, notRendered }: LayersDiff) {
  const isIts = (one: { readonly application: string }) => one.application === application;
  return {
    removed: removed.filter(isIts),
    changed: changed.filter(isIts),
    added: added.filter(isIts),
    notRendered: notRendered.filter(isIts),
  };
}

function rowOf(application: string, layers: LayersDiff, redaction: Redaction): string[] {
  const { removed, changed, added, notRendered } = ofApplication(application, layers);
  const state = [
    ...(removed.some(({ guarded }) => guarded) ? ['**removes what holds data or a layer**'] : []),
    ...(notRendered.length > 0 ? ['**not rendered**'] : []),
  ];
  const counts = [removed, changed, added].map(({ length }) => String(length));
  return [codeSpan(shownName(application, redaction)), ...counts, state.join(', ') || 'ok'];
}

/** What nobody should overlook. */
function fold({ removed, versions, notRendered }: LayersDiff, redaction: Redaction): string[] {
  const removals = (list: readonly Removal[]) =>
    list.map(({ object, why }) => codeSpan(`${shownName(nameOf(object), redaction)}: ${known(why, redaction)}`));
  const going = removed.filter(({ effect }) => effect !== 'stays');
  const lines = [
    ['Removed, and holds data or is a layer', removals(going.filter(({ guarded }) => guarded))],
    ['Removed', removals(going.filter(({ guarded }) => !guarded))],
    [
      'Not rendered, so what changes is not known',
      notRendered.map(({ application, at, why }) =>
        codeSpan(
          `${application}${at === 'base' ? ' before the change' : ''}: ${known(why, redaction)}`,
          LONGEST_REASON,
        ),
      ),
    ],
    [
      'Versions that move',
      versions.map(({ application, what, from, to }) =>
        codeSpan(known(`${application} ${what}: ${from} → ${to}`, redaction), LONGEST_REASON),
      ),
    ],
  ] as const;
  const shown = lines.filter(([, names]) => names.length > 0);
  const room = LONGEST_FOLD / Math.max(2, shown.length);
  return shown.map(([word, names]) => `**${word} (${names.length}):** ${someOf(names, room)}`);
}

const LONGEST_REASON = 400;

function removalLine(removal: Removal, redaction: Redaction): string {
  const sign = removal.effect === 'stays' ? ' ' : '-';
  return `${sign} ${removal.effect}: ${shownName(nameOf(removal.object), redaction)}: ${known(removal.why, redaction)}`;
}

/** Its own secrets were left out when it was made; a plan may know more. */
function known(text: string, redaction: Redaction): string {
  return redaction.isKnown(text) ? '(sensitive)' : text;
}
