import { argoCdProjects } from '#stacks/cluster/argocd-projects';
import { rootApplication } from '#stacks/cluster/argocd-values';
import { componentManifests, layerApplications, layerManifests, ofKind, type Json, type Manifest } from './manifests';

const REPOSITORY = 'git@github.com:example/forge.git';
const projects = argoCdProjects('argocd', REPOSITORY) as Record<string, Json>;
const applications = [...layerApplications, ...ofKind('Application')].map(({ body }) => body);

interface Kind {
  readonly group: string;
  readonly kind: string;
}

/** As Argo CD decides it. Source: its documentation of projects, "Managing Projects". */
function admits(project: Json, { body }: Pick<Manifest, 'body'>): boolean {
  const { namespace } = body['metadata'];
  const [group] = body['apiVersion'].includes('/') ? body['apiVersion'].split('/') : [''];
  const has = (list: readonly Kind[] | undefined) =>
    list?.some((one) => one.group === group && [body['kind'], '*'].includes(one.kind)) ?? false;
  if (namespace === undefined) return has(project['clusterResourceWhitelist']);
  if (has(project['namespaceResourceBlacklist'])) return false;
  if (project['namespaceResourceWhitelist'] && !has(project['namespaceResourceWhitelist'])) return false;
  return project['destinations'].some((destination: Json) => destination['namespace'] === namespace);
}

const layerOf = (application: Json) =>
  application['spec'].source.path === undefined
    ? []
    : [...layerManifests, ...componentManifests].filter(({ file }) =>
        `k8s/${file}`.startsWith(`${application['spec'].source.path}/`),
      );
const object = (apiVersion: string, kind: string, namespace?: string) => ({
  body: { apiVersion, kind, metadata: { name: 'planted', ...(namespace === undefined ? {} : { namespace }) } },
});
const ADMIN = object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding');
const APPLICATION = object('argoproj.io/v1alpha1', 'Application', 'argocd');

describe('the projects of Argo CD', () => {
  it.each(applications.map((body) => [body['metadata'].name as string, body] as const))(
    'admit all that %s holds, and its destination',
    (_, application) => {
      const project = projects[application['spec'].project]!;
      expect(
        layerOf(application)
          .filter((manifest) => !admits(project, manifest))
          .map(({ id }) => id),
      ).toEqual([]);
      const namespaces = project['destinations'].map(({ namespace }: Json) => namespace);
      expect(namespaces).toContain(application['spec'].destination.namespace);
    },
  );

  it.each(['layer-02-database', 'layer-03-apps'])('let %s nowhere but where the tools are', (name) => {
    const { project } = applications.find(({ metadata }) => metadata.name === name)!['spec'];
    const planted = [ADMIN, object('v1', 'Namespace'), APPLICATION, object('v1', 'Secret', 'argocd')];
    expect([...planted, object('v1', 'Pod', 'kube-system')].filter((one) => admits(projects[project]!, one))).toEqual(
      [],
    );
  });

  it('let nobody but the root and the layer of the add-ons make an Application, and nobody a project', () => {
    const makers = Object.keys(projects).filter((name) => admits(projects[name]!, APPLICATION));
    expect(makers).toEqual(['forge']);
    const users = applications.filter(({ spec }) => spec.project === 'forge').map(({ metadata }) => metadata.name);
    expect([users, (rootApplication('argocd', REPOSITORY, 'main') as Json)['project']]).toEqual([
      ['layer-00-infra'],
      'forge',
    ]);
    const project = object('argoproj.io/v1alpha1', 'AppProject', 'argocd');
    expect(Object.values(projects).filter((one) => admits(one, project))).toEqual([]);
  });

  it('admit charts for the add-ons only, from where they come', () => {
    for (const { spec } of applications) expect(projects[spec.project]!['sourceRepos']).toContain(spec.source.repoURL);
    const withCharts = Object.entries(projects).filter(([, { sourceRepos }]) => sourceRepos.length > 1);
    expect(withCharts.map(([name]) => name)).toEqual(['add-ons']);
  });
});
