/** A checkout of the project's own k8s/, to be changed, and `forge layers diff` on it. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CommanderError } from 'commander';
import { layersCommand } from '#cli/layers/command';
import type { LayersDiff } from '#cli/layers/layers-diff';
import { newFolder } from '#test/new-folder';

const PROJECT = join(__dirname, '../../..');

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** On the branch main, with everything committed. */
export class SampleCheckout {
  private constructor(readonly folder: string) {}

  static create(): SampleCheckout {
    const checkout = new SampleCheckout(newFolder('layers'));
    for (const name of ['k8s', 'forge.yaml'])
      cpSync(join(PROJECT, name), join(checkout.folder, name), { recursive: true });
    checkout.git('init', '-qb', 'main');
    checkout.commit();
    return checkout;
  }

  copy(): SampleCheckout {
    const folder = newFolder('layers');
    cpSync(this.folder, folder, { recursive: true, verbatimSymlinks: true });
    return new SampleCheckout(folder);
  }

  git(...args: readonly string[]): string {
    return execFileSync(
      'git',
      ['-C', this.folder, '-c', 'user.name=one', '-c', 'user.email=one@example.org', ...args],
      {
        env: { PATH: process.env['PATH'], HOME: this.folder, GIT_CONFIG_NOSYSTEM: '1' },
        stdio: 'pipe',
      },
    ).toString();
  }

  commit(): void {
    this.git('add', '-A');
    this.git('commit', '-qm', 'change');
  }

  /** In k8s/. */
  at(path: string): string {
    return join(this.folder, 'k8s', path);
  }

  remove(path: string): void {
    rmSync(this.at(path), { recursive: true });
  }

  edit(path: string, change: (text: string) => string): void {
    const before = readFileSync(this.at(path), 'utf8');
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(this.at(path), after);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), text);
  }

  /** `forge layers diff`, from main unless told otherwise. */
  async diff(...args: readonly string[]): Promise<Outcome> {
    let [out, err] = ['', ''];
    const terminal = {
      env: { FORGE_CONFIG: join(this.folder, 'forge.yaml') },
      ask: undefined,
      write: (text: string) => void (out += text),
      notify: (text: string) => void (err += text),
    };
    const command = layersCommand(terminal, this.folder);
    for (const one of [command, ...command.commands]) one.exitOverride().configureOutput({ writeErr: terminal.notify });
    const base = args.includes('--base') ? [] : ['--base', 'main'];
    try {
      await command.parseAsync(['diff', ...base, ...args], { from: 'user' });
      return { code: 0, out, err };
    } catch (error) {
      const { code, exitCode = 1, message } = error as Partial<CommanderError>;
      return { code: code?.startsWith('commander.') ? 2 : exitCode, out, err: `${err}${message}` };
    }
  }

  async found(...args: readonly string[]): Promise<LayersDiff & { readonly code: number }> {
    const { code, out, err } = await this.diff('--json', ...args);
    if (out === '') throw new Error(err);
    return { code, ...(JSON.parse(out) as LayersDiff) };
  }

  /** `Kind/name: effect` of what is removed. */
  async effects(...args: readonly string[]): Promise<{ readonly code: number; readonly found: readonly string[] }> {
    const { code, removed } = await this.found(...args);
    return { code, found: removed.map(({ object, effect }) => `${object.kind}/${object.name}: ${effect}`).sort() };
  }
}
