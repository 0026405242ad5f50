/** A whole environment on its last day: three stacks with what they made, a cluster with volumes, buckets, and GitHub. */
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { destroyCommand } from '#cli/destroy/command';
import type { Finished } from '#cli/destroy/terraform-destroy';
import { noConditions, takeEffect, type Conditions } from '#sandbox/cloud/http/faults';
import { createBucket, updateBucket } from '#sandbox/cloud/spaces/buckets';
import { allVersions } from '#sandbox/cloud/spaces/object-versions';
import type { StackName } from '#stacks/stack-names';
import { newFolder } from '#test/new-folder';
import { refused, type Answer, type Asked } from '#test/clients/kubernetes/sample-api';
import { TOKENS } from '#test/sandbox/cloud/digitalocean/sample-account';
import { everythingIn } from '#test/sandbox/cloud/digitalocean/samples';
import { GITHUB_TOKEN, sampleGithub, type SampleGithub } from '#test/sandbox/cloud/github/sample-github';
import { sampleEnvironment, type SampleEnvironment } from '../sweep/sample-environment';
import { deployAll } from './sample-deploy';
import { sampleObjects, type SampleObjects } from './sample-objects';
import { sampleTerraform } from './sample-terraform';

/** As it follows from the name of the state's bucket. */
export const SNAPSHOTS = 'forge-production-etcd-snapshots-bf538a0d';
export const CONFIRMED = ['--confirm', 'forge-production'];

export interface SampleDestroy extends SampleEnvironment {
  /** What was changed so far, in order. */
  readonly changes: string[];
  readonly objects: SampleObjects;
  readonly github: SampleGithub;
  /** Faults of each API that a destroy asks. */
  readonly faults: Readonly<Record<'DigitalOcean' | 'GitHub' | 'Kubernetes' | 'Spaces', Conditions>>;
  /** What Terraform says of a stack; undefined lets it work. */
  terraform: (stack: StackName) => Promise<Finished | undefined>;
  /** Whether the repository of the charts answers. */
  hasCharts: boolean;
  /** Makes versions of an object in the bucket of the snapshots. */
  snapshot(name: string): Promise<void>;
  /** Objects, versions and delete markers in the bucket of the snapshots. */
  snapshots(): number;
  /** The API answers no more. */
  closeApi(): Promise<void>;
  /** All that costs money or leads somewhere. */
  left(): Promise<string[]>;
}

export async function sampleDestroy(): Promise<SampleDestroy> {
  const changes: string[] = [];
  const conditions = noConditions();
  const github = await sampleGithub();
  const environment = await sampleEnvironment((terminal) => destroyCommand(terminal, cdktf, terraform), { conditions });
  const { operator, cloud } = environment;
  const faults = {
    DigitalOcean: cloud.account.conditions,
    GitHub: github.github.conditions,
    Kubernetes: noConditions(),
    Spaces: conditions,
  };
  const cdktf = { program: 'true', checkout: newFolder('destroy') };
  Object.assign(operator.env, { GITHUB_TOKEN, GITHUB_API_URL: github.github.url });
  const objects = sampleObjects(
    (change) => changes.push(change),
    (list, name) => {
      const held = cloud.account.state.held;
      held[list] = (held[list] ?? []).filter((one) => (one as { name?: string }).name !== name);
    },
  );
  const api = await environment.startApi((asked) => faulty(faults.Kubernetes, asked, objects.answer));
  let access: typeof api.access | undefined = api.access;
  const terraform = sampleTerraform({
    s3: operator.spaces.client(),
    digitalOcean: { url: cloud.url, token: TOKENS.deploy },
    github: { url: github.github.url, token: GITHUB_TOKEN },
    kubernetes: () => access,
    hasCharts: () => sample.hasCharts,
    told: (stack, args) => {
      const shown = args.filter((arg) => !['-auto-approve', '-input=false', '-no-color'].includes(arg));
      changes.push(`terraform ${stack}: ${shown.join(' ')}`);
      return sample.terraform(stack);
    },
  });
  const { store } = operator.spaces;
  createBucket(store, SNAPSHOTS);
  updateBucket(store, SNAPSHOTS, { versioning: 'Enabled' });
  const s3 = operator.spaces.client();
  const sample: SampleDestroy = {
    ...environment,
    changes,
    objects,
    github,
    faults,
    terraform: () => Promise.resolve(undefined),
    hasCharts: true,
    snapshot: async (Key) => {
      for (const Body of ['old', 'new']) await s3.send(new PutObjectCommand({ Bucket: SNAPSHOTS, Key, Body }));
    },
    snapshots: () => allVersions(store, SNAPSHOTS).length,
    closeApi: () => {
      access = undefined;
      return api.close();
    },
    left: async () => [...(await everythingIn(cloud.api)), ...leftAt(github)],
  };
  await deployAll(environment, github, api.outputs);
  await sample.snapshot('etcd-1');
  return sample;
}

function leftAt({ saved }: SampleGithub): string[] {
  const held = saved();
  return ['hooks', 'keys', 'variables'].flatMap((kind) => (held[kind] ?? []).map(() => kind));
}

function faulty(conditions: Conditions, asked: Asked, answer: (asked: Asked) => Answer): Answer {
  const effect = takeEffect(conditions, `${asked.method} ${asked.path}`);
  if (effect?.kind === 'error') return refused(effect.status, effect.message);
  if (effect?.kind === 'crash-before') return undefined;
  const answered = answer(asked);
  return effect?.kind === 'crash-after' ? undefined : answered;
}
