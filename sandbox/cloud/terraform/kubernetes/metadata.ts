/** The `metadata` block that all resources of the kubernetes provider have. */
import type { KubernetesObject } from './kubernetes-object';
import type { PlanChange, Value, ValueObject } from '../engine/resource';
import { blocks, optionalText } from '../attributes';

/** Metadata of the object that a configuration describes. */
export function metadataOf(planned: ValueObject): {
  name: string;
  namespace?: string;
  labels: Labels;
  annotations: Labels;
} {
  const [metadata = {}] = blocks(planned, 'metadata');
  const namespace = optionalText(metadata, 'namespace');
  return {
    name: optionalText(metadata, 'name') ?? '',
    ...(namespace !== undefined && { namespace }),
    labels: (metadata['labels'] ?? {}) as Labels,
    annotations: (metadata['annotations'] ?? {}) as Labels,
  };
}

type Labels = Record<string, string>;

/** The block as it is in the cluster. Labels and annotations of Kubernetes itself count only if they were configured. */
export function metadataState(object: KubernetesObject, state: ValueObject): ValueObject[] {
  const [known = {}] = blocks(state, 'metadata');
  const { name = '', namespace, labels, annotations, generation, resourceVersion, uid } = object.metadata ?? {};
  return [
    {
      name,
      ...(namespace !== undefined && { namespace }),
      generate_name: known['generate_name'] ?? null,
      labels: visible(labels, known['labels']),
      annotations: visible(annotations, known['annotations']),
      generation: generation ?? 0,
      resource_version: resourceVersion ?? '',
      uid: uid ?? '',
    },
  ];
}

/**
 * Data that is write-only is a change in the SDK's eyes, at every plan: absent labels and annotations are planned as empty
 * ones then, which is an update as long as the state has none.
 */
export function planEmptyMetadata({ prior, planned }: PlanChange): void {
  const [metadata] = blocks(planned, 'metadata');
  if (prior === null || metadata === undefined) return;
  planned['metadata'] = [{ ...metadata, labels: metadata['labels'] ?? {}, annotations: metadata['annotations'] ?? {} }];
}

function visible(found: Labels | undefined, known: Value | undefined): Value {
  const configured = (known ?? {}) as Labels;
  const entries = Object.entries(found ?? {}).filter(
    ([key]) => key in configured || !/(^|\.)kubernetes\.io\//.test(key),
  );
  return Object.fromEntries(entries);
}

/** A merge patch of the metadata, which also takes away the labels and annotations that the plan no longer holds. */
export function metadataPatch(prior: ValueObject, planned: ValueObject): { labels: Labels; annotations: Labels } {
  const [before, after] = [metadataOf(prior), metadataOf(planned)];
  return {
    labels: replaced(before.labels, after.labels),
    annotations: replaced(before.annotations, after.annotations),
  };
}

/** A merge patch that leaves what is in `after` only. */
export function replaced(before: Labels, after: Labels): Labels {
  const removed = Object.keys(before).filter((key) => !(key in after));
  // Null is how a merge patch deletes; the client's type of an object does not know it.
  return { ...after, ...Object.fromEntries(removed.map((key) => [key, null])) } as Labels;
}
