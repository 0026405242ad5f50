import { GetBucketAclCommand, GetBucketVersioningCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { bootstrapCommand } from '#cli/bootstrap/bootstrap';
import { injectFault, noConditions } from '#sandbox/cloud/http/faults';
import { updateBucket } from '#sandbox/cloud/spaces/buckets';
import { allVersions } from '#sandbox/cloud/spaces/object-versions';
import { BUCKET, KEYS } from '#test/sandbox/cloud/spaces/sample-spaces';
import { sampleOperator } from '../sample-operator';
import { networkState, PLANTED, STATE_KEYS } from '../state/sample-state';

const SNAPSHOTS = 'forge-production-etcd-snapshots-bf538a0d';
const PLANS = SNAPSHOTS.replace('etcd-snapshots', 'plans');
const BACKUPS = SNAPSHOTS.replace('etcd-snapshots', 'backups');

describe('forge bootstrap', () => {
  it('makes four private buckets, two that keep versions, and says what to do next', async () => {
    const { run, spaces } = await sampleOperator(bootstrapCommand, { bucket: false });
    const { code, output } = await run();
    expect(output).toBe(
      `bucket      ${BUCKET} at ${spaces.endpoint}: created\n` +
        'access      private\n' +
        'versioning  turned on\n' +
        'locking     a second conditional write is refused, as it must be\n' +
        `snapshots   ${SNAPSHOTS} at ${spaces.endpoint}: created\n` +
        'access      private\n' +
        `plans       ${PLANS} at ${spaces.endpoint}: created\n` +
        'access      private\n' +
        `backups     ${BACKUPS} at ${spaces.endpoint}: created\n` +
        'access      private\n' +
        'versioning  turned on\n' +
        '\n' +
        'Next: npx cdktf deploy network\n',
    );
    expect(code).toBe(0);
    for (const [Bucket, versioning] of [
      [BUCKET, 'Enabled'],
      [SNAPSHOTS, undefined],
      [PLANS, undefined],
      [BACKUPS, 'Enabled'],
    ] as const) {
      const { Grants } = await spaces.client().send(new GetBucketAclCommand({ Bucket }));
      expect(Grants).toMatchObject([{ Grantee: { Type: 'CanonicalUser' } }]);
      const { Status } = await spaces.client().send(new GetBucketVersioningCommand({ Bucket }));
      expect(Status).toBe(versioning);
    }
  });

  it('gives plans a copy of every state without its secrets, also of one that is not there yet', async () => {
    const { run, put, spaces } = await sampleOperator(bootstrapCommand, { versioning: 'Enabled' });
    await put(STATE_KEYS.network, networkState);
    expect(await run()).toMatchObject({ code: 0 });
    const copyOf = async (Key: string) => {
      const { Body } = await spaces.client().send(new GetObjectCommand({ Bucket: PLANS, Key }));
      return JSON.parse(await Body!.transformToString()) as { serial: number; resources: object[] };
    };
    const copy = await copyOf(STATE_KEYS.network);
    expect([copy.serial, copy.resources.length]).toEqual([networkState.serial, networkState.resources.length]);
    expect(JSON.stringify(copy)).not.toContain(`${PLANTED}-marked`);
    expect(await copyOf(STATE_KEYS.cluster)).toMatchObject({ version: 4, serial: 0, resources: [] });
  });

  it('makes no bucket in a real account while forge.yaml has an example address', async () => {
    const { run, env } = await sampleOperator(bootstrapCommand, { bucket: false });
    delete env['SPACES_ENDPOINT_URL'];
    const { code, output } = await run();
    expect([code, output]).toEqual([2, expect.stringContaining('acmeEmail is ops@example.org')]);
  });

  it('can be run again, and changes nothing then', async () => {
    const { run } = await sampleOperator(bootstrapCommand, { bucket: false });
    await run();
    const { code, output } = await run();
    expect(code).toBe(0);
    expect(output).toMatch(/: exists\n.*private\n.*is on\n.*\n.*: exists\n.*private\n/);
  });

  it('leaves nothing of its probe behind, in a bucket with versions and in one without', async () => {
    const { run, spaces } = await sampleOperator(bootstrapCommand, { ignoreConditions: true });
    await run();
    await run();
    expect(allVersions(spaces.store, BUCKET)).toEqual([]);
  });

  it('closes a bucket that others can read', async () => {
    const { run, spaces } = await sampleOperator(bootstrapCommand);
    updateBucket(spaces.store, BUCKET, { acl: 'public-read' });
    const { output } = await run();
    expect(output).toContain('access      was readable by others, is now private\n');
  });

  it('stops at a store that ignores the condition, and explains why', async () => {
    const { run } = await sampleOperator(bootstrapCommand, { ignoreConditions: true });
    const { code, output } = await run();
    expect(code).toBe(1);
    expect(output).toContain('locking     does not work\n');
    expect(output).toContain('two runs at once would lose resources');
    expect(output).toContain('state.lockfile: false');
    expect(output).not.toContain('Next:');
  });

  it('goes on there when forge.yaml does without the lock', async () => {
    const { run } = await sampleOperator(bootstrapCommand, { ignoreConditions: true, lockfile: false });
    const { code, output } = await run();
    expect(code).toBe(0);
    expect(output).toContain('only the concurrency groups of the workflows keep runs apart');
  });

  it('says which access the key needs when it has too little', async () => {
    const { run, env } = await sampleOperator(bootstrapCommand);
    env.SPACES_ACCESS_KEY_ID = 'DO00WRITER';
    env.SPACES_SECRET_ACCESS_KEY = KEYS.DO00WRITER?.secretKey;
    const { code, output } = await run();
    expect(code).toBe(1);
    expect(output).toContain('forge bootstrap needs full access');
  });

  it('says when the name is taken by somebody else', async () => {
    const conditions = noConditions();
    const { run } = await sampleOperator(bootstrapCommand, { bucket: false, conditions });
    const taken = { kind: 'error', status: 409, id: 'BucketAlreadyExists', message: 'taken' } as const;
    injectFault(conditions, { operation: 'CreateBucket:*', effect: taken });
    const { code, output } = await run();
    expect(code).toBe(1);
    expect(output).toContain('Choose another state.bucket in forge.yaml');
  });

  it('names the variables that are missing', async () => {
    const { run, env } = await sampleOperator(bootstrapCommand);
    delete env.SPACES_ACCESS_KEY_ID;
    delete env.SPACES_SECRET_ACCESS_KEY;
    const { code, output } = await run();
    expect(code).toBe(2);
    expect(output).toContain('SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY');
  });

  it('can be run again after it was interrupted', async () => {
    const conditions = noConditions();
    const { run } = await sampleOperator(bootstrapCommand, { bucket: false, conditions });
    injectFault(conditions, { operation: 'PutBucketVersioning:*', effect: { kind: 'crash-before' }, times: 3 });
    const interrupted = await run();
    expect(interrupted.code).toBe(1);
    expect(interrupted.output).toContain('does not answer');
    expect((await run()).code).toBe(0);
  });
});
