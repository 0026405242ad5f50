import { join } from 'node:path';
import { loadConfig } from '#config/load';
import { containers, ofKind, workloads, type Json } from './manifests';

interface Reference {
  readonly at: string;
  readonly name: string;
  readonly key?: string;
  readonly optional: boolean;
}

/** By the deploy, of its settings and of the login; and by Gitea's introduction, for Jenkins. */
const MADE_ELSEWHERE = ['backup-secret', 'dex-secret', 'gitea-jenkins-secret'];
const config = loadConfig(join(__dirname, '../../forge.yaml'));

const fromEnvironment: Reference[] = containers.flatMap(({ at, container }) =>
  ((container['env'] ?? []) as Json[]).flatMap(({ valueFrom }) => {
    const reference = valueFrom?.secretKeyRef;
    return reference ? [{ at, name: reference.name, key: reference.key, optional: reference.optional === true }] : [];
  }),
);
const fromVolumes: Reference[] = workloads.flatMap(({ id, pod }) =>
  ((pod['volumes'] ?? []) as Json[]).flatMap(({ secret }) =>
    secret ? [{ at: id, name: secret.secretName, optional: secret.optional === true }] : [],
  ),
);
const references = [...fromEnvironment, ...fromVolumes];

describe('a secret that a pod uses', () => {
  it.each(references.filter(({ optional }) => !optional).map((reference) => [reference.name, reference] as const))(
    '%s comes from forge.yaml with its key, or is made by the forge itself',
    (_, { name, key }) => {
      if (MADE_ELSEWHERE.includes(name)) return;
      const entry = config.secrets.find((secret) => secret.name === name && secret.namespace === 'rt');
      expect(Object.keys(entry?.data ?? {})).toContain(key);
    },
  );

  it('has no key that forge.yaml does not give it, where forge.yaml has it', () => {
    for (const { name, key } of references) {
      const entry = config.secrets.find((secret) => secret.name === name);
      if (entry && key) expect(Object.keys(entry.data)).toContain(key);
    }
  });

  it('for pulling images has the type that the kubelet reads', () => {
    const names = ofKind('ServiceAccount').flatMap(({ body }) =>
      (body['imagePullSecrets'] ?? []).map(({ name }: Json) => name),
    );
    for (const name of names) {
      expect(config.secrets.find((secret) => secret.name === name)?.type).toBe('kubernetes.io/dockerconfigjson');
    }
  });

  it('is never given to all processes of a pod at once', () => {
    for (const { container } of containers) {
      expect((container['envFrom'] ?? []).filter((source: Json) => source['secretRef'])).toEqual([]);
    }
  });
});
