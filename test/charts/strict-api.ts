/** A real API server as the schema of everything: it knows the custom resources once their definitions are there. */
import { stringify } from 'yaml';
import type { Json } from '../k8s/manifests';
import { startRealApi } from '../k8s/real-api';

export interface StrictApi {
  /** Makes custom resource definitions and namespaces known. */
  learn(objects: readonly Json[], namespaces: readonly string[]): Promise<void>;
  /** What the API server says against an object that it would not take as it is written. */
  refusals(objects: readonly Json[], namespace: string): Promise<string[]>;
}

const APPLY = ['apply', '--server-side', '--force-conflicts', '--validate=strict'];

export async function startStrictApi(): Promise<StrictApi> {
  const api = await startRealApi();
  const kubectl = await api.as('system:masters');
  const apply = async (objects: readonly Json[], ...options: string[]): Promise<string> => {
    if (objects.length === 0) return '';
    const { code, stderr } = await kubectl(
      [...APPLY, ...options, '-f', '-'],
      objects.map((one) => stringify(one)).join('---\n'),
    );
    return code === 0 ? '' : stderr;
  };
  return {
    learn: async (objects, namespaces) => {
      const definitions = objects.filter(isDefinition);
      const spaces = namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
      const refused = await apply([...spaces, ...definitions]);
      if (refused !== '') throw new Error(refused);
      const names = definitions.map(({ metadata }) => `crd/${metadata.name}`);
      if (names.length > 0) await kubectl(['wait', '--for=condition=Established', ...names]);
    },
    refusals: async (objects, namespace) => {
      const text = await apply(
        objects.filter((one) => !isDefinition(one)),
        '--dry-run=server',
        '--namespace',
        namespace,
      );
      return text.split('\n').filter((line) => line !== '');
    },
  };
}

function isDefinition({ kind }: Json): boolean {
  return kind === 'CustomResourceDefinition';
}
