import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { ProviderError } from '#sandbox/cloud/terraform/engine/resource';
import { terraformProject, type TerraformProject } from '../terraform-project';
import { sampleCloud, sampleProvider, type Machine, type SampleCloud } from './sample-provider';

jest.setTimeout(60_000);

const TWO = { acme_machine: { one: { name: 'one' }, two: { name: 'two', depends_on: ['acme_machine.one'] } } };

describe('an error of an emulated provider', () => {
  let cloud: SampleCloud;
  let put: SampleCloud['put'];
  let remove: SampleCloud['remove'];
  let project: TerraformProject;
  const refuse = () => {
    throw new ProviderError('The cloud is tired');
  };

  beforeEach(async () => {
    cloud = sampleCloud();
    ({ put, remove } = cloud);
    const asked = { ...cloud, put: (machine: Machine) => put(machine), remove: (id: string) => remove(id) };
    project = await terraformProject([provider(sampleProvider(asked))]);
    project.configure(TWO);
  });
  afterEach(() => project.close());

  it('is shown, and the next apply goes on from there', async () => {
    put = refuse;
    await expect(project.apply()).rejects.toThrow(/The cloud is tired/);
    expect(cloud.all()).toEqual([]);
    ({ put } = cloud);
    await project.apply();
    expect(cloud.all()).toHaveLength(2);
  });

  it('in an update or a delete leaves the resource in the state as it was', async () => {
    await project.apply();
    put = refuse;
    project.configure({ acme_machine: { ...TWO.acme_machine, one: { name: 'renamed' } } });
    await expect(project.apply()).rejects.toThrow('The cloud is tired');
    expect(await project.attributes('acme_machine.one')).toMatchObject({ name: 'one', revision: 1 });
    remove = refuse;
    await expect(project.destroy()).rejects.toThrow('The cloud is tired');
    expect(cloud.all()).toHaveLength(2);
    ({ put, remove } = cloud);
    await project.destroy();
    expect(cloud.all()).toEqual([]);
  });
});

describe('the death of the process that emulates a provider', () => {
  const children: ChildProcess[] = [];
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'forge-mortal-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it('ends the apply with what was made before, and a new one on the same socket completes it', async () => {
    const file = join(folder, 'cloud.json');
    let socket = '';
    const start = async (last: string) => {
      const child = fork(join(__dirname, 'provider-process.ts'), [socket, file, last], {
        execArgv: ['--require', 'tsx/cjs'],
      });
      children.push(child);
      await once(child, 'message');
      return child;
    };
    const project = await terraformProject([
      {
        address: 'registry.terraform.io/example/acme',
        serve: async (path) => {
          socket = path;
          await start('two');
          return { stop: () => Promise.resolve() };
        },
      },
    ]);
    try {
      project.configure(TWO);
      await expect(project.apply()).rejects.toThrow('Plugin did not respond');
      expect(children[0]!.signalCode).toBe('SIGKILL');
      await start('');
      expect(await project.plan()).toEqual([{ address: 'acme_machine.two', actions: ['create'] }]);
      await project.apply();
      expect(sampleCloud(file).all()).toHaveLength(3);
      expect(await project.plan()).toEqual([]);
    } finally {
      await project.close();
    }
  });
});
