import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { containers, K8S, matches, ofKind, type Json } from './manifests';

const DOCS = join(K8S, '../docs');
const page = readFileSync(join(DOCS, 'layers.md'), 'utf8');

describe('the example of a new application in docs/layers.md', () => {
  const text = /```yaml\n([\s\S]*?)```/.exec(page)![1]!;
  const documents = [...parseAllDocuments(text)].map((document) => document.toJS() as Json);
  const [deployment, service, ingress, policy] = documents as [Json, Json, Json, Json];
  const { spec: pod, metadata } = deployment['spec'].template;

  it('is admitted to rt', () => {
    for (const document of documents) expect(document['metadata'].namespace).toBe('rt');
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    for (const { securityContext } of pod.containers) {
      expect(securityContext).toEqual({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
    }
    const images = containers.map(({ container }) => (container['image'] as string).split('@')[0]);
    expect(images).toContain(pod.containers[0].image);
  });

  it('is reached through Traefik, and only there', () => {
    expect(matches(service['spec'].selector, metadata.labels)).toBe(true);
    expect(ingress['spec'].rules[0].http.paths[0].backend.service.name).toBe(service['metadata'].name);
    expect(policy['spec'].podSelector.matchLabels).toEqual(metadata.labels);
    expect(policy['spec'].ingress[0].ports[0].port).toBe(pod.containers[0].ports[0].containerPort);
  });
});

describe('docs/layers.md', () => {
  it('links to pages that exist', () => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !existsSync(join(DOCS, link)))).toEqual([]);
  });

  it('says the quota as it is', () => {
    const { hard } = ofKind('ResourceQuota').find(({ id }) => id === 'ResourceQuota rt rt')!.body['spec'];
    expect(page).toContain(`may request ${hard['requests.cpu']} CPU and ${parseInt(hard['requests.memory'])} GiB`);
  });

  it('names every layer with its folder', () => {
    for (const layer of ['00-infra', '01-init', '02-database', '03-apps']) {
      expect(page).toMatch(new RegExp(`\\| \`layer-${layer}\` +\\| \`k8s/${layer}\` +\\|`));
    }
  });
});
