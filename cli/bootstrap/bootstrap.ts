/** `forge bootstrap`: the buckets of an environment, once, before the first deploy. */
import { Command } from 'commander';
import { configFile, readEnvironment } from '#config/environment';
import { refuseExampleAddress } from '#config/example-address';
import { loadConfig } from '#config/load';
import type { ForgeConfig } from '#config/schema';
import { backupTargets } from './backup-buckets';
import { proveLocking } from './probe';
import { withSpaces, spacesTarget, type SpacesClient, type SpacesTarget } from '#clients/spaces/client';
import { SpacesFailure } from '#clients/spaces/failure';
import { processTerminal, type Terminal } from '../output/terminal';
import { copiesTarget, copyStates } from '../state/copy';
import { snapshotTarget } from '../sweep/buckets';

/** @param terminal the default is the process's own */
export function bootstrapCommand(terminal: Terminal = processTerminal()): Command {
  return new Command('bootstrap')
    .description(
      'Make the bucket for the Terraform state that forge.yaml names: private, keeping old versions. Prove in the real store that a\n' +
        'lock locks: the second of two conditional writes must be refused. Then make the buckets for the snapshots of etcd, for the plans of\n' +
        'pull requests, which read copies of the states without secrets, and for the backups.\n' +
        'Can be run again at any time. Needs SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY with full access.',
    )
    .addHelpText('after', '\nExample:\n  $ npx forge bootstrap')
    .action(async () => {
      await makeBuckets(terminal);
      terminal.write('\nNext: npx cdktf deploy network\n');
    });
}

/** Makes the buckets that are not there yet, and says what there is. */
export async function makeBuckets(terminal: Terminal): Promise<void> {
  const config = loadConfig(configFile(terminal.env));
  refuseExampleAddress(config, readEnvironment(terminal.env, config));
  const target = spacesTarget(config, terminal.env);
  const print = (line: string) => terminal.write(`${line}\n`);
  // A connection of its own for each: what goes wrong is told with the name of the bucket.
  const inBucket = (one: SpacesTarget, work: (spaces: SpacesClient) => Promise<void>) =>
    withSpaces(one, work, terminal.notify);
  await inBucket(target, (spaces) => makeStateBucket(config, spaces, print));
  const snapshots = snapshotTarget(config, terminal.env);
  await inBucket(snapshots, (spaces) => makePrivateBucket('snapshots', spaces, print));
  await inBucket(copiesTarget(config, terminal.env), (spaces) => makePrivateBucket('plans', spaces, print));
  await copyStates(terminal, config);
  for (const backups of backupTargets(config, terminal.env)) {
    // Old versions stay: who has the key of the backups can overwrite them, but not for good.
    await inBucket(backups, (spaces) => makeVersionedBucket('backups', spaces, print));
  }
}

type Print = (line: string) => void;

/** Characters before what a line says. */
const LABEL = 12;

async function makeStateBucket(
  { name, environment, state }: ForgeConfig,
  spaces: SpacesClient,
  print: Print,
): Promise<void> {
  await makeVersionedBucket('bucket', spaces, print);
  const isLocking = await proveLocking(spaces, `${name}/${environment}/forge-bootstrap-probe`);
  print(`locking     ${isLocking ? 'a second conditional write is refused, as it must be' : 'does not work'}`);
  if (!isLocking && state.lockfile) throw lockIgnored(spaces);
  if (!isLocking)
    print('            state.lockfile is false: only the concurrency groups of the workflows keep runs apart.');
}

/** @param what it is for, in a word of ten letters at most */
async function makePrivateBucket(what: string, spaces: SpacesClient, print: Print): Promise<void> {
  print(`${what.padEnd(LABEL)}${await made(spaces)}`);
  print(`access      ${(await makePrivate(spaces)) ? 'was readable by others, is now private' : 'private'}`);
}

async function makeVersionedBucket(what: string, spaces: SpacesClient, print: Print): Promise<void> {
  await makePrivateBucket(what, spaces, print);
  print(`versioning  ${(await keepVersions(spaces)) ? 'turned on' : 'is on'}`);
}

async function made(spaces: SpacesClient): Promise<string> {
  return `${spaces.bucket} at ${spaces.endpoint}: ${(await createBucket(spaces)) ? 'created' : 'exists'}`;
}

/** False when the bucket is there already and belongs to this account. */
async function createBucket({ bucket, endpoint, perform }: SpacesClient): Promise<boolean> {
  try {
    await perform((s3, { HeadBucketCommand }) => s3.send(new HeadBucketCommand({ Bucket: bucket })));
    return false;
  } catch (error) {
    if (!(error instanceof SpacesFailure) || error.status !== 404) throw error;
  }
  try {
    await perform((s3, { CreateBucketCommand }) =>
      s3.send(new CreateBucketCommand({ Bucket: bucket, ACL: 'private' })),
    );
    return true;
  } catch (error) {
    if (!(error instanceof SpacesFailure)) throw error;
    // Another run of this command has just made it.
    if (error.code === 'BucketAlreadyOwnedByYou') return false;
    if (error.code !== 'BucketAlreadyExists') throw error;
    throw new SpacesFailure(
      `Another account has a bucket ${bucket} at ${endpoint}: names are shared by everybody. Choose another state.bucket in forge.yaml.`,
      { cause: error },
    );
  }
}

/** True when others could read the bucket. */
async function makePrivate({ bucket, perform }: SpacesClient): Promise<boolean> {
  const { Grants = [] } = await perform((s3, { GetBucketAclCommand }) =>
    s3.send(new GetBucketAclCommand({ Bucket: bucket })),
  );
  if (!Grants.some(({ Grantee }) => Grantee?.Type === 'Group')) return false;
  await perform((s3, { PutBucketAclCommand }) => s3.send(new PutBucketAclCommand({ Bucket: bucket, ACL: 'private' })));
  return true;
}

/** True when the bucket kept no versions before. */
async function keepVersions({ bucket, perform }: SpacesClient): Promise<boolean> {
  const status = () =>
    perform(async (s3, { GetBucketVersioningCommand }) => {
      return (await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status;
    });
  if ((await status()) === 'Enabled') return false;
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await perform((s3, { PutBucketVersioningCommand }) =>
    s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration })),
  );
  if ((await status()) === 'Enabled') return true;
  throw new SpacesFailure(
    `The bucket ${bucket} still keeps no versions although Spaces accepted the setting. Run forge bootstrap again.`,
  );
}

function lockIgnored({ endpoint }: SpacesClient): SpacesFailure {
  return new SpacesFailure(
    `The store at ${endpoint} accepted a write with "If-None-Match: *" onto an object that exists. Terraform's lock is such a\n` +
      'write: here it would never stop anybody, and two runs at once would lose resources. Nothing was deployed.\n' +
      'Use a region or store that honours the condition, or set state.lockfile: false in forge.yaml: then only the\n' +
      'concurrency groups of the GitHub workflows keep runs apart, and nobody may deploy from a machine of their own.',
  );
}
