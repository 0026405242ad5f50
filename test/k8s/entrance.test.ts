import { EVERY_HOST } from '#config/hosts';
import { kubernetesNetwork } from '#stacks/network/kubernetes-network';
import { sampleConfig, synthesise } from '../stacks/sample';
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
  it.each(ingresses)('%s goes through Traefik, by TLS', (_, { metadata, spec }) => {
    expect(spec.ingressClassName).toBe('traefik');
    expect(metadata.annotations['traefik.ingress.kubernetes.io/router.entrypoints']).toBe('websecure');
  });

  it("has a certificate of Let's Encrypt for its host, that of one Ingress for all of the host", () => {
    const issuers = ofKind('ClusterIssuer').map(({ body }) => body['metadata'].name as string);
    const certified = ingresses.filter(([, { spec }]) => spec.tls !== undefined);
    for (const [, { metadata, spec }] of certified) {
      expect(spec.tls).toEqual([{ hosts: [spec.rules[0].host], secretName: expect.stringMatching(/-tls$/) }]);
      expect(issuers).toContain(metadata.annotations['cert-manager.io/cluster-issuer']);
    }
    const hosts = certified.map(([, { spec }]) => spec.rules[0].host as string);
    expect(hosts).toEqual([...new Set(hosts)]);
    for (const [, { spec }] of ingresses) expect(hosts).toContain(spec.rules[0].host);
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
    expect(labels).toEqual(expect.arrayContaining([...EVERY_HOST]));
  });
});

const middlewaresOf = ({ metadata }: Json): string[] =>
  (metadata.annotations['traefik.ingress.kubernetes.io/router.middlewares'] ?? '').split(',').filter(Boolean);
const pathsOf = (those: Json[]) =>
  those
    .flatMap(({ spec }) =>
      spec.rules.flatMap(({ host, http }: Json) => http.paths.map(({ path }: Json) => `${host.split('.')[0]}${path}`)),
    )
    .sort();
const bodies = layerManifests.filter(({ body }) => body['kind'] === 'Ingress').map(({ body }) => body);

describe('who may come in by access.web', () => {
  const lists = [...ofKind('Middleware'), ...ofKind('MiddlewareTCP')].filter(({ id }) => id.endsWith(' rt access'));

  // An Ingress of an owner, too: add the annotation to it, or its path to those here.
  it('is asked at every page but those that strangers need, each path by itself', () => {
    const open = bodies.filter((ingress) => !middlewaresOf(ingress).includes('rt-access@kubernetescrd'));
    expect(pathsOf(open)).toEqual([
      'argocd/api/webhook',
      'argocd/healthz',
      'forge/healthz',
      'gitea/api/healthz',
      'jenkins/whoAmI/api/json',
      'login/.well-known/openid-configuration',
      'login/healthz',
      'login/keys',
      'login/token',
      'login/userinfo',
    ]);
    for (const { spec } of open) for (const { pathType } of spec.rules[0].http.paths) expect(pathType).toBe('Exact');
  });

  it('is asked for Git over SSH, too', () => {
    for (const { body } of ofKind('IngressRouteTCP'))
      for (const { middlewares } of body['spec'].routes) expect(middlewares).toEqual([{ name: 'access' }]);
  });

  it('is everybody as delivered', () => {
    expect(lists.map(({ body }) => body['spec'].ipAllowList.sourceRange)).toEqual(
      lists.map(() => ['0.0.0.0/0', '::/0']),
    );
    expect(lists).toHaveLength(2);
  });

  it('leaves the check of what answers to DigitalOcean', () => {
    const config = { ...sampleConfig, alerts: { email: ['ops@example.org'] } };
    const checks = Object.values(synthesise(config).stacks.network['resource'].digitalocean_uptime_check as Json);
    const open = pathsOf(bodies.filter((ingress) => middlewaresOf(ingress).length === 0));
    for (const { target } of checks as { target: string }[]) {
      const { hostname, pathname } = new URL(target);
      expect(open).toContain(`${hostname.split('.')[0]}${pathname}`);
    }
  });
});

describe('a login', () => {
  const limited = bodies.filter((ingress) => middlewaresOf(ingress).includes('rt-login-rate@kubernetescrd'));

  // Read in the sources: Gitea 1.27.3 (routers/web/web.go), Jenkins' SecurityRealm, Argo CD 3.5.1 (server.go; the second is the same
  // over gRPC-Web).
  it('may be tried only so often from one address, wherever a tool takes a password', () => {
    expect(pathsOf(limited)).toEqual(
      expect.arrayContaining([
        'argocd/api/v1/session',
        'argocd/session.SessionService',
        'gitea/user/link_account_signin',
        'gitea/user/login',
        'jenkins/j_spring_security_check',
        'login/auth/local',
      ]),
    );
  });

  // Seen with the real Traefik 3.7: with 10 a minute an address had its forty again after seven seconds of silence.
  it('may be tried ten times a minute at most, however the tries are spread', () => {
    const { body } = ofKind('Middleware').find(({ id }) => id === 'Middleware rt login-rate')!;
    const { average, period, burst } = body['spec'].rateLimit as { average: number; period: string; burst: number };
    const minutes = Number(/^(\d+)m$/.exec(period)![1]);
    const secondsUntilForgotten = 1 + Math.floor((minutes * 60) / average);
    expect(burst / (secondsUntilForgotten / 60)).toBeLessThanOrEqual(10);
    expect(average / minutes).toBeLessThanOrEqual(10);
  });

  it('is where access.web is asked first', () => {
    for (const ingress of limited)
      expect(middlewaresOf(ingress)).toEqual(['rt-access@kubernetescrd', 'rt-login-rate@kubernetescrd']);
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
