import { parse } from 'yaml';
import { eventually } from '../sandbox/cluster/running-sandbox';
import { containers, K8S, workloads, type Json } from '../k8s/manifests';
import { openingsFor, type Pod } from '../k8s/network-model';
import { defineKinds, startRealApi, type RealApi } from '../k8s/real-api';
import { read } from './pages';

jest.setTimeout(180_000);

const page = read('docs/restore-database.md');
const manifest = /```yaml\n([\s\S]*?)```/.exec(page)![1]!;
const job = parse(manifest) as Json;
const template = job['spec'].template as Json;
const jobContainers = [...template['spec'].initContainers, ...template['spec'].containers] as Json[];
const dump = containers.filter(({ workload }) => workload.labels['app'] === 'postgres-dump');

function environmentOf(list: readonly Json[]): Map<string, Json> {
  return new Map(list.flatMap(({ env }) => (env as Json[]).map((variable) => [variable['name'] as string, variable])));
}

function namedPod(labels: Record<string, string>): Pod {
  return { name: labels['app']!, namespace: 'rt', labels };
}

describe('the restore of docs/restore-database.md', () => {
  it('reads from where the nightly dump writes, with the same secrets', () => {
    const [written, wanted] = [environmentOf(dump.map(({ container }) => container)), environmentOf(jobContainers)];
    for (const [name, { value, valueFrom }] of wanted) {
      if (['DUMP', 'PGUSER', 'PGPASSWORD'].includes(name)) continue;
      const same = written.get(name);
      expect([name, same?.['value']]).toEqual([name, value]);
      const { name: secret, key } = same?.['valueFrom']?.secretKeyRef ?? {};
      expect(valueFrom?.secretKeyRef ?? {}).toEqual(secret === undefined ? {} : { name: secret, key });
    }
    const scripts = dump.map(({ container }) => String(container['command'])).join('\n');
    expect(scripts).toContain('spaces:$BUCKET/postgres/gitea-$(date');
    expect(manifest).toContain('spaces:$BUCKET/postgres/$DUMP');
  });

  it('comes as the superuser, who may make a database, while the dump is taken as Gitea', () => {
    const account = (list: readonly Json[]) => {
      const environment = environmentOf(list);
      return [environment.get('PGUSER')!['value'], environment.get('PGPASSWORD')!['valueFrom'].secretKeyRef];
    };
    const secret = { name: 'postgres-secret' };
    expect(account(jobContainers)).toEqual(['postgres', { ...secret, key: 'POSTGRES_PASSWORD' }]);
    expect(account(dump.map(({ container }) => container))).toEqual([
      'gitea',
      { ...secret, key: 'GITEA_DATABASE_PASSWORD' },
    ]);
  });

  it('has the images of the dump', () => {
    const versions = (images: readonly string[]) => images.map((image) => image.split('@')[0]).sort();
    expect(versions(jobContainers.map(({ image }) => image as string))).toEqual(
      versions(dump.map(({ container }) => container['image'] as string)),
    );
  });

  it('reaches Postgres and Spaces', () => {
    const restore = namedPod(template['metadata'].labels);
    const postgres = workloads.find(({ labels }) => labels['app'] === 'postgres')!;
    expect(openingsFor({ from: restore, to: namedPod(postgres.labels), port: 5432 })).toBeDefined();
    expect(openingsFor({ from: restore, to: '1.1.1.1', port: 443 })).toBeDefined();
  });

  it('is never repeated by itself', () => {
    expect(job['spec'].backoffLimit).toBe(0);
    expect(job['spec'].ttlSecondsAfterFinished).toBeUndefined();
    expect(template['spec'].restartPolicy).toBe('Never');
  });

  it('begins with edits that the manifests have room for', () => {
    expect(read('k8s/03-apps/gitea.yaml').match(/^ +replicas: 1$/gm)).toHaveLength(1);
    expect(read('k8s/02-database/postgres-dump.yaml').match(/^ {2}schedule: /gm)).toHaveLength(1);
  });
});

describe('a real API server', () => {
  let api: RealApi;
  let kubectl: Awaited<ReturnType<RealApi['as']>>;

  beforeAll(async () => {
    api = await startRealApi();
    kubectl = await api.as('system:masters');
    await defineKinds(kubectl);
    await kubectl(['apply', '--server-side', '-f', `${K8S}/01-init`]);
  });
  afterAll(() => api.close());

  const apply = (text: string) => kubectl(['apply', '--server-side', '--validate=strict', '-f', '-'], text);

  it('accepts the restore strictly, without a warning, and admits its pod', async () => {
    expect(await apply(manifest)).toMatchObject({ code: 0, stderr: '' });
    await eventually(async () => {
      const { stdout } = await kubectl(['get', 'pods', '-n', 'rt', '-l', 'job-name=postgres-restore-1', '-o', 'name']);
      return stdout.includes('pod/postgres-restore-1');
    });
  });

  it('refuses another dump under the same name, as the page says', async () => {
    const { code, stderr } = await apply(manifest.replace('20261122', '20261121'));
    expect([code, stderr]).toEqual([1, expect.stringContaining('field is immutable')]);
  });

  it('accepts the suspended nightly dump', async () => {
    const suspended = read('k8s/02-database/postgres-dump.yaml').replace(/^ {2}schedule: /m, '  suspend: true\n$&');
    expect(await apply(suspended)).toMatchObject({ code: 0, stderr: '' });
  });
});
