import { HOSTS } from '#config/hosts';
import { kubernetesNetwork } from '#stacks/network/kubernetes-network';
import { layerManifests, matches, ofKind, workloads, type Json } from './manifests';

/** Services that no manifest of ours makes, with their ports. */
const OTHERS: Record<string, number[]> = { 'argocd/argocd-server': [80, 443] };

const services = ofKind('Service');
const ingresses = ofKind('Ingress').map(({ id, body }) => [id, body] as const);

describe('every Service', () => {
  it.each(services.map(({ body }) => [body['metadata'].name as string, body] as const))(
    '%s leads to pods that exist, at a port that they have',
    (_, { metadata, spec }) => {
      const targets = workloads.filter(
        ({ body, labels }) => body['metadata'].namespace === metadata.namespace && matches(spec.selector, labels),
      );
      expect(targets).toHaveLength(1);
      const ports = targets[0]!.pod['containers'].flatMap((container: Json) => container['ports'] ?? []);
      for (const { targetPort } of spec.ports) expect(ports.map((port: Json) => port['name'])).toContain(targetPort);
    },
  );

  it('is inside the cluster only: the load balancer belongs to Terraform', () => {
    for (const { body } of services) expect(body['spec'].type ?? 'ClusterIP').toBe('ClusterIP');
  });

  it("has the guide's names", () => {
    const named = new Map(services.map(({ body }) => [body['metadata'].name as string, body['spec']]));
    const apps = Object.fromEntries([...named].map(([name, { selector }]) => [name, selector.app]));
    expect(apps).toMatchObject({ 'gitea-svc': 'gitea', 'jenkins-svc': 'jenkins', 'nginx-svc': 'nginx-front' });
    expect(named.get('jenkins-svc').ports[0].port).toBe(80);
  });
});

describe('every Ingress', () => {
  it.each(ingresses)("%s has TLS for its host, from Let's Encrypt, through Traefik", (_, { metadata, spec }) => {
    expect(spec.ingressClassName).toBe('traefik');
    expect(spec.tls).toEqual([{ hosts: [spec.rules[0].host], secretName: expect.stringMatching(/-tls$/) }]);
    const issuer = metadata.annotations['cert-manager.io/cluster-issuer'];
    expect(ofKind('ClusterIssuer').map(({ body }) => body['metadata'].name)).toContain(issuer);
  });

  it.each(ingresses)('%s leads to a Service that exists', (_, { metadata, spec }) => {
    const { name, port } = spec.rules[0].http.paths[0].backend.service;
    const service = services.find(({ body }) => body['metadata'].name === name);
    const ports = service
      ? service.body['spec'].ports.flatMap((entry: Json) => [entry['name'], entry['port']])
      : OTHERS[`${metadata.namespace}/${name}`];
    expect(ports).toContain(port.name ?? port.number);
  });

  it('is there for each name that leads to the load balancer', () => {
    const labels = ingresses.map(([, { spec }]) => spec.rules[0].host.split('.')[0]);
    expect(labels).toEqual(expect.arrayContaining([...HOSTS]));
  });
});

describe('Traefik', () => {
  const values = layerManifests.find(({ id }) => id === 'Application argocd traefik')!.body['spec'].source.helm
    .valuesObject as Json;

  it('listens at the NodePorts to which the load balancer sends', () => {
    expect(values['service'].spec.type).toBe('NodePort');
    const { web, websecure, ssh } = values['ports'];
    expect([web.nodePort, websecure.nodePort, ssh.nodePort]).toEqual([
      kubernetesNetwork.httpNodePort,
      kubernetesNetwork.httpsNodePort,
      kubernetesNetwork.sshNodePort,
    ]);
  });

  // The chart refuses a key that it does not know; of an argument nobody would notice. Rendered by hand with 41.3.0.
  it('is told everything in the words of the chart', () => {
    expect(values['additionalArguments']).toBeUndefined();
    expect(values['core']).toEqual({ strictTLSOptions: true });
    expect(values['ports'].websecure.transport).toEqual({ respondingTimeouts: { readTimeout: '15m' } });
  });

  it('spreads over the nodes anew with each rollout', () => {
    expect(values['topologySpreadConstraints']).toEqual([
      expect.objectContaining({ topologyKey: 'kubernetes.io/hostname', matchLabelKeys: ['pod-template-hash'] }),
    ]);
  });

  it('believes the PROXY header from the VPC and the pods only', () => {
    for (const port of ['web', 'websecure', 'ssh']) {
      const { trustedIPs } = values['ports'][port].proxyProtocol;
      expect(trustedIPs).toEqual([expect.any(String), kubernetesNetwork.podCidr]);
      expect(trustedIPs.some((range: string) => range.endsWith('/0'))).toBe(false);
    }
  });

  it('takes nothing but Git at the port for it, and tells Gitea who is calling', () => {
    const { web, websecure, ssh } = values['ports'];
    expect([web.asDefault, websecure.asDefault, ssh.asDefault]).toEqual([true, true, undefined]);
    const [route] = ofKind('IngressRouteTCP').map(({ body }) => body['spec'] as Json);
    const [transport] = ofKind('ServersTransportTCP').map(({ body }) => body);
    const [{ name, port, serversTransport }] = route!['routes'][0].services;
    expect([route!['entryPoints'], serversTransport]).toEqual([['ssh'], transport!['metadata'].name]);
    const { ports } = services.find(({ body }) => body['metadata'].name === name)!.body['spec'];
    expect(ports).toContainEqual(expect.objectContaining({ name: port }));
    const settings = ofKind('ConfigMap').find(({ id }) => id === 'ConfigMap rt gitea-env')!.body['data'] as Json;
    expect(transport!['spec'].proxyProtocol.version).toBe(2);
    expect(settings['GITEA__server__SSH_SERVER_USE_PROXY_PROTOCOL']).toBe('true');
  });

  it('redirects to HTTPS, but not the certificate challenge', () => {
    expect(values['ports'].web.allowACMEByPass).toBe(true);
    expect(values['ports'].web.http.redirections.entryPoint).toMatchObject({ to: 'websecure', scheme: 'https' });
  });

  it('gives every Ingress an address, for which Argo CD waits', () => {
    const { publishedService, ingressEndpoint } = values['providers'].kubernetesIngress;
    expect(publishedService.enabled).toBe(false);
    expect(ingressEndpoint.hostname).toMatch(/^forge\./);
  });

  it('is there twice, and one of it always', () => {
    expect(values['deployment'].replicas).toBe(2);
    expect(values['podDisruptionBudget']).toEqual({ enabled: true, minAvailable: 1 });
  });
});

describe('Jenkins with several instances', () => {
  const { metadata, spec } = services.find(({ body }) => body['metadata'].name === 'jenkins-svc')!.body;

  it('keeps a visitor with one of them, through Traefik and inside the cluster', () => {
    expect(spec.sessionAffinity).toBe('ClientIP');
    expect(metadata.annotations['traefik.ingress.kubernetes.io/service.sticky.cookie']).toBe('true');
  });
});
