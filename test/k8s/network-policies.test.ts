import { kubernetesNetwork } from '#stacks/network/kubernetes-network';
import { ofKind, workloads } from './manifests';
import { openings, openingsFor, type Connection, type End, type Pod } from './network-model';

const inRt = new Map(
  workloads.map(({ labels, body }) => [
    labels['app']!,
    { name: labels['app']!, namespace: body['metadata'].namespace as string, labels },
  ]),
);
const solver: Pod = {
  name: 'acme-solver',
  namespace: 'rt',
  labels: { 'acme.cert-manager.io/http01-solver': 'true' },
};
/** A build, and a build of an image. */
const [build, image]: [Pod, Pod] = [
  { name: 'build', namespace: 'rt-builds', labels: { 'jenkins/label': 'build' } },
  { name: 'image', namespace: 'rt-images', labels: { 'jenkins/label': 'image' } },
];
/** The nightly jobs where forge.yaml has a mail server. */
const mailing = ['backup-gitea', 'backup-jenkins'].map((name): Pod => {
  const job = inRt.get(name)!;
  return { ...job, name: `${name} with mail`, labels: { ...job.labels, 'forge/mail': 'true' } };
});
const argocdSolver: Pod = { ...solver, name: 'acme-solver of argocd', namespace: 'argocd' };
const stranger: Pod = { name: 'new-app', namespace: 'rt', labels: { app: 'new-app' } };
const traefik: Pod = { name: 'traefik', namespace: 'traefik', labels: { 'app.kubernetes.io/name': 'traefik' } };
const argocd: Pod = { name: 'argocd', namespace: 'argocd', labels: { 'app.kubernetes.io/name': 'argocd-server' } };
const dns: Pod = { name: 'dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
const repoServer: Pod = {
  name: 'argocd-repo-server',
  namespace: 'argocd',
  labels: { 'app.kubernetes.io/name': 'argocd-repo-server' },
};
const certManager: Pod = { name: 'cert-manager', namespace: 'cert-manager', labels: { app: 'webhook' } };
const upgrades: Pod = { name: 'upgrades', namespace: 'system-upgrade', labels: {} };
const reboots: Pod = { name: 'reboots', namespace: 'kured', labels: {} };
const elsewhere: Pod = { name: 'elsewhere', namespace: 'default', labels: { app: 'gitea' } };

const pod = (name: string): Pod => inRt.get(name)!;
const INTERNET = '1.1.1.1';
/** Where the Kubernetes API is. */
const SERVER = '10.110.0.5';

/** Everything that works. */
const needed: readonly (Connection & { readonly why: string })[] = [
  { from: traefik, to: pod('gitea'), port: 3000, why: 'people use Gitea' },
  { from: traefik, to: pod('gitea'), port: 2222, why: 'people use Git over SSH' },
  { from: traefik, to: pod('jenkins'), port: 8080, why: 'people use Jenkins' },
  { from: traefik, to: pod('nginx-front'), port: 8080, why: 'people open the front page' },
  { from: traefik, to: solver, port: 8089, why: "Let's Encrypt asks for the challenge" },
  { from: traefik, to: pod('dex'), port: 5556, why: 'people log in' },
  { from: pod('dex'), to: INTERNET, port: 443, why: 'the login asks GitHub' },
  { from: pod('gitea'), to: pod('postgres'), port: 5432, why: 'Gitea keeps its data in Postgres' },
  { from: pod('gitea'), to: pod('jenkins'), port: 8080, why: 'a push starts a build' },
  { from: pod('gitea'), to: INTERNET, port: 443, why: 'Gitea mirrors repositories' },
  { from: pod('jenkins'), to: pod('gitea'), port: 3000, why: 'Jenkins looks for a Jenkinsfile' },
  { from: pod('jenkins'), to: INTERNET, port: 443, why: 'Jenkins fetches plugins' },
  { from: pod('gitea'), to: SERVER, port: 6443, why: "Gitea's introduction hands a token to Jenkins" },
  { from: pod('jenkins'), to: SERVER, port: 6443, why: 'Jenkins makes the pods of builds' },
  ...mailing.flatMap((from) => {
    const [, app] = /backup-(\w+)/.exec(from.name)!;
    return [
      { from, to: pod(app!), port: 8099, why: `${from.name}: it asks for the backup all the same` },
      { from, to: INTERNET, port: 587, why: `${from.name}: it says that a backup failed` },
    ];
  }),
  ...[build, image].flatMap((from) => [
    { from, to: pod('gitea'), port: 3000, why: `${from.name}: a build fetches its code` },
    { from, to: pod('jenkins'), port: 8080, why: `${from.name}: a build reports to Jenkins` },
    { from, to: INTERNET, port: 443, why: `${from.name}: a build downloads` },
    { from, to: INTERNET, port: 80, why: `${from.name}: a build installs Debian packages` },
    { from, to: dns, port: 53, protocol: 'UDP' as const, why: `${from.name}: a build looks up names by UDP` },
    { from, to: dns, port: 53, protocol: 'TCP' as const, why: `${from.name}: a build looks up names by TCP` },
  ]),
  { from: pod('nginx-front'), to: pod('gitea'), port: 3000, why: 'the front page asks whether Gitea answers' },
  { from: pod('nginx-front'), to: pod('jenkins'), port: 8080, why: 'the front page asks whether Jenkins answers' },
  { from: pod('nginx-front'), to: argocd, port: 8080, why: 'the front page asks whether Argo CD answers' },
  { from: pod('backup-gitea'), to: pod('gitea'), port: 8099, why: 'the nightly job asks Gitea for its backup' },
  { from: pod('backup-jenkins'), to: pod('jenkins'), port: 8099, why: 'the nightly job asks Jenkins for its backup' },
  { from: INTERNET, to: traefik, port: 8000, why: 'the load balancer sends people to Traefik' },
  { from: INTERNET, to: traefik, port: 8443, why: 'the load balancer sends people to Traefik over TLS' },
  { from: INTERNET, to: traefik, port: 2222, why: 'the load balancer sends Git over SSH to Traefik' },
  { from: traefik, to: argocd, port: 8080, why: 'people use Argo CD' },
  { from: traefik, to: argocdSolver, port: 8089, why: "Let's Encrypt asks for the challenge of Argo CD's page" },
  { from: traefik, to: SERVER, port: 6443, why: 'Traefik learns of Ingresses' },
  { from: SERVER, to: certManager, port: 10250, why: 'the API asks the webhook of cert-manager' },
  { from: certManager, to: INTERNET, port: 443, why: "cert-manager asks Let's Encrypt" },
  { from: upgrades, to: SERVER, port: 6443, why: 'the upgrade controller reads its plans' },
  { from: reboots, to: SERVER, port: 6443, why: 'kured takes its lock' },
  ...[stranger, traefik, upgrades, reboots].flatMap((from) =>
    (['UDP', 'TCP'] as const).map((protocol) => ({
      from,
      to: dns,
      port: 53,
      protocol,
      why: `${nameOf(from)} looks up names by ${protocol}`,
    })),
  ),
];

const ours = [...inRt.values(), solver, stranger, build, image, ...mailing];
const ports = [...new Set([...needed.map(({ port }) => port), 22, 6443, 10250])];

function nameOf(end: End): string {
  return typeof end === 'string' ? end : `${end.namespace}/${end.name}`;
}

describe('between the pods of rt and everything else', () => {
  it.each(needed.map((connection) => [connection.why, connection] as const))('%s', (_, connection) => {
    expect(openingsFor(connection)).not.toBeUndefined();
  });

  it('nothing else works, in or out', () => {
    const others: Pod[] = [traefik, argocd, elsewhere];
    const pairs = [
      ...ours.flatMap((from) => [...ours, ...others, INTERNET, SERVER].map((to) => [from, to] as const)),
      ...others.flatMap((from) => ours.map((to) => [from, to] as const)),
    ];
    const open = pairs.flatMap(([from, to]) =>
      ports
        .filter((port) => from !== to && openingsFor({ from, to, port }))
        .map((port) => `${nameOf(from)} -> ${nameOf(to)}:${port}`),
    );
    const isOurs = (end: End) => ours.includes(end as Pod);
    const wanted = needed
      .filter(({ from, to }) => to !== dns && (isOurs(from) || isOurs(to)))
      .map(({ from, to, port }) => `${nameOf(from)} -> ${nameOf(to)}:${port}`);
    expect(open.sort()).toEqual(wanted.sort());
  });

  it.each([
    ['the metadata address, where user data with keys can be read', '169.254.169.254'],
    ['the Kubernetes API', kubernetesNetwork.clusterDns.replace(/\.\d+$/, '.1')],
    ['a pod by its address', '10.42.3.7'],
    ['a node by its private address, but for those of the API', SERVER],
    ['another private network', '192.168.1.1'],
  ])('no pod reaches %s', (_, address) => {
    for (const from of ours) {
      for (const port of ports) {
        const isApi = address === SERVER && port === 6443 && [pod('gitea'), pod('jenkins')].includes(from);
        expect([from.name, port, openingsFor({ from, to: address, port }) !== undefined]).toEqual([
          ...[from.name, port, isApi],
        ]);
      }
    }
  });
});

describe('around the add-ons', () => {
  it.each([
    ['the Internet', traefik, INTERNET, [80, 443]],
    ['the metadata address', traefik, '169.254.169.254', [80]],
    ['what Argo CD keeps to itself', traefik, repoServer, [8081, 6379]],
    ['the challenge of Argo CD', stranger, argocdSolver, [8089]],
    ['cert-manager', traefik, certManager, [9402]],
    ['the upgrade controller', traefik, upgrades, [80, 8080]],
    ['the upgrade controller', stranger, upgrades, [80, 8080]],
  ] as const)('%s is out of reach', (_, from, to, ports) => {
    for (const port of ports) expect(openingsFor({ from, to, port })).toBeUndefined();
  });
});

describe('an opening', () => {
  it.each(openings.map((opening) => [opening.at, opening] as const))('is used: %s', (_, opening) => {
    const users = needed.filter((connection) => openingsFor(connection)?.includes(opening));
    expect(users).not.toEqual([]);
  });

  it('of an application is in its own file, and goes with it', () => {
    for (const { file, body } of ofKind('NetworkPolicy').filter(({ layer }) => layer !== '01-init')) {
      const { app } = body['spec'].podSelector.matchLabels;
      expect(workloads.find(({ labels }) => labels['app'] === app)?.file).toBe(file);
    }
  });
});
