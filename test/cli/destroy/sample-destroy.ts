/** A whole environment on its last day: three stacks, a cluster with volumes, a bucket with snapshots. */
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { destroyCommand } from '#cli/destroy/command';
import { createBucket, updateBucket } from '#sandbox/cloud/spaces/buckets';
import { allVersions } from '#sandbox/cloud/spaces/object-versions';
import { STACKS, type StackName } from '#stacks/stack-names';
import { temporaryFolder } from '#test/sandbox/cloud/spaces/sample-spaces';
import { sampleEnvironment, type Outputs, type SampleEnvironment } from '../sweep/sample-environment';
import { sampleCdktf, type Ended } from './sample-cdktf';
import { sampleObjects, type SampleObjects } from './sample-objects';

/** As it follows from the name of the state's bucket. */
export const SNAPSHOTS = 'forge-production-etcd-snapshots-bf538a0d';
/** Of a stack with objects inside the cluster and elsewhere. */
const ADDRESSES = [
  'kubernetes_secret_v1.one',
  'helm_release.argocd',
  'module.x.kubernetes_namespace_v1.two',
  'tls_private_key.key',
  'digitalocean_droplet.server_1',
];
export const CONFIRMED = ['--confirm', 'forge-production'];

export interface SampleDestroy extends SampleEnvironment {
  /** What was changed so far, in order. */
  readonly changes: string[];
  readonly objects: SampleObjects;
  /** What CDKTF says of a stack; undefined lets it destroy the stack. */
  cdktf: (stack: StackName) => Promise<Ended | undefined>;
  /** Makes versions of an object in the bucket of the snapshots. */
  snapshot(name: string): Promise<void>;
  /** Objects, versions and delete markers in the bucket of the snapshots. */
  snapshots(): number;
  /** The API answers no more. */
  closeApi(): Promise<void>;
}

export async function sampleDestroy(): Promise<SampleDestroy> {
  const changes: string[] = [];
  const program = await sampleCdktf(async ([verb, stack]) => {
    if (verb === 'synth') return { code: 0, output: '' };
    changes.push(`cdktf ${verb} ${stack}`);
    const refusal = await sample.cdktf(stack as StackName);
    if (refusal === undefined) await environment.deployed(stack as StackName, []);
    return refusal ?? { code: 0, output: 'Destroy complete!' };
  });
  const environment = await sampleEnvironment((terminal) =>
    destroyCommand(terminal, { program, checkout: temporaryFolder() }, async (folder, args) => {
      const stack = folder.split('/').at(-1) as StackName;
      if (args[0] === 'state' && args[1] === 'list') return { code: 0, text: ADDRESSES.join('\n') };
      if (args[0] !== 'init')
        changes.push(`terraform ${stack}: ${args.filter((one) => one !== '-no-color').join(' ')}`);
      if (args[0] === 'destroy' && stack !== 'network') await environment.deployed(stack, []);
      return { code: 0, text: '' };
    }),
  );
  const objects = sampleObjects((change) => changes.push(change));
  const api = await environment.startApi(objects.answer);
  const { spaces } = environment.operator;
  createBucket(spaces.store, SNAPSHOTS);
  updateBucket(spaces.store, SNAPSHOTS, { versioning: 'Enabled' });
  const sample: SampleDestroy = {
    ...environment,
    ...{ changes, objects },
    cdktf: () => Promise.resolve(undefined),
    snapshot: async (Key) => {
      for (const Body of ['old', 'new'])
        await spaces.client().send(new PutObjectCommand({ Bucket: SNAPSHOTS, Key, Body }));
    },
    snapshots: () => allVersions(spaces.store, SNAPSHOTS).length,
    closeApi: () => api.close(),
  };
  await deployAll(environment, api.outputs);
  await sample.snapshot('etcd-1');
  return sample;
}

async function deployAll({ deployed }: SampleEnvironment, outputs: Outputs): Promise<void> {
  for (const stack of STACKS) {
    if (stack === 'network') await deployed(stack, [['digitalocean_vpc', { id: 'vpc-1' }]], outputs);
    else await deployed(stack, [['kubernetes_secret_v1', { id: stack }]]);
  }
}
