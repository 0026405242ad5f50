import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { terraformProject } from '../terraform-project';

jest.setTimeout(60_000);

const LAST = '3';
const IDS = {
  random_id: { one: { byte_length: 2 }, two: { byte_length: Number(LAST), depends_on: ['random_id.one'] } },
};

describe('the death of the process that emulates a provider', () => {
  const children: ChildProcess[] = [];

  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  it('ends the apply with what was made before, and a new one on the same socket completes it', async () => {
    let socket = '';
    const start = async (...last: string[]) => {
      const script = join(__dirname, 'provider-process.ts');
      const child = fork(script, [socket, ...last], { execArgv: ['--require', 'tsx/cjs'] });
      children.push(child);
      await once(child, 'message');
    };
    const project = await terraformProject([
      {
        address: 'registry.terraform.io/hashicorp/random',
        serve: async (path) => {
          socket = path;
          await start(LAST);
          return { stop: () => Promise.resolve() };
        },
      },
    ]);
    project.configure(IDS);
    await expect(project.apply()).rejects.toThrow('Plugin did not respond');
    expect(children[0]!.signalCode).toBe('SIGKILL');
    await start();
    expect(await project.plan()).toEqual([{ address: 'random_id.two', actions: ['create'] }]);
    await project.apply();
    expect(await project.plan()).toEqual([]);
  });
});
