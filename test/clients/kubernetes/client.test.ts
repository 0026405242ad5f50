import { KubernetesClient } from '#clients/kubernetes/client';
import { KubernetesFailure } from '#clients/kubernetes/failure';
import { skipPauses } from '#test/skip-pauses';
import { refused, sampleApi, type Answer, type Asked, type SampleApi } from './sample-api';

const PODS = '/api/v1/namespaces/rt/pods';

describe('the Kubernetes client', () => {
  let api: SampleApi;
  let client: KubernetesClient;
  let answer: (asked: Asked) => Answer;

  beforeAll(async () => {
    api = await sampleApi((asked) => answer(asked));
    client = new KubernetesClient(api.access);
  });

  afterEach(() => jest.restoreAllMocks());

  afterAll(async () => {
    client.close();
    await api.close();
  });

  const last = () => api.asked.at(-1)!;
  const failureOf = async (call: Promise<unknown>): Promise<KubernetesFailure> =>
    (await call.then(() => undefined).catch((error: unknown) => error)) as KubernetesFailure;

  it('gets an object with its certificate, and undefined when there is none', async () => {
    answer = ({ path }) => (path.endsWith('/one') ? { body: { kind: 'Pod' } } : refused(404, 'not found'));
    expect(await client.get(`${PODS}/one`)).toEqual({ kind: 'Pod' });
    expect(last().group).toBe('system:masters');
    expect(await client.get(`${PODS}/two`)).toBeUndefined();
  });

  it('lists all pages, and keeps the query', async () => {
    answer = ({ query }) => {
      const start = Number(query.get('continue') ?? 0);
      return { body: { items: [start], metadata: start < 2 ? { continue: String(start + 1) } : {} } };
    };
    expect(await client.list(`${PODS}?labelSelector=app%3Dx`)).toEqual([0, 1, 2]);
    expect(last().query.get('labelSelector')).toBe('app=x');
  });

  it('takes an empty list for what it is', async () => {
    answer = () => ({ body: { items: null } });
    expect(await client.list(PODS)).toEqual([]);
  });

  it('creates, and says when there was one already', async () => {
    answer = () => ({ status: 201, body: {} });
    expect(await client.create(PODS, { kind: 'Pod' })).toBe(true);
    expect([last().method, last().body]).toEqual(['POST', { kind: 'Pod' }]);
    answer = () => refused(409, 'exists');
    expect(await client.create(PODS, {})).toBe(false);
  });

  it('patches by merging', async () => {
    answer = () => ({ body: {} });
    await client.patch(`${PODS}/one`, { spec: null });
    expect([last().method, last().type, last().body]).toEqual([
      'PATCH',
      'application/merge-patch+json',
      { spec: null },
    ]);
  });

  it('applies, taking over what others own', async () => {
    answer = () => ({ body: {} });
    await client.apply(`${PODS}/one`, { kind: 'Pod' }, 'helm');
    expect([last().type, last().query.get('fieldManager'), last().query.get('force')]).toEqual([
      'application/apply-patch+yaml',
      'helm',
      'true',
    ]);
  });

  it('deletes, and says when there was nothing', async () => {
    answer = () => ({ body: {} });
    expect(await client.delete(`${PODS}/one`, 0)).toBe(true);
    expect([last().method, last().query.get('gracePeriodSeconds')]).toEqual(['DELETE', '0']);
    answer = () => refused(404, 'not found');
    expect(await client.delete(`${PODS}/one`)).toBe(false);
  });

  it('keeps up with the objects of a collection', async () => {
    const object = (uid: string) => ({ metadata: { name: uid, uid } });
    const [first, added] = [object('one'), object('two')];
    const events = [
      { type: 'ADDED', object: added },
      { type: 'DELETED', object: first },
    ];
    answer = ({ query }) =>
      query.get('watch') === null
        ? { body: { metadata: { resourceVersion: '7' }, items: [first] } }
        : { body: events.map((event) => `${JSON.stringify(event)}\n`).join('') };
    const seen: (readonly string[] | undefined)[] = [];
    const enough = new Promise<void>((resolve) => {
      const watch = client.watch(PODS, () => {
        if (seen.push(watch.objects()?.map(({ metadata }) => metadata.name)) === 3) void watch.stop().then(resolve);
      });
    });
    await enough;
    expect(seen).toEqual([['one'], ['one', 'two'], ['two']]);
    expect(last().query.get('resourceVersion')).toBe('7');
  });

  it('sends again when a kept connection breaks, and gives up after three times', async () => {
    const pauses = skipPauses();
    let broken = 0;
    answer = () => (broken++ === 0 ? undefined : { body: { items: [1] } });
    expect(await client.list(PODS)).toEqual([1]);
    [broken, answer] = [0, () => (broken++, undefined)];
    const { exitCode, message } = await failureOf(client.create(PODS, {}));
    expect([exitCode, broken, pauses]).toEqual([1, 3, [200, 200, 200]]);
    expect(message).toContain('does not answer');
  });

  it('waits for a server that is still reading its storage', async () => {
    const pauses = skipPauses();
    let early = 2;
    answer = () => (early-- > 0 ? refused(429, 'storage is (re)initializing') : { body: { kind: 'Pod' } });
    expect(await client.get(`${PODS}/one`)).toEqual({ kind: 'Pod' });
    expect(pauses).toEqual([500, 500]);
  });

  it('knows whether the server is ready', async () => {
    answer = () => ({ body: 'ok' });
    expect(await client.isReady()).toBe(true);
    answer = () => ({ status: 500, body: 'not yet' });
    expect(await client.isReady()).toBe(false);
  });

  it.each([
    [403, 'pods is forbidden', 'npx forge kubeconfig --admin'],
    [401, 'Unauthorized', 'It may have expired'],
    [503, 'starting', 'Try again'],
    [422, 'spec is invalid', 'spec is invalid'],
  ])('says what to do about a %i', async (status, message, advice) => {
    answer = () => refused(status, message);
    const failure = await failureOf(client.list(PODS));
    expect(failure).toBeInstanceOf(KubernetesFailure);
    expect([failure.exitCode, failure.status]).toEqual([1, status]);
    expect(failure.message).toContain(`${api.access.server} refused GET ${PODS}`);
    expect(failure.message).toContain(message);
    expect(failure.message).toContain(advice);
  });

  it('repeats a status that is no JSON', async () => {
    answer = () => ({ status: 502, body: '<html>' });
    expect((await failureOf(client.list(PODS))).message).toContain('status 502');
  });

  it('says how to open the API when nobody answers', async () => {
    const closed = await sampleApi(() => undefined);
    await closed.close();
    const lonely = new KubernetesClient(closed.access);
    const { message, status, exitCode } = await failureOf(lonely.list(PODS));
    expect([status, exitCode]).toEqual([undefined, 1]);
    expect(message).toContain(closed.access.server);
    expect(message).toContain('npx forge access open');
    lonely.close();
  });

  it('says what renews the certificate of an API that has expired', async () => {
    const expired = await sampleApi(() => ({ body: {} }), undefined, undefined, -1);
    const late = new KubernetesClient(expired.access);
    const failure = await failureOf(late.get('/version'));
    late.close();
    await expired.close();
    expect(failure.message).toMatch(/has expired \(GET \/version\)\.\nk3s renews it when it starts/);
  });

  it('knows the certificate that the server showed', async () => {
    answer = () => ({ body: {} });
    const other = new KubernetesClient(api.access);
    const before = other.serverCertificate;
    await other.get('/version');
    other.close();
    expect(before).toBeUndefined();
    expect(other.serverCertificate?.subject).toBe('CN=api');
  });

  it('does not talk to another cluster at the same address', async () => {
    const other = await sampleApi(() => ({ body: {} }));
    const confused = new KubernetesClient({ ...api.access, server: other.access.server });
    const { message } = await failureOf(confused.list(PODS));
    expect(message).toContain('is not the cluster that these certificates are of');
    expect(other.asked).toEqual([]);
    confused.close();
    await other.close();
  });

  it('keeps a path in front of the API', async () => {
    answer = () => ({ body: {} });
    const behindProxy = new KubernetesClient({ ...api.access, server: `${api.access.server}/clusters/one/` });
    await behindProxy.get(`${PODS}/one`);
    expect(last().path).toBe(`/clusters/one${PODS}/one`);
    behindProxy.close();
  });
});
