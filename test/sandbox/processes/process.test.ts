import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processStarter } from '#sandbox/processes/process';
import { ProcessGroup } from '#sandbox/cluster/droplet/process-group';
import { endLeftovers, rememberProcess } from '#sandbox/processes/process-record';
import { newFolder } from '#test/new-folder';

const ROOT = join(__dirname, '../../..');
const shell = (name: string, script: string) => ({ name, command: 'sh', args: ['-c', script] });

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

async function until(check: () => boolean): Promise<void> {
  while (!check()) await sleep(20);
}

describe('a child process', () => {
  let folder: string;
  beforeEach(() => {
    folder = newFolder('process');
  });

  it('logs to a file that only its owner can read', async () => {
    const starter = processStarter(folder);
    await starter.start(shell('talker', 'echo out; echo err >&2')).ended;
    expect(readFileSync(starter.logFile('talker'), 'utf8')).toBe('out\nerr\n');
    expect(statSync(starter.logFile('talker')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'logs')).mode & 0o777).toBe(0o700);
  });

  it('is asked to end, and made to end when it does not', async () => {
    const starter = processStarter(folder);
    const polite = starter.start(shell('polite', 'trap "echo bye; exit 0" TERM; while :; do sleep 0.02; done'));
    const stubborn = starter.start(shell('stubborn', 'trap "" TERM; echo up; while :; do sleep 0.02; done'));
    await until(() => readFileSync(starter.logFile('stubborn'), 'utf8') !== '');
    await Promise.all([polite.stop(), stubborn.stop(100)]);
    expect([isAlive(polite.pid), isAlive(stubborn.pid)]).toEqual([false, false]);
    expect(readdirSync(join(folder, 'processes'))).toEqual([]);
  });

  it('is reported with the end of its log when it fails', async () => {
    const group = new ProcessGroup(processStarter(folder));
    group.start(shell('faulty', 'echo start; echo "Error: no such flag"; exit 3'));
    expect(await group.failure).toBe('faulty ended with exit code 3\n  Error: no such flag');
    await expect(group.until(() => false)).rejects.toThrow('no such flag');
  });

  it('does not outlive the sandbox’s process, even if that is killed', async () => {
    const script = `
      const { processStarter } = require('./sandbox/processes/process');
      const child = processStarter(${JSON.stringify(folder)}).start({ name: 'child', command: 'sleep', args: ['600'] });
      console.log(child.pid);
      setInterval(() => {}, 1000);`;
    const sandbox = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', script], { cwd: ROOT });
    const pid = await new Promise<number>((resolve) => sandbox.stdout.once('data', (data) => resolve(Number(data))));
    // From its first moment on it is the program that asks the kernel for this.
    await until(() => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n');
    sandbox.kill('SIGKILL');
    await until(() => !isAlive(pid));
  });

  it('that was left behind is ended by the next sandbox', async () => {
    const left = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    rememberProcess(folder, left.pid!, 'left');
    expect(await endLeftovers(folder)).toEqual(['left']);
    expect(isAlive(left.pid!)).toBe(false);
    expect(await endLeftovers(folder)).toEqual([]);
  });

  it('of somebody else is left alone, though it has the id of one of ours', async () => {
    const other = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    rememberProcess(folder, process.pid, 'ours');
    const records = join(folder, 'processes');
    renameSync(join(records, `${process.pid}.json`), join(records, `${other.pid!}.json`));
    expect(await endLeftovers(folder)).toEqual([]);
    expect(isAlive(other.pid!)).toBe(true);
    other.kill('SIGKILL');
  });
});
