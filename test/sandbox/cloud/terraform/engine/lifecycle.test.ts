import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { terraformProject, type TerraformProject } from '../terraform-project';
import { sampleCloud, sampleProvider, type SampleCloud } from './sample-provider';

jest.setTimeout(60_000);

const ADDRESS = 'acme_machine.one';
const MACHINE = {
  name: 'one',
  tags: ['b', 'a'],
  labels: { tier: 'web' },
  options: [{ key: 'k', value: 'v' }, { key: 'l' }],
  disk: [{ gigabytes: 10 }, { gigabytes: 20, label: 'mine' }],
  rule: [{ port: 443 }, { port: 22, note: 'ssh' }],
  network: { cidr: '10.0.0.0/24' },
  mount: { data: { path: '/data' } },
};

describe('a resource of an emulated provider, with the real Terraform', () => {
  let cloud: SampleCloud;
  let project: TerraformProject;
  const configure = (change: object = {}, rest: object = {}) => {
    project.configure({ acme_machine: { one: { ...MACHINE, ...change } } }, rest);
  };
  const applied = async (change: object = {}, rest: object = {}) => {
    configure(change, rest);
    await project.apply();
  };
  const only = () => cloud.all()[0]!;

  beforeEach(async () => {
    cloud = sampleCloud();
    project = await terraformProject([provider(sampleProvider(cloud))]);
  });
  afterEach(() => project.close());

  it('gets its defaults, its computed values, and blocks of every nesting', async () => {
    await applied();
    expect(await project.attributes(ADDRESS)).toEqual({
      ...MACHINE,
      id: only().id,
      size: 'small',
      region: null,
      script: null,
      secret: null,
      secret_revision: null,
      tags: ['a', 'b'],
      options: [
        { key: 'k', value: 'v' },
        { key: 'l', value: null },
      ],
      address: '10.0.0.1',
      revision: 1,
      hourly: 0.00893,
      account: 'default',
      disk: [
        { gigabytes: 10, label: 'disk-0' },
        { gigabytes: 20, label: 'mine' },
      ],
      rule: expect.arrayContaining([
        { port: 443, note: 'port 443' },
        { port: 22, note: 'ssh' },
      ]),
      network: { cidr: '10.0.0.0/24', gateway: '10.0.0.1' },
      mount: { data: { path: '/data', device: '/dev/data' } },
    });
  });

  it('is left alone by a second plan, and by one with the elements of its sets in another order', async () => {
    await applied();
    expect(await project.plan()).toEqual([]);
    configure({ tags: ['a', 'b'], rule: [...MACHINE.rule].reverse() });
    expect(await project.plan()).toEqual([]);
  });

  it('is changed in place, and keeps what an update does not touch', async () => {
    await applied();
    const { id } = only();
    configure({ name: 'two' });
    const { output } = await project.terraform('plan', '-no-color');
    expect(output).toMatch(/~ revision +=.*known after apply/);
    expect(output).not.toMatch(/~ (id|address|hourly) /);
    await project.apply();
    expect(only()).toMatchObject({ id, revision: 2, attributes: { name: 'two' } });
  });

  it.each([
    ['an attribute', { region: 'north' }],
    ['an attribute in a block', { disk: [{ gigabytes: 11 }, { gigabytes: 20, label: 'mine' }] }],
    ['another script', { script: 'another' }],
  ])('is replaced when %s forces that', async (_, change) => {
    await applied();
    const { id } = only();
    configure(change);
    expect(await project.plan()).toEqual([{ address: ADDRESS, actions: ['delete', 'create'] }]);
    await project.apply();
    expect(cloud.all()).toHaveLength(1);
    expect(only().id).not.toBe(id);
  });

  it('takes an ephemeral value by a write-only argument, which is in no plan and no state', async () => {
    const variable = { variable: { planted: { ephemeral: true, type: 'string' } } };
    const write = async (revision: number, value: string) => {
      configure({ secret: '${var.planted}', secret_revision: revision }, variable);
      const plan = await project.terraform('plan', '-no-color', '-out=plan', '-var', `planted=${value}`);
      const apply = await project.terraform('apply', '-no-color', '-var', `planted=${value}`, 'plan');
      const shown = await project.terraform('show', '-json', 'plan');
      const state = await project.terraform('state', 'pull');
      expect([plan.output, apply.output, shown.output, state.output].join()).not.toContain(value);
      expect(apply.code).toBe(0);
    };
    await write(1, 'first-value');
    expect(only().secret).toBe('first-value');
    await write(1, 'second-value');
    expect(only().secret).toBe('first-value');
    await write(2, 'third-value');
    expect(only().secret).toBe('third-value');
  });

  it('is imported on the command line and by a block', async () => {
    await applied();
    const { id } = only();
    await project.terraform('state', 'rm', ADDRESS);
    expect((await project.terraform('import', '-no-color', ADDRESS, id)).output).toContain('Import successful');
    expect(await project.plan()).toEqual([]);
    await project.terraform('state', 'rm', ADDRESS);
    configure({}, { import: [{ to: ADDRESS, id }] });
    expect((await project.terraform('plan', '-no-color')).output).toContain('1 to import, 0 to add, 0 to change');
  });

  it('waits for a value that only the apply knows, even if that decides about its replacement', async () => {
    const first = { first: { ...MACHINE, name: 'first' } };
    const second = {
      ...MACHINE,
      name: 'second',
      region: '${acme_machine.first.address}',
      labels: { of: '${acme_machine.first.id}' },
    };
    project.configure({ acme_machine: { ...first, second } });
    await project.apply();
    expect(await project.attributes('acme_machine.second')).toMatchObject({ region: '10.0.0.1' });
    expect(await project.plan()).toEqual([]);
    await project.terraform('taint', 'acme_machine.first');
    const replaced = ['delete', 'create'];
    expect(await project.plan()).toEqual([
      { address: 'acme_machine.first', actions: replaced },
      { address: 'acme_machine.second', actions: replaced },
    ]);
  });

  it('belongs to the configuration of its provider, also when that is an alias or unknown during the plan', async () => {
    const configurations = [
      { account: 'north' },
      { alias: 'south', account: 'south' },
      { alias: 'made', account: '${acme_machine.one.id}' },
    ];
    project.configure(
      {
        acme_machine: {
          one: { name: 'one' },
          two: { name: 'two', provider: 'acme.south' },
          three: { name: 'three', provider: 'acme.made' },
        },
      },
      { provider: { acme: configurations } },
    );
    await project.apply();
    const accounts = Object.fromEntries(cloud.all().map(({ attributes, account }) => [attributes['name'], account]));
    expect(accounts).toMatchObject({ one: 'north', two: 'south' });
    expect(accounts['three']).toMatch(/^m-/);
    expect(await project.plan()).toEqual([]);
  });

  it('goes on with a state that lacks attributes and blocks', async () => {
    await applied();
    const state = JSON.parse((await project.terraform('state', 'pull')).output);
    const [instance] = state.resources[0].instances;
    for (const name of ['mount', 'network', 'rule', 'hourly']) delete instance.attributes[name];
    state.serial += 1;
    const folder = mkdtempSync(join(tmpdir(), 'forge-state-'));
    writeFileSync(join(folder, 'state.json'), JSON.stringify(state));
    expect((await project.terraform('state', 'push', join(folder, 'state.json'))).code).toBe(0);
    rmSync(folder, { recursive: true });
    expect(await project.plan()).toEqual([]);
  });

  it('refuses a value for an attribute that the provider decides, and an import that it cannot do', async () => {
    configure({ network: { cidr: '10.0.0.0/24', gateway: '10.0.0.2' } });
    const { code, output } = await project.terraform('plan', '-no-color');
    expect(code).toBe(1);
    expect(output).toContain('gateway is decided by the provider');
    project.configure({ acme_stone: { one: {} } });
    expect((await project.terraform('import', '-no-color', 'acme_stone.one', 'x')).output).toContain(
      'acme_stone cannot be imported',
    );
  });
});
