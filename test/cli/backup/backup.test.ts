import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backupCommand } from '#cli/backup/command';
import { kubeconfigText } from '#clients/kubernetes/kubeconfig-text';
import { refused, sampleApi, type Answer, type Asked, type SampleApi } from '#test/clients/kubernetes/sample-api';
import { newFolder } from '#test/new-folder';

const CHECKOUT = join(__dirname, '../../..');
const TEMPLATE = { metadata: { labels: { 'forge/cronjob': 'backup-gitea' } }, spec: { backoffLimit: 3 } };
const cronJob = (name: string) => ({ metadata: { name, uid: `${name}-uid` }, spec: { jobTemplate: TEMPLATE } });
const LOG = `gitea: saving --tag scheduled
gitea: backups now:
2026-11-24T02:17:03.5Z 0d3dd385
2026-11-25T02:17:02.1Z 11112222
gitea: saved
`;

describe('forge backup', () => {
  let api: SampleApi;
  let folder: string;
  let outcome: 'Complete' | 'Failed';

  const answer = ({ path, method }: Asked): Answer => {
    if (method === 'POST') return { status: 201, body: {} };
    if (path.endsWith('/cronjobs'))
      return { body: { items: [cronJob('backup-gitea'), cronJob('backup-jenkins'), cronJob('other')] } };
    if (path.endsWith('/pods')) return { body: { items: [{ metadata: { name: 'pod-1' } }] } };
    if (path.endsWith('/log')) return { body: LOG };
    if (path.endsWith('/jobs')) {
      const job = (name: string, completionTime?: string) => ({
        metadata: { name, ownerReferences: [{ name: 'backup-gitea' }] },
        status: { completionTime },
      });
      return {
        body: { items: [job('old', '2026-11-24T02:18:00Z'), job('new', '2026-11-25T02:18:00Z'), job('running')] },
      };
    }
    if (/\/jobs\/[^/]+$/.test(path)) return { body: { status: { conditions: [{ type: outcome, status: 'True' }] } } };
    return refused(404, 'not found');
  };

  beforeAll(async () => {
    api = await sampleApi(answer, 'forge:operators');
    folder = newFolder('backup');
    writeFileSync(join(folder, 'kubeconfig.yaml'), kubeconfigText('forge', api.access), { mode: 0o600 });
    mkdirSync(join(folder, 'k8s/03-apps'), { recursive: true });
  });
  beforeEach(() => {
    outcome = 'Complete';
    for (const app of ['gitea', 'jenkins']) {
      copyFileSync(join(CHECKOUT, `k8s/03-apps/${app}.yaml`), join(folder, `k8s/03-apps/${app}.yaml`));
    }
  });
  afterAll(async () => {
    await api.close();
  });

  async function run(...args: string[]) {
    let [out, err] = ['', ''];
    const terminal = {
      env: {},
      ask: undefined,
      write: (text: string) => void (out += text),
      notify: (text: string) => void (err += text),
    };
    try {
      await backupCommand(terminal, folder).parseAsync(args, { from: 'user' });
      return { code: 0, out, err };
    } catch (error) {
      const { exitCode, message } = error as { exitCode: number; message: string };
      return { code: exitCode, out, err: `${err}${message}` };
    }
  }
  const inCluster = (...args: string[]) => run(...args, '--kubeconfig', join(folder, 'kubeconfig.yaml'));
  const annotation = (app: string) =>
    /forge\/restore: (.*)/.exec(readFileSync(join(folder, `k8s/03-apps/${app}.yaml`), 'utf8'))![1];

  it('now makes the Job that operators may make, and shows what it says', async () => {
    const { code, err } = await inCluster('now', 'gitea');
    expect([code, err]).toEqual([0, expect.stringContaining('gitea: saved')]);
    const made = api.asked.filter(({ method }) => method === 'POST').map(({ body }) => body!);
    expect(made).toHaveLength(1);
    expect(made[0]).toMatchObject({
      metadata: { labels: TEMPLATE.metadata.labels, ownerReferences: [{ kind: 'CronJob', uid: 'backup-gitea-uid' }] },
      spec: TEMPLATE.spec,
    });
  });

  it('now exits with 1 when an app was not saved', async () => {
    outcome = 'Failed';
    const { code, err } = await inCluster('now');
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/Not saved: backup-gitea-by-hand-\d+, backup-jenkins-by-hand-\d+/),
    ]);
  });

  it('names the apps that are saved to somebody who asks for another', async () => {
    const { code, err } = await inCluster('now', 'postgres');
    expect([code, err]).toEqual([2, 'Nothing saves "postgres". There are backups of: gitea, jenkins.']);
  });

  it('list shows what the newest Job that succeeded found', async () => {
    const { code, out } = await inCluster('list', 'gitea');
    expect([code, out]).toEqual([
      0,
      'gitea  2026-11-24T02:17:03.5Z  0d3dd385\ngitea  2026-11-25T02:17:02.1Z  11112222\n',
    ]);
    expect(JSON.parse((await inCluster('list', 'gitea', '--json')).out)).toHaveLength(2);
  });

  it('restore asks for a backup in Git, says what it replaces, and changes nothing else', async () => {
    const before = readFileSync(join(folder, 'k8s/03-apps/gitea.yaml'), 'utf8');
    expect(await run('restore', 'gitea', '--at', '2026-11-24')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--confirm gitea'),
    });
    expect(annotation('gitea')).toBe("''");
    const { code, out } = await run('restore', 'gitea', '--at', '2026-11-24', '--confirm', 'gitea');
    expect([code, out]).toEqual([0, expect.stringContaining('git push')]);
    expect(annotation('gitea')).toBe("'2026-11-24'");
    const after = readFileSync(join(folder, 'k8s/03-apps/gitea.yaml'), 'utf8');
    expect(after.replace("forge/restore: '2026-11-24'", "forge/restore: ''")).toBe(before);
  });

  it('restore lays a backup beside the data without a question', async () => {
    expect(await run('restore', 'jenkins', '--at', '2026-11-24T02:17', '--into', 'tuesday')).toMatchObject({ code: 0 });
    expect(annotation('jenkins')).toBe("'2026-11-24T02:17 into tuesday'");
  });

  it.each([
    [['postgres'], 'There are backups of gitea and jenkins, not of "postgres".'],
    [['gitea', '--at', 'yesterday'], '--at "yesterday" is no time'],
    [['gitea', '--at', '2026-13-40'], '--at "2026-13-40" is no time'],
    [['gitea', '--into', '../etc'], '--into "../etc" is no name'],
    [['gitea', '--confirm', 'jenkins'], '"jenkins" is not gitea: nothing was touched.'],
  ])('restore %j is refused before anything is written', async (args, message) => {
    const { code, err } = await run('restore', ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect([annotation('gitea'), annotation('jenkins')]).toEqual(["''", "''"]);
  });
});
