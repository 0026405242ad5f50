import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

describe('Ctrl-C during a list of tasks', () => {
  /** @param task what it does once it has said `begun`. @returns its exit code, and what was said after that */
  async function interrupted(task: string): Promise<[code: number | null, said: string]> {
    const program = `
      const { runTasks } = require('./cli/output/task-list.ts');
      const { interruptible } = require('./cli/output/interruptible.ts');
      const task = () => { console.error('begun'); return ${task}; };
      runTasks([{ title: 'task', task }]).catch(({ message }) => { console.error(message); process.exit(1); });
      setTimeout(() => undefined, 60_000);`;
    const child = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', program], { cwd: ROOT });
    let said = '';
    child.stderr.on('data', (part) => {
      said += String(part);
      if (said === 'begun\n') child.kill('SIGINT');
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return [code, said.replace('begun\n', '')];
  }

  it('ends one at once that cannot end in order', async () => {
    expect(await interrupted('new Promise(() => undefined)')).toEqual([130, '']);
  });

  it('waits for one that can', async () => {
    const work = `interruptible((signal) => new Promise((end) => signal.addEventListener('abort', () => setTimeout(() => { console.error('in order'); end(); }, 200))))`;
    expect(await interrupted(work)).toEqual([
      1,
      expect.stringMatching(/^in order\n(.*\n)?Interrupted\. It can be run again\.\n$/),
    ]);
  });
});
