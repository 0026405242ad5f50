/**
 * A stand-in for Terraform that destroys what states in the emulated Spaces name, by requests to the emulated APIs. It keeps to
 * what destroy depends on: a lock, a refresh before, one thing after the other, and a state that says how far it came. The
 * end-to-end test has the real one.
 */
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Finished, Terraform } from '#cli/destroy/terraform-destroy';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { KubernetesClient } from '#clients/kubernetes/client';
import { stateKey, type StackName } from '#stacks/stack-names';
import { BUCKET } from '#test/sandbox/cloud/spaces/sample-spaces';
import { caller } from '#test/sandbox/cloud/http/call';

type Attributes = Readonly<Record<string, string>>;

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly instances: readonly [{ readonly attributes: Attributes }];
}

interface State {
  readonly version: 4;
  readonly outputs: object;
  readonly resources: readonly Resource[];
}

export interface SampleTerraformWorld {
  readonly s3: S3Client;
  readonly digitalOcean: { readonly url: string; readonly token: string };
  readonly github: { readonly url: string; readonly token: string };
  /** Undefined while there is no API to ask. */
  readonly kubernetes: () => KubernetesAccess | undefined;
  /** Where the charts of the stack `cluster` come from. */
  readonly hasCharts: () => boolean;
  /** Is told each command that changes something; may answer in Terraform's place. */
  readonly told: (stack: StackName, args: readonly string[]) => Promise<Finished | undefined>;
}

/** Path of a thing in the API of its vendor, by its type's end. */
const DIGITALOCEAN: Readonly<Record<string, (attributes: Attributes) => string>> = {
  droplet: ({ id }) => `/v2/droplets/${id}`,
  firewall: ({ id }) => `/v2/firewalls/${id}`,
  loadbalancer: ({ id }) => `/v2/load_balancers/${id}`,
  project: ({ id }) => `/v2/projects/${id}`,
  record: ({ domain, id }) => `/v2/domains/${domain}/records/${id}`,
  reserved_ip: ({ ip_address }) => `/v2/reserved_ips/${ip_address}`,
  spaces_key: ({ access_key }) => `/v2/spaces/keys/${access_key}`,
  tag: ({ id }) => `/v2/tags/${id}`,
  vpc: ({ id }) => `/v2/vpcs/${id}`,
};
const GITHUB: Readonly<Record<string, (attributes: Attributes) => string>> = {
  actions_variable: ({ variable_name }) => `/repos/example/forge/actions/variables/${variable_name}`,
  repository_webhook: ({ id }) => `/repos/example/forge/hooks/${id}`,
  repository_deploy_key: ({ id }) => `/repos/example/forge/keys/${id!.split(':')[1]}`,
};

export function sampleTerraform(world: SampleTerraformWorld): Terraform {
  return async (folder, args) => {
    const stack = folder.split('/').at(-1) as StackName;
    const isQuiet = args[0] === 'init' || args[1] === 'list';
    const instead = isQuiet ? undefined : await world.told(stack, args);
    if (instead !== undefined) return instead;
    const said: string[] = [];
    try {
      await perform(world, stack, args, said);
      return { code: 0, text: said.join('\n') };
    } catch (error) {
      return { code: 1, text: [...said, `Error: ${(error as Error).message}`].join('\n') };
    }
  };
}

async function perform(world: SampleTerraformWorld, stack: StackName, args: readonly string[], said: string[]) {
  const [verb, ...rest] = args;
  if (verb === 'init') return void (await readState(world, stack));
  if (verb === 'destroy') return locked(world, stack, () => destroy(world, stack, rest, said));
  if (rest[0] === 'list') return void said.push(...(await readState(world, stack)).resources.map(addressOf));
  await locked(world, stack, async () => {
    const state = await readState(world, stack);
    await writeState(world, stack, {
      ...state,
      resources: state.resources.filter((one) => !rest.includes(addressOf(one))),
    });
  });
}

async function destroy(world: SampleTerraformWorld, stack: StackName, args: readonly string[], said: string[]) {
  const state = await readState(world, stack);
  const targets = args.flatMap((one) => (one.startsWith('-target=') ? [one.slice('-target='.length)] : []));
  const isChosen = (one: Resource) => targets.length === 0 || targets.includes(addressOf(one));
  let left = [...state.resources];
  if (!args.includes('-refresh=false')) {
    if (stack === 'cluster' && !world.hasCharts()) throw new Error('Error locating chart');
    for (const one of left) if (!(await isThere(world, one))) left = left.filter((other) => other !== one);
  }
  try {
    for (const one of left.filter(isChosen).reverse()) {
      said.push(`${addressOf(one)}: Destroying...`);
      await remove(world, one);
      left = left.filter((other) => other !== one);
    }
  } finally {
    await writeState(world, stack, {
      version: 4,
      outputs: targets.length === 0 ? {} : state.outputs,
      resources: left,
    });
  }
}

function addressOf({ type, name }: Resource): string {
  return `${type}.${name}`;
}

async function isThere(world: SampleTerraformWorld, resource: Resource): Promise<boolean> {
  return (await ask(world, resource, 'GET')) !== 404;
}

/** The providers wait until it is gone. */
async function remove(world: SampleTerraformWorld, resource: Resource): Promise<void> {
  await ask(world, resource, 'DELETE');
  if (resource.type !== 'digitalocean_droplet') return;
  while (await isThere(world, resource)) await sleep(5);
}

/** @returns the status; 404 for what is only in the state */
async function ask(world: SampleTerraformWorld, { type, instances }: Resource, method: 'GET' | 'DELETE') {
  const [provider, kind] = [type.slice(0, type.indexOf('_')), type.slice(type.indexOf('_') + 1)];
  const [{ attributes }] = instances;
  if (provider === 'kubernetes' || provider === 'helm') return askCluster(world, method, attributes['path']!);
  const [paths, api] = provider === 'digitalocean' ? [DIGITALOCEAN, world.digitalOcean] : [GITHUB, world.github];
  const path = paths[kind];
  // Keys and random words.
  if (path === undefined) return method === 'GET' ? 200 : 404;
  const { status } = await caller(api.url, api.token)(method, path(attributes));
  if (status >= 400 && status !== 404) throw new Error(`${method} ${path(attributes)}: ${status}`);
  return status;
}

async function askCluster({ kubernetes }: SampleTerraformWorld, method: 'GET' | 'DELETE', path: string) {
  const access = kubernetes();
  if (access === undefined) throw new Error('the Kubernetes API cannot be reached');
  const client = new KubernetesClient(access);
  try {
    if (method === 'GET') return (await client.get(path)) === undefined ? 404 : 200;
    return (await client.delete(path)) ? 200 : 404;
  } finally {
    client.close();
  }
}

async function locked(world: SampleTerraformWorld, stack: StackName, work: () => Promise<void>): Promise<void> {
  const place = { Bucket: BUCKET, Key: `${keyOf(stack)}.tflock` };
  await world.s3.send(new PutObjectCommand({ ...place, Body: '{}', IfNoneMatch: '*' })).catch((error: Error) => {
    throw new Error(`Error acquiring the state lock: ${error.message}`);
  });
  const unlock = () => world.s3.send(new DeleteObjectCommand(place));
  try {
    await work();
  } finally {
    // Terraform's own client tries again.
    await unlock().catch(unlock);
  }
}

function keyOf(stack: StackName): string {
  return stateKey('forge', 'production', stack);
}

async function readState({ s3 }: SampleTerraformWorld, stack: StackName): Promise<State> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: keyOf(stack) }));
  return JSON.parse(await Body!.transformToString()) as State;
}

async function writeState({ s3 }: SampleTerraformWorld, stack: StackName, state: State): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: keyOf(stack), Body: JSON.stringify(state) }));
}
