/** What happens in the cluster to the objects that a change takes out of k8s/. */
import { isDeepStrictEqual } from 'node:util';
import type { ObjectName } from '../status/platform-status';
import { pathOf, placeOf, type AppliedObject, type AppliedState } from './rendered-state';

/** `goes`: deleted. `moves`: deleted, and made anew, by another Application or by the same. `stays`: nothing happens to it. */
export type Effect = 'goes' | 'moves' | 'stays';

export interface Removal {
  readonly object: ObjectName;
  /** Those that lead to it, from the layer: `layer-00-infra/traefik`. */
  readonly application: string;
  /** Where it was. */
  readonly file: string;
  readonly effect: Effect;
  readonly why: string;
  /** Data or a whole layer would be lost with it. */
  readonly guarded: boolean;
}

/** Kinds that hold data, or that others hang on. */
const STATEFUL = new Set([
  'PersistentVolumeClaim',
  'PersistentVolume',
  'StatefulSet',
  'Namespace',
  'Secret',
  'CustomResourceDefinition',
]);

/** @param before the state that the cluster has @param after the state that it would have */
export function removals(before: AppliedState, after: AppliedState): Removal[] {
  return [...takenOut(before, after), ...madeAnew(before, after)];
}

/** Argo CD replaces what it may not change when it is told to use force. */
function madeAnew(before: AppliedState, after: AppliedState): Removal[] {
  const old = new Map(before.objects.map((one) => [placeOf(one), one]));
  return after.objects.flatMap((applied) => {
    const { object, owner, file, body } = applied;
    const previous = old.get(placeOf(applied));
    const isForced = (state: AppliedState, { syncOptions }: AppliedObject) =>
      [...syncOptions, ...state.owners.get(owner)!.syncOptions].includes('Force=true');
    if (previous === undefined || !isForced(after, applied)) return [];
    if (isForced(before, previous) && isDeepStrictEqual(body, previous.body)) return [];
    const why = `${owner} may delete it and make it anew (Force=true)`;
    return [{ object, application: pathOf(owner, after), file, effect: 'moves', why, guarded: isGuarded(applied) }];
  });
}

function takenOut(before: AppliedState, after: AppliedState): Removal[] {
  const ownerAfter = new Map(after.objects.map(({ key, owner }) => [key, owner]));
  const still = new Set(after.objects.map(placeOf));
  return before.objects
    .filter((applied) => !still.has(placeOf(applied)) && isKnown(applied.owner, before, after))
    .map((applied) => {
      const { object, owner, file } = applied;
      const outcome = outcomeFor(applied, { before, after, newOwner: ownerAfter.get(applied.key) });
      return {
        object,
        application: pathOf(owner, before),
        file,
        ...outcome,
        guarded: outcome.effect !== 'stays' && isGuarded(applied),
      };
    });
}

/** Whether all that an Application brings was rendered at both revisions, and those that bring it, too. */
export function isKnown(name: string, before: AppliedState, after: AppliedState): boolean {
  const bringers = new Set([name]);
  // Those that are found on the way are reached by the loop, too.
  for (const one of bringers) for (const { owners } of [before, after]) bringers.add(owners.get(one)?.parent ?? one);
  return [...bringers].every((one) => !before.failures.has(one) && !after.failures.has(one));
}

function isGuarded({ object, owner }: AppliedObject): boolean {
  const isLayer = object.kind === 'Application' && owner === 'root';
  return isLayer || STATEFUL.has(object.kind);
}

type Outcome = Pick<Removal, 'effect' | 'why'>;

interface Change {
  readonly before: AppliedState;
  readonly after: AppliedState;
  /** Of the object after the change, if it is still there. */
  readonly newOwner: string | undefined;
}

function outcomeFor(applied: AppliedObject, change: Change): Outcome {
  const { owner } = applied;
  const kept = change.after.owners.has(owner) ? keptByItsLayer(applied, change) : keptWithoutItsLayer(applied, change);
  if (change.newOwner !== undefined) return moved(owner, change.newOwner, kept);
  if (kept !== undefined) return { effect: 'stays', why: kept };
  const cause = change.after.owners.has(owner) ? `${owner} prunes it` : `it goes with ${owner}`;
  return { effect: 'goes', why: cause + consequenceOf(applied) };
}

/** Undefined when it is pruned. Argo CD asks the object in the cluster, so what it said before the change counts. */
function keptByItsLayer({ object, owner, syncOptions }: AppliedObject, { after, before }: Change): string | undefined {
  const { prunes, allowsEmpty, syncOptions: ofLayer } = before.owners.get(owner)!;
  if (object.kind === 'CustomResourceDefinition') return 'Argo CD never deletes definitions';
  const prune = [...syncOptions, ...ofLayer].find((option) => option.startsWith('Prune='));
  if (prune === 'Prune=false') return 'it is marked Prune=false';
  if (prune === 'Prune=confirm') return 'it waits for a confirmation (Prune=confirm)';
  if (!prunes) return `${owner} does not prune`;
  const isEmpty = !after.objects.some((one) => one.owner === owner);
  return isEmpty && !allowsEmpty ? `${owner} would be empty, which Argo CD refuses (allowEmpty: false)` : undefined;
}

/** Undefined when it is deleted together with its Application. */
function keptWithoutItsLayer({ object, owner, syncOptions }: AppliedObject, change: Change): string | undefined {
  const { before, after } = change;
  const application = before.objects.find((one) => one.cascades !== undefined && one.object.name === owner);
  const isOfLayer = application !== undefined && after.owners.has(application.owner);
  const kept = isOfLayer ? keptByItsLayer(application, change) : undefined;
  if (kept !== undefined) return `${owner} stays: ${kept}`;
  if (object.kind === 'CustomResourceDefinition') return 'Argo CD never deletes definitions';
  if (syncOptions.includes('Delete=false')) return 'it is marked Delete=false';
  return before.owners.get(owner)!.cascades
    ? undefined
    : `${owner} goes without the finalizer, and leaves it behind; nobody looks after it then`;
}

/** Each Application refuses an object that is another's (FailOnSharedResource). */
function moved(from: string, to: string, kept: string | undefined): Outcome {
  if (kept === undefined) return { effect: 'moves', why: `${from} deletes it, then ${to} makes it anew` };
  return {
    effect: 'stays',
    why: `${kept}; but ${to} refuses it as long as its annotation argocd.argoproj.io/tracking-id says ${from}`,
  };
}

function consequenceOf({ object, cascades }: AppliedObject): string {
  switch (object.kind) {
    case 'Application':
      return cascades ? ', and everything that it installed with it' : '; what it installed stays';
    case 'StatefulSet':
      return '; the volume claims that it made itself stay';
    case 'Namespace':
      return ', and everything in it';
    default:
      return '';
  }
}
