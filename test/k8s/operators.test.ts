import { ofKind, type Json, type Manifest } from './manifests';

const UNNAMED = { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'forge:operator' };
/** What belongs to a program is in builds.test.ts and in the tests of the real API. */
const ofPeople = ({ body }: Manifest) => /^(forge-operators|view)/.test(body['roleRef']?.name ?? body['metadata'].name);
const bindings = ofKind('RoleBinding', 'ClusterRoleBinding').filter(ofPeople);
const roles = ofKind('Role', 'ClusterRole').filter(ofPeople);
const rules = roles.flatMap(({ body }) => body['rules'] as Json[]);

function verbsOn(resource: string): string[] {
  return rules.filter(({ resources }) => resources.includes(resource)).flatMap(({ verbs }) => verbs as string[]);
}

describe('the operators', () => {
  it('get rights by name, and nobody else here but the administrator', () => {
    for (const { body } of bindings.filter(({ id }) => !id.endsWith('forge-administrator')))
      expect(body['subjects']).toEqual([UNNAMED]);
  });

  // "view" is everything but secrets; Kubernetes keeps it so when kinds are added.
  it('look at everything in rt, and at builds, with the role that leaves secrets out', () => {
    const view = bindings.filter(({ body }) => body['roleRef'].name === 'view');
    expect(view.map(({ id }) => id)).toEqual([
      'RoleBinding rt-builds forge-operators-view',
      'RoleBinding rt-images forge-operators-view',
      'RoleBinding rt forge-operators-view',
    ]);
  });

  it('see nodes, layers and certificates', () => {
    for (const resource of ['nodes', 'applications', 'certificates']) {
      expect(verbsOn(resource)).toEqual(expect.arrayContaining(['get', 'list']));
    }
  });

  it('forward ports, and restart by deleting pods', () => {
    expect(verbsOn('pods/portforward')).toEqual(['get', 'create']);
    expect(verbsOn('pods')).toEqual(['delete']);
  });

  // What they may make as a Job is in operators-dump.test.ts, with a real API server.
  it('make Jobs, but change and delete none', () => {
    expect(verbsOn('jobs')).toEqual(['create']);
  });

  it('read no secret, run nothing in a pod, become nobody else', () => {
    for (const { apiGroups, resources, verbs } of rules) {
      expect([...apiGroups, ...resources, ...verbs]).not.toContain('*');
      for (const resource of [
        'secrets',
        'pods/exec',
        'pods/attach',
        'serviceaccounts/token',
        'roles',
        'rolebindings',
      ]) {
        expect(resources).not.toContain(resource);
      }
      for (const verb of ['escalate', 'bind', 'impersonate']) expect(verbs).not.toContain(verb);
    }
  });

  // Whoever can change a Deployment can start a pod that shows a secret.
  it('change nothing but through Git', () => {
    const changing = rules.filter(({ verbs }) =>
      verbs.some((verb: string) => !['get', 'list', 'watch'].includes(verb)),
    );
    expect(changing.map(({ resources }) => resources.join())).toEqual(['jobs', 'pods', 'pods/portforward']);
  });

  it('have rights only in rt, to read in argocd, and to read what belongs to no namespace', () => {
    const inArgocd = roles.filter(({ body }) => body['metadata'].namespace === 'argocd');
    const clusterWide = roles.filter(({ body }) => body['kind'] === 'ClusterRole');
    for (const { body } of [...inArgocd, ...clusterWide]) {
      for (const { verbs } of body['rules']) {
        expect(verbs.filter((verb: string) => !['get', 'list', 'watch'].includes(verb))).toEqual([]);
      }
    }
  });

  it('have bindings to roles that exist', () => {
    for (const { body } of bindings) {
      const { kind, name } = body['roleRef'];
      const { namespace } = body['metadata'];
      const found = roles.some(
        ({ body: role }) =>
          role['kind'] === kind &&
          role['metadata'].name === name &&
          role['metadata'].namespace === (kind === 'Role' ? namespace : undefined),
      );
      expect([name, found || ['view', 'cluster-admin'].includes(name)]).toEqual([name, true]);
    }
  });
});
