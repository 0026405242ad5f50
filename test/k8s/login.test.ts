import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { configure } from '#cli/configure/configure';
import { directoryObjects } from '#cli/layers/sources/directory';
import { readManifests } from '#cli/manifests/folder';
import { sampleConfig } from '../stacks/sample';
import { filesIn, K8S, ofKind, type Json } from './manifests';

const before = readManifests(K8S);
const github = { organization: 'Example', teams: [], clientId: 'Iv1.0123456789abcdef' };
const manifestsWith = (login: (typeof sampleConfig)['login']) => configure({ ...sampleConfig, login }, before).files;
const objectsIn = (text: string) => [...parseAllDocuments(text)].map((one) => one.toJS() as Json);
const layer = (files: ReadonlyMap<string, string>) => objectsIn(files.get('layers/layer-01-init.yaml')!)[0]!;
const place = { tree: { folder: join(K8S, '..') }, path: 'k8s/01-init' } as Parameters<typeof directoryObjects>[0];
const filesApplied = (files: ReadonlyMap<string, string>) => [
  ...new Set(directoryObjects(place, layer(files)['spec'].source.directory).map(({ file }) => file)),
];

describe('the login in Git', () => {
  it("is not in the cluster while forge.yaml has none, nor is Argo CD's page, and both are as soon as it has", () => {
    const behind = ['k8s/01-init/argocd-page.yaml', 'k8s/01-init/dex.yaml'];
    const all = filesIn('01-init').map((file) => `k8s/${file}`);
    expect(filesApplied(manifestsWith(undefined))).toEqual(all.filter((file) => !behind.includes(file)));
    expect(filesApplied(manifestsWith({ github }))).toEqual(expect.arrayContaining(all));
  });

  it('is the same in the repository as in its forge.yaml after each change and back', () => {
    const there = manifestsWith({ github });
    expect(configure({ ...sampleConfig, login: { github } }, there).changes).toEqual([]);
    const back = configure({ ...sampleConfig }, there).files;
    expect(back.get('01-init/dex.yaml')).toBe(manifestsWith(undefined).get('01-init/dex.yaml'));
    expect(back.get('layers/layer-01-init.yaml')).toBe(manifestsWith(undefined).get('layers/layer-01-init.yaml'));
  });

  it('rolls its pod when its settings are others', () => {
    const checksum = (files: ReadonlyMap<string, string>) =>
      objectsIn(files.get('01-init/dex.yaml')!)[1]!['spec'].template.metadata.annotations['checksum/dex'];
    expect(checksum(manifestsWith({ github }))).not.toBe(checksum(manifestsWith(undefined)));
  });

  it('links to Argo CD from the front page only where there is a page', () => {
    const page = (files: ReadonlyMap<string, string>) => files.get('03-apps/nginx-front-page.yaml')!;
    expect(page(manifestsWith(undefined))).toContain('<h2>Argo CD</h2>');
    expect(page(manifestsWith({ github }))).toContain(
      '<h2><a href="https://argocd.forge.example.org/">Argo CD</a></h2>',
    );
  });
});

describe('Gitea and Jenkins', () => {
  const issuer = 'https://login.forge.example.org';
  const settingsOf = (login: (typeof sampleConfig)['login']) => {
    const files = manifestsWith(login);
    const maps = ['gitea-introduction', 'gitea', 'jenkins'].flatMap((name) =>
      objectsIn(files.get(`03-apps/${name}.yaml`)!).filter(({ kind }) => kind === 'ConfigMap'),
    );
    const { LOGIN_ISSUER, LOGIN_ADMINISTRATORS } = maps.find(({ metadata }) => metadata.name === 'gitea-introduction')![
      'data'
    ];
    const jenkins = maps.find(({ metadata }) => metadata.name === 'jenkins-env')!['data'];
    const passwords = maps.find(({ metadata }) => metadata.name === 'gitea-env')!['data'][
      'GITEA__service__ENABLE_BASIC_AUTHENTICATION'
    ];
    expect([jenkins.LOGIN_ISSUER, jenkins.LOGIN_ADMINISTRATORS]).toEqual([LOGIN_ISSUER, LOGIN_ADMINISTRATORS]);
    return [LOGIN_ISSUER, LOGIN_ADMINISTRATORS, jenkins.PEOPLE, passwords];
  };

  it('let people in by Dex, with maintainers as administrators, and take no password for Git and the API then', () => {
    expect(settingsOf({ github })).toEqual([issuer, 'Example:maintainers', 'login', 'false']);
    expect(settingsOf({ people: [] })).toEqual([issuer, 'maintainers', 'login', 'false']);
  });

  it('have their own accounts without a login', () => {
    expect(settingsOf(undefined)).toEqual(['', '', 'local', 'true']);
  });
});

describe('the pod of the login', () => {
  const [dex] = ofKind('Deployment').filter(({ id }) => id === 'Deployment rt dex');
  const [container] = dex!.body['spec'].template.spec.containers;

  it('waits for the secret of every client: Dex would take an absent one for an empty one', () => {
    const references = container.env.map(({ name, valueFrom }: Json) => [name, valueFrom.secretKeyRef.optional]);
    expect(Object.fromEntries(references)).toEqual({
      ARGOCD_CLIENT_SECRET: undefined,
      GITEA_CLIENT_SECRET: undefined,
      JENKINS_CLIENT_SECRET: undefined,
      GITHUB_CLIENT_SECRET: true,
    });
  });

  it('is told the secrets that its settings name', () => {
    const settings = readFileSync(join(K8S, '01-init/dex.yaml'), 'utf8');
    const named = [...settings.matchAll(/secretEnv: (\w+)/g)].map(([, name]) => name);
    expect(named).toHaveLength(3);
    expect(container.env.map(({ name }: Json) => name)).toEqual([...named, 'GITHUB_CLIENT_SECRET']);
  });
});
