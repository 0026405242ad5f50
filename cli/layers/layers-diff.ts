/** What a change of the repository does to the objects of the cluster. */
import { learnSecrets, type Redaction } from '#cli/plan/comment/redaction';
import { HIDDEN } from '#cli/secrets/secret-values';
import type { ObjectName } from '../status/platform-status';
import { objectChanges } from './object-changes';
import { isKnown, removals, type Removal } from './removals';
import { pathOf, placeOf, type AppliedObject, type AppliedState } from './rendered-state';

export interface PlacedObject {
  readonly object: ObjectName;
  /** Those that lead to it, from the layer: `layer-00-infra/traefik`. */
  readonly application: string;
  readonly file: string;
}

export interface ChangedObject extends PlacedObject {
  /** A line for each field; none when all of them are told of another object. */
  readonly changes: readonly string[];
}

export interface MovedVersion {
  readonly application: string;
  /** `chart traefik`, or the place of an image. */
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

export interface NotRendered {
  /** An Application, or an ApplicationSet. */
  readonly application: string;
  /** Before the change, or with it. */
  readonly at: 'base' | 'change';
  readonly why: string;
}

/** Without secrets, so that it may be shown and kept. */
export interface LayersDiff {
  readonly removed: readonly Removal[];
  readonly changed: readonly ChangedObject[];
  readonly added: readonly PlacedObject[];
  readonly versions: readonly MovedVersion[];
  readonly notRendered: readonly NotRendered[];
}

/** A line that so many objects of an Application have is told once. */
const REPEATED = 4;

/** @param before the state that the cluster has @param after the state that it would have */
export function layersDiff(before: AppliedState, after: AppliedState): LayersDiff {
  const redaction = learnSecrets([
    { format_version: '1.2', resource_changes: [...before.objects, ...after.objects].map(asResource) },
  ]);
  const old = new Map(before.objects.map((one) => [placeOf(one), one]));
  const known = after.objects.filter(({ owner }) => isKnown(owner, before, after));
  const placed = (one: AppliedObject): PlacedObject => {
    return { object: one.object, application: pathOf(one.owner, after), file: one.file };
  };
  const pairs = known.flatMap((next) => {
    const previous = old.get(placeOf(next));
    return previous === undefined ? [] : [{ previous, next }];
  });
  const changed = pairs.flatMap(({ previous, next }) => {
    const changes = objectChanges(previous.body, next.body, redaction);
    return changes.length > 0 ? [{ ...placed(next), changes }] : [];
  });
  return {
    removed: removals(before, after),
    changed: withoutRepeats(changed),
    added: known.filter((one) => !old.has(placeOf(one))).map(placed),
    versions: [...movedCharts(before, after), ...pairs.flatMap((pair) => movedImages(pair, after))].map((one) => {
      const shown = (text: string) => (redaction.isSecret(text) ? HIDDEN : text);
      return { ...one, from: shown(one.from), to: shown(one.to) };
    }),
    notRendered: [...failuresOf(before, 'base', redaction), ...failuresOf(after, 'change', redaction)],
  };
}

function asResource({ key, body }: AppliedObject) {
  return { address: key, mode: 'managed', type: '', change: { actions: ['no-op'], before: body, after: null } };
}

function movedCharts(before: AppliedState, after: AppliedState): MovedVersion[] {
  return [...after.owners.values()].flatMap(({ name, sources }) =>
    sources.flatMap(({ chart, targetRevision }) => {
      const previous = before.owners.get(name)?.sources.find((source) => chart && source.chart === chart);
      if (previous === undefined || previous.targetRevision === targetRevision) return [];
      const [from, to] = [previous.targetRevision ?? 'newest', targetRevision ?? 'newest'];
      return [{ application: pathOf(name, after), what: `chart ${chart}`, from, to }];
    }),
  );
}

interface Pair {
  readonly previous: AppliedObject;
  readonly next: AppliedObject;
}

function movedImages({ previous, next }: Pair, after: AppliedState): MovedVersion[] {
  const [old, { kind, name }] = [new Map(imagesIn(previous.body)), next.object];
  return imagesIn(next.body).flatMap(([place, to]) => {
    const from = old.get(place);
    if (from === undefined || from === to) return [];
    return [{ application: pathOf(next.owner, after), what: `${kind}/${name} ${place}`, from, to }];
  });
}

/** Each with the container that has it. */
function imagesIn(body: unknown, container = ''): [place: string, image: string][] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body as Record<string, unknown>).flatMap(([name, value]): [string, string][] => {
    if (name === 'image' && typeof value === 'string') return [[container, value]];
    const called = (value as { name?: unknown } | null)?.name;
    return imagesIn(value, typeof called === 'string' ? called : container);
  });
}

function failuresOf(state: AppliedState, at: NotRendered['at'], redaction: Redaction): NotRendered[] {
  return [...state.failures].map(([name, message]) => {
    const application = state.owners.has(name) ? pathOf(name, state) : `ApplicationSet ${name}`;
    const why = redaction.isSecret(message) ? 'the reason has a secret in it: run this command yourself' : message;
    return { application, at, why };
  });
}

/** A new version of a chart changes the same labels of all its objects. */
function withoutRepeats(changed: readonly ChangedObject[]): ChangedObject[] {
  const counts = new Map<string, number>();
  const keyOf = (application: string, line: string) => `${application} ${line}`;
  for (const { application, changes } of changed)
    for (const line of new Set(changes))
      counts.set(keyOf(application, line), (counts.get(keyOf(application, line)) ?? 0) + 1);
  const told = new Set<string>();
  return changed.map((one) => {
    const changes = one.changes.flatMap((line) => {
      const key = keyOf(one.application, line);
      const count = counts.get(key)!;
      if (count < REPEATED) return [line];
      if (told.has(key)) return [];
      told.add(key);
      return [`${line} (the same in ${count - 1} more objects)`];
    });
    return { ...one, changes };
  });
}
