import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { outputOf, runAttached, runProgram } from '#clients/program';
import { newFolder } from '#test/new-folder';

const node = (script: string) => ['-e', script];

describe('running a program', () => {
  it('gives what it printed, and every line as it comes', async () => {
    const lines: string[] = [];
    const script = 'process.stdin.on("data", (d) => console.log(`${d}`)); console.error("two"); process.exitCode = 3';
    const result = await runProgram(process.execPath, node(script), {
      input: 'one',
      progress: (line) => void lines.push(line),
    });
    expect(result).toMatchObject({ code: 3, stdout: 'one\n', stderr: 'two\n' });
    expect(result.text).toHaveLength(8);
    expect(lines.sort()).toEqual(['one', 'two']);
  });

  it('gives it the terminal, passes on what ends it, and gives its exit code', async () => {
    expect(await runAttached(process.execPath, node('process.exitCode = 7'))).toBe(7);
    const ready = join(newFolder('program'), 'ready');
    const script = `process.on('SIGTERM', () => process.exit(5)); fs.writeFileSync('${ready}', ''); setInterval(() => 0, 1000)`;
    const running = runAttached(process.execPath, node(script));
    while (!existsSync(ready)) await sleep(20);
    process.emit('SIGTERM');
    expect(await running).toBe(5);
    await expect(runAttached('no-such-program', [])).rejects.toThrow('no-such-program is not installed');
  });

  it('ends it as Ctrl-C does, and waits until it is gone', async () => {
    const [ready, tidied] = ['ready', 'tidied'].map((name) => join(newFolder('program'), name));
    const script = `
      process.on('SIGINT', () => setTimeout(() => { fs.writeFileSync('${tidied}', ''); process.exit() }, 100));
      fs.writeFileSync('${ready}', ''); setInterval(() => 0, 1000)`;
    const ending = new AbortController();
    const running = runProgram(process.execPath, node(script), { signal: ending.signal });
    while (!existsSync(ready!)) await sleep(20);
    ending.abort();
    await expect(running).rejects.toThrow('AbortError');
    expect(existsSync(tidied!)).toBe(true);
  });

  it('says which program is missing', async () => {
    await expect(runProgram('no-such-program', [])).rejects.toThrow('no-such-program is not installed: the README');
  });

  it('fails with what the program says where only its output is wanted', async () => {
    expect(await outputOf(process.execPath, node('console.log(1)'))).toBe('1\n');
    await expect(outputOf(process.execPath, node('throw "broken"'))).rejects.toThrow('broken');
    await expect(outputOf(process.execPath, node('process.exitCode = 4'))).rejects.toThrow('failed: exit code 4');
  });
});
