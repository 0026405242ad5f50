import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Command } from 'commander';
import { describeFaults, describeStatus } from '#cli/status/describe';
import { readEtcdSnapshots } from '#cli/status/etcd-snapshots';
import { manifestSearch } from '#cli/status/manifest-search';
import { platformStatus } from '#cli/status/read-status';
import { readTokens } from '#cli/status/tokens';
import type { Terminal } from '#cli/output/terminal';
import { createBucket } from '#sandbox/cloud/spaces/buckets';
import { createColors } from 'picocolors';
import { KEYS } from '#test/sandbox/cloud/spaces/sample-spaces';
import { sampleGithub } from '#test/sandbox/cloud/github/sample-github';
import { sampleOperator } from '../sample-operator';
import { node, NOW, snapshot } from './objects';

const BUCKET = 'forge-production-etcd-snapshots-bf538a0d';
const terminalOf = (env: NodeJS.ProcessEnv): Terminal => ({
  env,
  write: () => undefined,
  notify: () => undefined,
  ask: undefined,
});

describe('the newest snapshot of etcd', () => {
  const operator = () => sampleOperator((terminal) => terminal as never as Command);

  it('is found in Spaces, whichever cluster made it; signs of life are none', async () => {
    const { spaces, env } = await operator();
    createBucket(spaces.store, BUCKET);
    const put = (Key: string) => spaces.client().send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x' }));
    await put('abc/.alive/server-1');
    expect(await readEtcdSnapshots(terminalOf(env))).toEqual({ schedule: '0 */6 * * *', newest: undefined });
    await put('abc/etcd-snapshot-server-1-1');
    const found = await readEtcdSnapshots(terminalOf(env));
    expect(found).toMatchObject({ newest: expect.any(Date) });
  });

  it.each([
    [
      'a key that may not look',
      (env: NodeJS.ProcessEnv) => {
        env['SPACES_ACCESS_KEY_ID'] = 'DO00READER';
        env['SPACES_SECRET_ACCESS_KEY'] = KEYS['DO00READER']!.secretKey;
      },
      `may not do this with the bucket ${BUCKET}`,
    ],
    [
      'no key',
      (env: NodeJS.ProcessEnv) => {
        delete env['SPACES_ACCESS_KEY_ID'];
        delete env['SPACES_SECRET_ACCESS_KEY'];
      },
      'are not both set',
    ],
  ])('is not seen with %s, and that is said', async (_, change, reason) => {
    const { spaces, env } = await operator();
    createBucket(spaces.store, BUCKET);
    change(env);
    const unseen = await readEtcdSnapshots(terminalOf(env));
    expect(unseen).toEqual({ unseen: expect.stringContaining(reason) });
  });

  const statusWith = (newest: string | undefined, created: string) =>
    platformStatus(
      snapshot({
        nodes: [
          { ...node('forge-server-1'), metadata: { ...node('forge-server-1').metadata, creationTimestamp: created } },
        ],
      }),
      'https://server',
      {
        search: manifestSearch('/nowhere'),
        now: NOW,
        etcdSnapshots: { schedule: '0 */6 * * *', newest: newest === undefined ? undefined : new Date(newest) },
      },
    );

  it.each([
    ['of this morning', '2026-11-23T06:00:00Z', '2026-11-01T00:00:00Z', false],
    ['of 13 hours ago, on a schedule of six', '2026-11-22T23:00:00Z', '2026-11-01T00:00:00Z', true],
    ['that a new cluster has not made yet', undefined, '2026-11-23T11:00:00Z', false],
    ['that never came', undefined, '2026-11-22T00:00:00Z', true],
  ])('%s makes the platform healthy or not', (_, newest, created, late) => {
    const status = statusWith(newest, created);
    expect([status.healthy, status.etcdSnapshots?.late]).toEqual([!late, late]);
    const shown = describeStatus(status, createColors(false));
    expect(shown).toContain(late ? 'etcd  late: ' : 'etcd  ');
    if (late) expect(describeFaults(status)).toContain('the snapshots of etcd are late');
  });
});

describe('the end of a token', () => {
  const DAY_MS = 86_400_000;
  const end = (days: number) => new Date(NOW.getTime() + days * DAY_MS + 1000);
  const warningsOf = async (value: string) => {
    const soon = { value: 'ghp_soon', permissions: [], expiresAt: end(20) };
    const later = { value: 'ghp_later', permissions: [], expiresAt: end(40) };
    const { github } = await sampleGithub([soon, later]);
    const { env } = await sampleOperator((terminal) => terminal as never as Command);
    const tokens = await readTokens(terminalOf({ ...env, GITHUB_TOKEN: value, GITHUB_API_URL: github.url }));
    const status = platformStatus(snapshot({}), 'https://server', {
      search: manifestSearch('/nowhere'),
      now: NOW,
      tokens,
    });
    return { warnings: status.warnings, shown: describeStatus(status, createColors(false)) };
  };

  it('is shown as GitHub tells it, and warned of in its last 30 days', async () => {
    const { warnings, shown } = await warningsOf('ghp_soon');
    expect(shown).toContain('GITHUB_TOKEN  valid  until 2026-12-13  20 days');
    expect(warnings).toEqual([expect.stringMatching(/^GITHUB_TOKEN ends in 20 days/)]);
    expect((await warningsOf('ghp_later')).warnings).toEqual([]);
  });

  it('has come for one that GitHub does not know', async () => {
    const { warnings, shown } = await warningsOf('ghp_planted');
    expect(warnings).toEqual([expect.stringMatching(/^GITHUB_TOKEN is not valid any more/)]);
    expect(shown).not.toContain('ghp_planted');
  });

  it('is not shown for one that has none', async () => {
    expect(await readTokens(terminalOf({}))).toEqual([]);
    expect((await warningsOf('ghp_full')).shown).not.toContain('GITHUB_TOKEN');
  });
});
