/** A made-up provider that uses everything the engine can do, on a cloud that is a map in memory or in a file. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { ProviderDefinition, ResourceType, ValueObject } from '#sandbox/cloud/terraform/engine/resource';
import type { ProviderSchema } from '#sandbox/cloud/terraform/schema/schema';

export interface Machine {
  readonly id: string;
  /** Region of the provider's configuration. */
  readonly account: string;
  readonly revision: number;
  readonly attributes: ValueObject;
  readonly script: string | null;
  readonly secret: string | null;
}

export interface SampleCloud {
  all(): readonly Machine[];
  find(id: string): Machine | undefined;
  put(machine: Machine): void;
  remove(id: string): void;
}

/** @param file where the cloud survives its process; in memory if not given */
export function sampleCloud(file?: string): SampleCloud {
  const saved = file !== undefined && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Machine[]) : [];
  const machines = new Map(saved.map((machine) => [machine.id, machine]));
  const save = () => file !== undefined && writeFileSync(file, JSON.stringify([...machines.values()]));
  return {
    all: () => [...machines.values()],
    find: (id) => machines.get(id),
    put: (machine) => {
      machines.set(machine.id, machine);
      save();
    },
    remove: (id) => {
      machines.delete(id);
      save();
    },
  };
}

const optionalText = { type: 'string', optional: true } as const;
const computedText = { type: 'string', computed: true } as const;

const schema: ProviderSchema = {
  address: 'registry.terraform.io/example/acme',
  provider: { attributes: { account: optionalText }, blocks: {} },
  resources: {
    acme_machine: {
      version: 0,
      attributes: {
        id: computedText,
        name: { type: 'string', required: true },
        size: optionalText,
        region: optionalText,
        script: optionalText,
        secret: optionalText,
        secret_revision: { type: 'number', optional: true },
        tags: { type: ['set', 'string'], optional: true },
        labels: { type: ['map', 'string'], optional: true },
        options: {
          nested: { nesting: 'list', attributes: { key: { type: 'string', required: true }, value: optionalText } },
          optional: true,
        },
        address: { type: 'string', optional: true, computed: true },
        revision: { type: 'number', computed: true },
        hourly: { type: 'number', computed: true },
        account: computedText,
      },
      blocks: {
        disk: {
          nesting: 'list',
          block: {
            attributes: {
              gigabytes: { type: 'number', required: true },
              label: { type: 'string', optional: true, computed: true },
            },
            blocks: {},
          },
        },
        rule: {
          nesting: 'set',
          block: {
            attributes: {
              port: { type: 'number', required: true },
              note: { type: 'string', optional: true, computed: true },
            },
            blocks: {},
          },
        },
        network: {
          nesting: 'single',
          block: { attributes: { cidr: { type: 'string', required: true }, gateway: computedText }, blocks: {} },
        },
        mount: {
          nesting: 'map',
          block: { attributes: { path: { type: 'string', required: true }, device: computedText }, blocks: {} },
        },
      },
    },
    acme_stone: {
      version: 0,
      attributes: { id: computedText, weight: { type: 'number', optional: true } },
      blocks: {},
    },
  },
  dataSources: {},
};

interface Client {
  readonly cloud: SampleCloud;
  readonly account: string;
}

const HOURLY = 0.00893;

const machine: ResourceType<Client> = {
  forceNew: ['region', 'script', 'disk.gigabytes'],
  defaults: { size: 'small' },
  writeOnly: ['secret'],
  changesOnUpdate: ['revision'],
  stored: { script: (value) => sha1(value as string) },
  create: ({ client, planned, config }) => {
    const id = `m-${client.cloud.all().length + 1}-${Date.now()}`;
    return Promise.resolve(write(client, { id, revision: 1, account: client.account }, planned, config));
  },
  read: ({ client, state }) => {
    const found = client.cloud.find(state['id'] as string);
    return Promise.resolve(found === undefined ? null : found.attributes);
  },
  update: ({ client, planned, prior, config }) => {
    const { id, revision, account } = client.cloud.find(prior['id'] as string)!;
    return Promise.resolve(write(client, { id, revision: revision + 1, account }, planned, config));
  },
  delete: ({ client, state }) => {
    client.cloud.remove(state['id'] as string);
    return Promise.resolve();
  },
  import: ({ id }) => Promise.resolve({ id }),
};

/** Everything makes a new one, and none can be imported. */
const stone: ResourceType<Client> = {
  forceNew: ['weight'],
  create: () => Promise.resolve({ id: 'stone' }),
  read: ({ state }) => Promise.resolve(state),
  delete: () => Promise.resolve(),
};

export function sampleProvider(cloud: SampleCloud): ProviderDefinition<Client> {
  return {
    schema,
    configure: (config) => ({ cloud, account: (config['account'] as string | null) ?? 'default' }),
    resources: { acme_machine: machine, acme_stone: stone },
    dataSources: {},
  };
}

function write(
  { cloud }: Client,
  { id, revision, account }: Pick<Machine, 'id' | 'revision' | 'account'>,
  planned: ValueObject,
  config: ValueObject,
): ValueObject {
  const computed = { id, revision, account, hourly: HOURLY, address: `10.0.0.${revision}` };
  const attributes = { ...planned, ...computed, ...blocks(planned) };
  const { script = null, secret = null } = config as { script?: string | null; secret?: string | null };
  cloud.put({ id, account, revision, attributes, script, secret });
  return attributes;
}

/** Blocks with what the cloud adds to them. */
function blocks(planned: ValueObject): ValueObject {
  const elements = (name: string) => planned[name] as readonly ValueObject[];
  const network = planned['network'] as ValueObject | null;
  const mounts = Object.entries(planned['mount'] as ValueObject).map(([name, mount]) => [
    name,
    { ...(mount as ValueObject), device: `/dev/${name}` },
  ]);
  return {
    disk: elements('disk').map((disk, index) => ({ ...disk, label: given(disk['label'], `disk-${index}`) })),
    rule: elements('rule').map((rule) => ({ ...rule, note: given(rule['note'], `port ${rule['port'] as number}`) })),
    network: network && { ...network, gateway: '10.0.0.1' },
    mount: Object.fromEntries(mounts) as ValueObject,
  };
}

function given(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function sha1(value: string): string {
  return createHash('sha1').update(value).digest('hex');
}
