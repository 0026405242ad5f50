import { layerManifests, ofKind, type Json } from './manifests';

const helm = ofKind('Application').find(({ body }) => body['metadata'].name === 'traefik')!.body['spec'].source.helm;
const { rbac, providers } = helm.valuesObject;
const ofTraefik = ofKind('RoleBinding', 'ClusterRoleBinding').filter(({ body }) =>
  body['subjects'].some(({ name, namespace }: Json) => name === 'traefik' && namespace === 'traefik'),
);
const rulesOf = ({ body }: { body: Json }): Json[] =>
  ofKind(body['roleRef'].kind).find((role) => role.body['metadata'].name === body['roleRef'].name)!.body['rules'];

describe('Traefik', () => {
  it('has no rights of its chart, which reach every Secret', () => {
    expect(rbac).toEqual({ enabled: false });
  });

  it('looks where Ingresses are, and may read only there', () => {
    const served = new Set(ofKind('Ingress').map(({ body }) => body['metadata'].namespace as string));
    for (const provider of [providers.kubernetesIngress, providers.kubernetesCRD]) {
      expect([...provider.namespaces].sort()).toEqual([...served].sort());
    }
    const bound = ofTraefik.filter(({ body }) => body['kind'] === 'RoleBinding');
    expect(bound.map(({ body }) => body['metadata'].namespace).sort()).toEqual([...served].sort());
  });

  it('may read of the whole cluster what machines and classes of Ingresses there are', () => {
    const wide = ofTraefik.filter(({ body }) => body['kind'] === 'ClusterRoleBinding').flatMap(rulesOf);
    expect(wide.flatMap(({ resources }) => resources)).toEqual(['nodes', 'ingressclasses']);
  });

  it('changes nothing but the status of an Ingress', () => {
    const changing = ofTraefik
      .flatMap(rulesOf)
      .filter(({ verbs }) => verbs.some((verb: string) => !['get', 'list', 'watch'].includes(verb)));
    expect([...new Set(changing.map(({ resources, verbs }) => `${verbs} ${resources}`))]).toEqual([
      'update ingresses/status',
    ]);
  });

  it('is let out to where Ingresses are', () => {
    const rule = ofKind('NetworkPolicy').find(({ body }) => body['metadata'].namespace === 'traefik')!.body['spec'];
    const peers = rule.egress.flatMap(({ to = [] }: Json) =>
      to.map((peer: Json) => peer['namespaceSelector'].matchLabels),
    );
    const named = peers.map((labels: Json) => labels['kubernetes.io/metadata.name']);
    for (const { body } of layerManifests.filter((one) => one.body['kind'] === 'Ingress')) {
      expect(named).toContain(body['metadata'].namespace);
    }
  });
});
