import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, K8S, layerApplications, layerManifests, LAYERS } from './manifests';

/** Made by Kubernetes, by Terraform, or by an Application with CreateNamespace. */
const NAMESPACES = [
  'rt',
  'rt-builds',
  'rt-images',
  'argocd',
  'kube-system',
  'traefik',
  'cert-manager',
  'system-upgrade',
  'kured',
];
const CLUSTER_SCOPED = [
  'Namespace',
  'ClusterIssuer',
  'ClusterRole',
  'ClusterRoleBinding',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
];

describe('the files of a layer', () => {
  // Argo CD skips YAML that is no manifest without a word, and one bad file stops its whole layer.
  it('are Kubernetes manifests and nothing else', () => {
    for (const { file, body } of layerManifests) {
      expect([file, typeof body?.['apiVersion'], typeof body?.['kind'], typeof body?.['metadata']?.name]).toEqual([
        file,
        'string',
        'string',
        'string',
      ]);
    }
    expect([...LAYERS, 'layers'].flatMap(filesIn).filter((file) => !file.endsWith('.yaml'))).toEqual([]);
  });

  it('hold no Kustomize or Helm file, which a directory source refuses', () => {
    const files = [...LAYERS, 'layers'].flatMap(filesIn).map((file) => file.split('/').at(-1));
    for (const name of ['kustomization.yaml', 'kustomization.yml', 'Kustomization', 'Chart.yaml', 'values.yaml']) {
      expect(files).not.toContain(name);
    }
    expect(layerManifests.filter(({ body }) => body['apiVersion'].startsWith('kustomize.'))).toEqual([]);
  });

  it('hold no secret', () => {
    expect(layerManifests.filter(({ body }) => body['kind'] === 'Secret')).toEqual([]);
  });

  it('name every object once', () => {
    const ids = [...layerManifests, ...layerApplications].map(({ body, id }) => `${body['apiVersion']} ${id}`);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it('say the namespace of every object that has one, and know it', () => {
    for (const { id, body } of layerManifests) {
      const namespace = body['metadata'].namespace as string | undefined;
      const known = CLUSTER_SCOPED.includes(body['kind']) ? namespace === undefined : NAMESPACES.includes(namespace!);
      expect([id, known]).toEqual([id, true]);
    }
  });
});

describe("the guide's edit", () => {
  it.each(['jenkins', 'nginx-front'])('finds one line of replicas in k8s/03-apps/%s.yaml', (name) => {
    const lines = readFileSync(join(K8S, `03-apps/${name}.yaml`), 'utf8').split('\n');
    expect(lines.filter((line) => /^ *replicas: \d+$/.test(line))).toHaveLength(1);
  });
});
