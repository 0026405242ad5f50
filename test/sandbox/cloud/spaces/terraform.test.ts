/** The state backend of the real Terraform, with the settings that the stacks use. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, ListObjectsV2Command, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { createBucket, updateBucket } from '#sandbox/cloud/spaces/buckets';
import { openStore } from '#sandbox/cloud/spaces/store';
import { newFolder } from '#test/new-folder';
import { BUCKET, OWNER, s3Client, sampleSpaces } from './sample-spaces';
import { spawnStore } from './spawned-store';

jest.setTimeout(60_000);

const STATE = 'forge/production/network.tfstate';

/** A folder with a stack of one resource. The apply waits for a file of that name, if one is given. */
function stack(endpoint: string, input: string, waitFor?: string): string {
  const folder = newFolder('spaces');
  const s3 = {
    bucket: BUCKET,
    key: STATE,
    region: 'us-east-1',
    endpoints: { s3: endpoint },
    shared_credentials_files: ['spaces.credentials'],
    shared_config_files: ['spaces.config'],
    profile: 'spaces',
    use_lockfile: true,
    use_path_style: true,
    skip_credentials_validation: true,
    skip_metadata_api_check: true,
    skip_region_validation: true,
    skip_requesting_account_id: true,
    skip_s3_checksum: true,
  };
  const wait = { 'local-exec': { command: `touch started; until [ -e ${waitFor} ]; do sleep 0.05; done` } };
  const resource = { input, ...(waitFor !== undefined && { provisioner: wait }) };
  const document = { terraform: { backend: { s3 } }, resource: { terraform_data: { one: resource } } };
  writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(document));
  const { accessKeyId, secretAccessKey } = OWNER;
  const credentials = `[spaces]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
  writeFileSync(join(folder, 'spaces.credentials'), credentials, { mode: 0o600 });
  writeFileSync(join(folder, 'spaces.config'), '[profile spaces]\nrequest_checksum_calculation = when_required\n');
  return folder;
}

async function terraform(folder: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const settings = join(folder, '.terraformrc');
  writeFileSync(settings, '');
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, TF_CLI_CONFIG_FILE: settings, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' };
  const child = spawn('terraform', [...args, '-no-color'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

async function deploy(folder: string): Promise<{ code: number; output: string }> {
  const init = await terraform(folder, 'init', '-input=false');
  return init.code === 0 ? terraform(folder, 'apply', '-auto-approve', '-input=false') : init;
}

async function untilThere(file: string): Promise<void> {
  while (!existsSync(file)) await sleep(20);
}

describe("Terraform's state backend on the emulated Spaces", () => {
  it('keeps a state that another checkout finds, and leaves no lock', async () => {
    const spaces = await sampleSpaces({ versioning: 'Enabled' });
    expect(await deploy(stack(spaces.endpoint, 'one'))).toMatchObject({ code: 0 });
    const again = stack(spaces.endpoint, 'one');
    expect(await terraform(again, 'init', '-input=false')).toMatchObject({ code: 0 });
    expect(await terraform(again, 'plan', '-detailed-exitcode', '-input=false')).toMatchObject({ code: 0 });
    expect(await terraform(again, 'init', '-input=false')).toMatchObject({ code: 0 });
    const { Contents } = await spaces.client().send(new ListObjectsV2Command({ Bucket: BUCKET }));
    expect(Contents?.map(({ Key }) => Key)).toEqual([STATE]);
  });

  it('stops a second apply while the first runs, and says who holds the lock', async () => {
    const { endpoint } = await sampleSpaces({ versioning: 'Enabled' });
    const [first, second] = [stack(endpoint, 'one', 'go'), stack(endpoint, 'two')];
    const running = deploy(first);
    await untilThere(join(first, 'started'));
    const { code, output } = await deploy(second);
    expect(code).toBe(1);
    expect(output).toContain('Error acquiring the state lock');
    expect(output).toMatch(/Who: +\S+@\S+/);
    writeFileSync(join(first, 'go'), '');
    expect(await running).toMatchObject({ code: 0 });
    expect(await deploy(second)).toMatchObject({ code: 0 });
  });

  it('loses nothing when the store is killed in the middle of an apply and started again', async () => {
    const folder = newFolder('spaces');
    const local = openStore(folder, 'fra1', true);
    createBucket(local, BUCKET);
    updateBucket(local, BUCKET, { versioning: 'Enabled' });
    const store = await spawnStore(folder);
    expect(await deploy(stack(store.endpoint, 'one'))).toMatchObject({ code: 0 });
    const slow = stack(store.endpoint, 'two', 'go');
    expect(await terraform(slow, 'init', '-input=false')).toMatchObject({ code: 0 });
    const running = terraform(slow, 'apply', '-auto-approve', '-replace=terraform_data.one', '-input=false');
    await untilThere(join(slow, 'started'));
    await store.kill();
    const restarted = await spawnStore(folder, store.port);
    writeFileSync(join(slow, 'go'), '');
    expect(await running).toMatchObject({ code: 0 });
    const { Versions } = await s3Client(restarted.endpoint).send(
      new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: STATE }),
    );
    const states = Versions!.filter(({ Key }) => Key === STATE);
    expect(states.length).toBeGreaterThanOrEqual(2);
    expect(await deploy(stack(store.endpoint, 'two'))).toMatchObject({
      output: expect.stringContaining('No changes'),
    });
  });

  it('takes a state of many megabytes, which comes in parts', async () => {
    const spaces = await sampleSpaces();
    // Not shown: Terraform takes long to print it.
    const long =
      '${sensitive(join("", [for n in range(1000) : join("", [for m in range(45) : sha256("${n}.${m}")])]))}';
    expect(await deploy(stack(spaces.endpoint, long))).toMatchObject({ code: 0 });
    const { Body, ETag } = await spaces.client().send(new GetObjectCommand({ Bucket: BUCKET, Key: STATE }));
    expect(ETag).toMatch(/-2"$/);
    const state = JSON.parse(await Body!.transformToString()) as { resources: { instances: unknown[] }[] };
    expect(state.resources[0]?.instances).toHaveLength(1);
  });
});
