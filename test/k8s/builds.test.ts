import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { sizeOf } from '#config/digitalocean';
import { loadConfig } from '#config/load';
import { buildPods, casc, cloud, people } from './casc';
import { unknownAttributes } from './casc-attributes';
import { K8S, matches, ofKind, quantity, workloads, type Json } from './manifests';

const NAMESPACES = ['rt-builds', 'rt-images'];
const quotaOf = (namespace: string) =>
  ofKind('ResourceQuota').find(({ body }) => body['metadata'].namespace === namespace)!.body['spec'].hard as Record<
    string,
    string
  >;

describe('a pod for a build', () => {
  it.each(buildPods.map((entry) => [entry.name, entry] as const))('%s fits its quota', (_, { namespace, pod }) => {
    for (const kind of ['requests', 'limits'] as const) {
      for (const resource of ['cpu', 'memory'] as const) {
        const amounts = (pod['spec'].containers as Json[]).map(({ resources }) => quantity(resources[kind][resource]));
        const sum = amounts.reduce((all, amount) => all + amount, 0);
        expect([namespace, kind, sum <= quantity(quotaOf(namespace)[`${kind}.${resource}`]!)]).toEqual([
          ...[namespace, kind, true],
        ]);
      }
    }
  });

  it.each(buildPods.map((entry) => [entry.name, entry] as const))('%s has no account with rights', (_, { pod }) => {
    expect([pod['spec'].automountServiceAccountToken, pod['spec'].serviceAccountName]).toEqual([false, undefined]);
  });

  it('goes to a pool of its own where there is one', () => {
    const page = readFileSync(join(K8S, '../docs/builds.md'), 'utf8');
    const [, label] = /labels:\n +([\w./-]+):/.exec(page)!;
    for (const { pod } of buildPods) {
      const [{ preference }] = pod['spec'].affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution;
      expect([preference.matchExpressions[0].key, pod['spec'].tolerations[0].key]).toEqual([label, label]);
    }
  });

  it('leaves to the forge what the forge needs of the two workers of forge.yaml', () => {
    const { workers } = loadConfig(join(K8S, '../forge.yaml'));
    const pool = sizeOf(workers[0]!.size)!;
    const quotas = ['rt', ...NAMESPACES].map(quotaOf);
    const sum = (key: string) => quotas.reduce((all, quota) => all + quantity(quota[key]!), 0);
    /** Of each worker, to k3s and the add-ons. */
    const [cpu, memory] = [0.75, 1.2 * 2 ** 30];
    expect(sum('requests.cpu')).toBeLessThanOrEqual(2 * (pool.vcpus - cpu));
    expect(sum('requests.memory')).toBeLessThanOrEqual(2 * (pool.memoryMiB * 2 ** 20 - memory));
  });
});

/** Whom the settings give rights, and of those the ones to change Jenkins. */
const mighty = ({ authorizationStrategy }: Json) =>
  (authorizationStrategy.globalMatrix.entries as Json[]).map((entry) => {
    const [[kind, { name, permissions }]] = Object.entries(entry) as [[string, Json]];
    return [`${kind} ${name}`, permissions.filter((right: string) => /Administer|Configure|Create|Delete/.test(right))];
  });

describe('Jenkins', () => {
  it('builds nothing itself, lets nobody sign up, and makes one person its administrator', () => {
    expect([casc['jenkins'].numExecutors, people['local']!['securityRealm'].local.allowsSignup]).toEqual([0, false]);
    expect(mighty(casc['jenkins'])).toEqual([['group authenticated', []]]);
    expect(mighty(people['local']!)).toEqual([['user ${ADMINISTRATOR:-admin}', ['Overall/Administer']]]);
  });

  it('makes by the login of Dex nobody an administrator for a name, which its person may choose', () => {
    expect(mighty(people['login']!)).toEqual([
      ['group emergency', ['Overall/Administer']],
      ['group ${LOGIN_ADMINISTRATORS}', ['Overall/Administer']],
    ]);
    const { properties } = people['login']!['securityRealm'].oic;
    expect(properties).toEqual([{ escapeHatch: expect.objectContaining({ group: 'emergency' }) as unknown }]);
  });

  it('is told nothing that no plugin takes', () => {
    const { jenkins, credentials, unclassified, ...rest } = casc;
    const { numExecutors, slaveAgentPort, ...parts } = jenkins;
    expect([typeof numExecutors, typeof slaveAgentPort, Object.keys(rest)]).toEqual(['number', 'number', []]);
    const all = Object.entries({ ...parts, ...credentials, ...unclassified });
    for (const more of Object.values(people)) all.push(...Object.entries(more));
    expect(all.flatMap(([key, value]) => unknownAttributes(value, key))).toEqual([]);
    expect(unknownAttributes([{ name: 'x', yamls: '' }], 'clouds.kubernetes.templates')).toEqual([
      'clouds.kubernetes.templates.yamls',
    ]);
  });

  it('has every value that its settings take from outside', () => {
    const jenkins = workloads.find(({ id }) => id === 'StatefulSet rt jenkins')!;
    const [container] = jenkins.pod['containers'] as Json[];
    const settings = JSON.stringify([casc, people]);
    const variables = [...settings.matchAll(/\$\{(\w+)(?::-\w+)?\}/g)].map(([, name]) => name!);
    const { data } = ofKind('ConfigMap').find(({ id }) => id === 'ConfigMap rt jenkins-env')!.body;
    const given = [...Object.keys(data as Json), ...(container!['env'] as Json[]).map(({ name }) => name as string)];
    expect([...new Set(variables)].filter((name) => !given.includes(name))).toEqual([]);
    const files = [...settings.matchAll(/\$\{readFile:([^}]+)\}/g)].map(([, path]) => path!);
    const mounts = (container!['volumeMounts'] as Json[]).map(({ mountPath }) => mountPath as string);
    for (const file of files) expect(mounts.some((mount) => file.startsWith(`${mount}/`))).toBe(true);
  });

  it('reads the file of people that PEOPLE names, which is there for each value', () => {
    const { pod } = workloads.find(({ id }) => id === 'StatefulSet rt jenkins')!;
    const env = (pod['containers'] as Json[])[0]!['env'] as Json[];
    const [first, second] = ['PEOPLE', 'CASC_JENKINS_CONFIG'].map((name) =>
      env.findIndex((one) => one['name'] === name),
    );
    // Kubernetes puts in only what stands before.
    expect(first).toBeLessThan(second!);
    expect(env[second!]!['value']).toBe('/etc/jenkins/jenkins.yaml,/etc/jenkins/people-$(PEOPLE).yaml');
    expect(Object.keys(people)).toEqual(['local', 'login']);
  });

  it('is found by its builds under the name of the instance that started them', () => {
    const { hostname, port } = new URL((cloud['jenkinsUrl'] as string).replace('${POD_NAME}', 'jenkins-0'));
    const [, service, namespace] = hostname.split('.');
    const found = ofKind('Service').find(({ id }) => id === `Service ${namespace} ${service}`)!.body['spec'];
    expect(found.clusterIP).toBe('None');
    expect(found.ports.map((entry: Json) => String(entry['port']))).toContain(port);
    const jenkins = workloads.find(({ id }) => id === 'StatefulSet rt jenkins')!;
    expect([jenkins.body['spec'].serviceName, matches(found.selector, jenkins.labels)]).toEqual([service, true]);
  });
});
