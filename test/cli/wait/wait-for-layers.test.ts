import { KubernetesClient } from '#clients/kubernetes/client';
import type { ApplicationObject } from '#cli/status/api-objects';
import { manifestSearch } from '#cli/status/manifest-search';
import { waitForLayers, type WaitResult } from '#cli/wait/wait-for-layers';
import { refused, sampleApi, type Answer, type Asked, type SampleApi } from '#test/clients/kubernetes/sample-api';
import { LAYERS, layers } from '../status/objects';

const APPLICATIONS = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications';
const REFRESH = 'argocd.argoproj.io/refresh';

describe('waiting for the layers', () => {
  let api: SampleApi;
  let client: KubernetesClient;
  let lines: string[];
  /** What the list of Applications answers at each look; the last for ever. */
  let looks: (() => Answer)[];
  let mayPatch: boolean;
  /** Applications that were asked to be compared, as long as Argo CD has not done it. */
  let marked: Set<string>;

  const answer = ({ method, path }: Asked): Answer => {
    if (method === 'PATCH') {
      if (!mayPatch) return refused(403, 'forbidden');
      marked.add(path.split('/').at(-1)!);
      return { body: {} };
    }
    if (path !== APPLICATIONS) return { body: { items: [] } };
    return (looks.length > 1 ? looks.shift()! : looks[0]!)();
  };
  const shows =
    (applications: ApplicationObject[], { compared = true } = {}) =>
    (): Answer => {
      if (compared) marked.clear();
      return { body: { items: applications.map((one) => (marked.has(one.metadata.name) ? withRefresh(one) : one)) } };
    };
  const wait = (timeoutMs = 60_000, askAgainMs = 60_000, compare?: boolean): Promise<WaitResult> =>
    waitForLayers(client, {
      timeoutMs,
      askAgainMs,
      compare,
      pauseMs: 5,
      search: manifestSearch('/nonexistent'),
      notify: (line) => void lines.push(line.replace(/^ *\d+ s {2}/, '')),
    });

  beforeAll(async () => {
    api = await sampleApi((asked) => answer(asked));
    client = new KubernetesClient(api.access);
  });

  afterAll(async () => {
    client.close();
    await api.close();
  });

  beforeEach(() => {
    [lines, looks, mayPatch, marked] = [[], [], true, new Set()];
  });

  it('ends when the root and all layers are Synced and Healthy', async () => {
    looks = [
      shows(layers({ 'layer-03-apps': { sync: 'OutOfSync', health: 'Progressing' } })),
      shows(layers({ 'layer-03-apps': { health: 'Progressing' } })),
      shows(layers()),
    ];
    const { healthy, layers: found, blocking } = await wait();
    expect([healthy, blocking]).toEqual([true, undefined]);
    expect(found.map(({ name }) => name)).toEqual(['root', ...LAYERS]);
    expect(lines.filter((line) => line.startsWith('layer-03-apps'))).toEqual([
      'layer-03-apps: OutOfSync, Progressing, a1b2c3d',
      'layer-03-apps: Synced, Progressing, a1b2c3d',
      'layer-03-apps: Synced, Healthy, a1b2c3d',
    ]);
  });

  it('does not take what was healthy before Argo CD looked at Git for done', async () => {
    const stale = shows(layers(), { compared: false });
    looks = [stale, stale, shows(layers({ 'layer-03-apps': { sync: 'OutOfSync' } })), shows(layers())];
    expect((await wait()).healthy).toBe(true);
    expect(lines).toContain('layer-03-apps: OutOfSync, Healthy, a1b2c3d');
  });

  it('asks for no comparison where nothing can be older than the cluster', async () => {
    looks = [shows(layers({ 'layer-03-apps': { health: 'Progressing' } })), shows(layers())];
    expect((await wait(60_000, 60_000, false)).healthy).toBe(true);
    expect(marked.size).toBe(0);
  });

  it('asks again for what is not Healthy, and for nothing else', async () => {
    const notYet = shows(layers({ 'layer-03-apps': { health: 'Progressing' } }), { compared: false });
    let asked: string[] = [];
    const noted = () => {
      asked = [...marked];
      return shows(layers())();
    };
    const first = shows(layers({ 'layer-03-apps': { health: 'Progressing' } }));
    looks = [notYet, first, notYet, notYet, notYet, noted];
    expect((await wait(60_000, 8)).healthy).toBe(true);
    expect(asked).toEqual(['layer-03-apps']);
  });

  it('says at the time-out that Argo CD does not compare', async () => {
    looks = [shows(layers(), { compared: false })];
    const { healthy, blocking } = await wait(100);
    expect(healthy).toBe(false);
    expect(blocking).toMatchObject({ layer: 'root', message: expect.stringContaining('has not compared') });
  });

  it('goes on without the right to ask for a comparison, and says so', async () => {
    [mayPatch, looks] = [false, [shows(layers())]];
    expect((await wait()).healthy).toBe(true);
    expect(lines.some((line) => line.includes('may not ask Argo CD'))).toBe(true);
  });

  const failing = (message: string, phase = 'Running') => ({
    'layer-01-init': {
      sync: 'OutOfSync',
      phase,
      message: `one or more objects failed to apply. Retrying attempt #1 at 9:41AM.`,
      results: [{ kind: 'Role', namespace: 'rt', name: 'x', status: 'SyncFailed', message }],
    },
  });

  it('tells a reason once, through all retries, and again when it is another one', async () => {
    const retrying = {
      'layer-01-init': { sync: 'OutOfSync', phase: 'Running', message: 'Retrying operation. Attempt #1' },
    };
    looks = [
      ...[failing('no rules'), retrying, failing('no rules'), retrying, failing('no verbs')].map((one) =>
        shows(layers(one)),
      ),
      shows(layers()),
    ];
    await wait();
    expect(lines.filter((line) => line.includes('Role rt/x'))).toEqual([
      '    Role rt/x: no rules',
      '    Role rt/x: no verbs',
    ]);
  });

  it('gives the blocking reason at the time-out', async () => {
    looks = [shows(layers(failing('no rules')))];
    const { healthy, blocking } = await wait(100);
    expect(healthy).toBe(false);
    expect(blocking).toMatchObject({
      layer: 'layer-01-init',
      message: 'no rules',
      object: { kind: 'Role', name: 'x' },
    });
  });

  it('waits for an Argo CD that is not installed yet', async () => {
    looks = [() => refused(404, 'not found'), shows([]), shows(layers())];
    expect((await wait()).healthy).toBe(true);
    expect(lines.join('\n')).toContain('Argo CD is not installed');
  });

  it('outlasts an API server that does not answer for a while', async () => {
    const down = () => refused(503, 'starting');
    looks = [shows(layers({ 'layer-03-apps': { sync: 'OutOfSync' } })), down, down, shows(layers())];
    expect((await wait()).healthy).toBe(true);
    expect(lines.filter((line) => line.includes('starting'))).toHaveLength(1);
  });

  it.each([401, 403])('gives up at once when the certificate is refused with %i', async (status) => {
    looks = [() => refused(status, 'no')];
    await expect(wait()).rejects.toMatchObject({ exitCode: 1, status });
  });
});

function withRefresh(one: ApplicationObject): ApplicationObject {
  return { ...one, metadata: { ...one.metadata, annotations: { ...one.metadata.annotations, [REFRESH]: 'normal' } } };
}
