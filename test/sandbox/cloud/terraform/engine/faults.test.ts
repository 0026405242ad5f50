import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { injectFault, noConditions, type Conditions } from '#sandbox/cloud/http/faults';
import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { terraformProject, type TerraformProject } from '../terraform-project';
import { sampleCloud, sampleProvider, type SampleCloud } from './sample-provider';

jest.setTimeout(60_000);

const TWO = { acme_machine: { one: { name: 'one' }, two: { name: 'two', depends_on: ['acme_machine.one'] } } };

describe('a fault put into an emulated provider', () => {
  let cloud: SampleCloud;
  let conditions: Conditions;
  let project: TerraformProject;
  const names = () => cloud.all().map(({ attributes }) => attributes['name']);

  beforeEach(async () => {
    cloud = sampleCloud();
    conditions = noConditions();
    const sample = provider(sampleProvider(cloud));
    project = await terraformProject([{ ...sample, serve: (socket) => sample.serve(socket, conditions) }]);
    project.configure(TWO);
  });
  afterEach(() => project.close());

  it('that is an error is shown, and the next apply goes on from there', async () => {
    const effect = { kind: 'error', status: 503, id: 'unavailable', message: 'The cloud is tired' } as const;
    injectFault(conditions, { operation: 'acme_machine:create', effect });
    await expect(project.apply()).rejects.toThrow(/The cloud is tired/);
    expect(names()).toEqual([]);
    await project.apply();
    expect(names()).toEqual(['one', 'two']);
  });

  it('that hits an update or a delete leaves the resource in the state as it was', async () => {
    await project.apply();
    const effect = { kind: 'error', status: 500, id: 'server_error', message: 'Broken' } as const;
    injectFault(conditions, { operation: 'acme_machine:update', effect });
    project.configure({ acme_machine: { ...TWO.acme_machine, one: { name: 'renamed' } } });
    await expect(project.apply()).rejects.toThrow('Broken');
    expect(await project.attributes('acme_machine.one')).toMatchObject({ name: 'one', revision: 1 });
    injectFault(conditions, { operation: 'acme_machine:delete', effect });
    await expect(project.destroy()).rejects.toThrow('Broken');
    expect(cloud.all()).toHaveLength(2);
    await project.destroy();
    expect(cloud.all()).toEqual([]);
  });

  it('that is a crash before the write leaves nothing, and one after it an orphan', async () => {
    injectFault(conditions, { operation: 'acme_machine:create', effect: { kind: 'crash-before' } });
    await expect(project.apply()).rejects.toThrow('Plugin did not respond');
    expect(names()).toEqual([]);
    injectFault(conditions, { operation: 'acme_machine:create', effect: { kind: 'crash-after' } });
    await expect(project.apply()).rejects.toThrow('Plugin did not respond');
    expect(names()).toEqual(['one']);
    await project.apply();
    expect(names()).toEqual(['one', 'one', 'two']);
  });

  it('that is a delay, and latency, only take time', async () => {
    injectFault(conditions, { operation: 'acme_machine:create', effect: { kind: 'delay', ms: 20 } });
    conditions.latency = { 'acme_machine:*': 5, 'data.acme_image:read': 5 };
    await project.apply();
    expect(names()).toEqual(['one', 'two']);
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
