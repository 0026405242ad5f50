/** Which objects Argo CD makes of the repository at a revision, and which of its Applications answers for each. */
import { isDeepStrictEqual } from 'node:util';
import { CommandFailure } from '#clients/failure';
import { groupOf, type ManifestDocument } from '../manifests/documents';
import type { ObjectName } from '../status/platform-status';
import { ownerFrom, ROOT, type Owner } from './application';
import { isOwn, sourceObjects, type FoundObject, type Workshop } from './sources/source';

export interface AppliedObject {
  readonly object: ObjectName;
  /** The same at another version of its API, or at another place in the tree. */
  readonly key: string;
  readonly owner: string;
  /** Or the folder or chart of which a tool made it. */
  readonly file: string;
  readonly syncOptions: readonly string[];
  readonly body: unknown;
  /** Of an Application. */
  readonly cascades?: boolean;
}

export interface AppliedState {
  readonly owners: ReadonlyMap<string, Owner>;
  readonly objects: readonly AppliedObject[];
  /** Applications and ApplicationSets whose objects are not known, and why. */
  readonly failures: ReadonlyMap<string, string>;
}

const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';
const HOOK = 'argocd.argoproj.io/hook';
const HELM_HOOK = 'helm.sh/hook';

/** Each may take a minute. */
const MOST_APPLICATIONS = 200;

/** Collects a state; Applications that read only what others publish are put off. */
class Rendering {
  readonly owners = new Map<string, Owner>();
  readonly objects: AppliedObject[] = [];
  readonly failures = new Map<string, string>();
  private readonly waiting = new Map<string, Owner>();

  constructor(private readonly workshop: Workshop) {}

  async add(owner: Owner): Promise<void> {
    if (this.owners.has(owner.name)) return;
    if (this.owners.size >= MOST_APPLICATIONS)
      throw new CommandFailure(`The layers have more than ${MOST_APPLICATIONS} Applications: too many to look at.`);
    this.owners.set(owner.name, owner);
    if (owner.sources.some((source) => isOwn(source, this.workshop.tree))) await this.render(owner);
    else this.waiting.set(owner.name, owner);
  }

  /** @param isKnown whether an Application that was put off brings the same at the other revision */
  async finish(isKnown: (owner: Owner) => boolean): Promise<void> {
    const due = [...this.waiting.values()].filter((owner) => !isKnown(owner));
    this.waiting.clear();
    for (const owner of due) await this.render(owner);
    if (this.waiting.size > 0) await this.finish(() => false);
  }

  private async render(owner: Owner): Promise<void> {
    const children: Owner[] = [];
    try {
      for (const source of owner.sources) {
        for (const one of await sourceObjects(source, owner, this.workshop)) {
          if (!isHook(one.document)) this.take(one, owner, children);
        }
      }
    } catch (error) {
      this.failures.set(owner.name, (error as Error).message);
    }
    for (const child of children) await this.add(child);
  }

  private take({ document, file }: FoundObject, owner: Owner, children: Owner[]): void {
    const { apiVersion, kind, name, namespace, annotations, body } = document;
    const isArgo = groupOf(apiVersion) === 'argoproj.io';
    if (isArgo && kind === 'ApplicationSet')
      this.failures.set(name, 'the Applications of an ApplicationSet are not known here');
    const child = isArgo && kind === 'Application' ? ownerFrom(document, owner.name) : undefined;
    if (child !== undefined) children.push(child);
    this.objects.push({
      object: { kind, ...(namespace !== undefined && { namespace }), name },
      key: [groupOf(apiVersion), kind, namespace ?? owner.namespace, name].join('/'),
      owner: owner.name,
      file,
      syncOptions: (annotations[SYNC_OPTIONS] ?? '').split(',').map((option) => option.trim()),
      body,
      ...(child !== undefined && { cascades: child.cascades }),
    });
  }
}

/** Both states. What only others publish is rendered where the Application that asks for it differs. */
export async function appliedStates(before: Workshop, after: Workshop): Promise<[AppliedState, AppliedState]> {
  const [old, next] = [new Rendering(before), new Rendering(after)];
  for (const rendering of [old, next]) await rendering.add(ROOT);
  const isSame = (owner: Owner) => isDeepStrictEqual(old.owners.get(owner.name), next.owners.get(owner.name));
  const known = new Set([...old.owners.values()].filter(isSame).map(({ name }) => name));
  for (const rendering of [old, next]) await rendering.finish(({ name }) => known.has(name));
  return [old, next];
}

/** The same object of the same Application at both revisions: two Applications may have one, though Argo CD warns. */
export function placeOf({ owner, key }: AppliedObject): string {
  return `${owner}:${key}`;
}

/** The Application and the one that brings it: `layer-00-infra/traefik`. */
export function pathOf(name: string, { owners }: AppliedState): string {
  const parent = owners.get(name)?.parent;
  return parent === undefined || parent === ROOT.name ? name : `${parent}/${name}`;
}

/** Argo CD runs it and does not keep it: an object that becomes one is pruned. */
function isHook({ annotations }: ManifestDocument): boolean {
  const { [HOOK]: hook, [HELM_HOOK]: helmHook } = annotations;
  return hook === undefined ? helmHook !== undefined && helmHook !== 'crd-install' : hook.trim() !== 'Skip';
}
