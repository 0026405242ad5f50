/** Proves the way out of CDKTF: the same project on its maintained fork. docs/decisions/0010 says what a move takes. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newFolder } from '#test/new-folder';

const ROOT = join(__dirname, '../..');
const PROJECT = ['main.ts', 'config', 'stacks', '.gen', 'charts', 'forge.yaml', 'cdktf.json'];
const PROVIDERS = ['digitalocean', 'github', 'helm', 'kubernetes'];
const FORK = '0.24.0';
const INSTALL_LIMIT_MS = 5 * 60_000;
const run = promisify(execFile);

interface PackageFile {
  dependencies: Record<string, string>;
  overrides: Record<string, unknown>;
  imports: Record<string, string>;
}

/** What a move changes in package.json. The rest is left out because a copy only synthesises. */
function movedPackageFile(): object {
  const { dependencies, overrides, imports } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  ) as PackageFile;
  const kept = Object.entries(dependencies).filter(([name]) => name !== 'cdktf-cli');
  return {
    private: true,
    imports,
    dependencies: { ...Object.fromEntries(kept), cdktf: `npm:cdktn@${FORK}`, constructs: '10.7.2' },
    overrides: {
      ...overrides,
      ...Object.fromEntries(PROVIDERS.map((name) => [`@cdktf/provider-${name}`, { cdktf: '$cdktf' }])),
    },
  };
}

async function synthesise(project: string, output: string): Promise<void> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], CDKTF_OUTDIR: output };
  await run('node', ['--require', 'tsx/cjs', 'main.ts'], { cwd: project, env });
}

/** Everything that was written, by path; JSON parsed, so that its layout does not count. */
function synthesised(output: string): Map<string, any> {
  const files = readdirSync(output, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((path) => {
        const text = readFileSync(path, 'utf8');
        return [path.slice(output.length + 1), path.endsWith('.json') ? (JSON.parse(text) as unknown) : text];
      }),
  );
}

describe('the project on cdktn, the maintained fork of CDKTF', () => {
  let folder: string;
  let copy: string;

  beforeAll(async () => {
    folder = newFolder('way-out');
    copy = join(folder, 'project');
    mkdirSync(copy);
    for (const name of PROJECT) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    writeFileSync(join(copy, 'package.json'), JSON.stringify(movedPackageFile()));
    await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: copy });
  }, INSTALL_LIMIT_MS);
  it('has the fork, and nothing else, under the name cdktf', () => {
    const manifests = readdirSync(join(copy, 'node_modules'), { recursive: true })
      .map(String)
      .filter((path) => /(^|node_modules\/)cdktf\/package\.json$/.test(path));
    const found = manifests.map(
      (path) => JSON.parse(readFileSync(join(copy, 'node_modules', path), 'utf8')) as { name: string; version: string },
    );
    expect(found.map(({ name, version }) => `${name} ${version}`)).toEqual([`cdktn ${FORK}`]);
  });

  it('synthesises the three stacks to what they are today, but for the version', async () => {
    const [today, moved] = [join(folder, 'today'), join(folder, 'moved')];
    await Promise.all([synthesise(ROOT, today), synthesise(copy, moved)]);
    const [before, after] = [synthesised(today), synthesised(moved)];
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const stack of ['network', 'cluster', 'github-secrets']) {
      const file = `stacks/${stack}/cdk.tf.json`;
      expect(before.get(file)['//'].metadata.version).toBe('0.21.0');
      expect(after.get(file)['//'].metadata.version).toBe(FORK);
      after.get(file)['//'].metadata.version = '0.21.0';
    }
    after.get('manifest.json').version = '0.21.0';
    expect(after).toEqual(before);
  }, 60_000);

  it('passes the type check', async () => {
    const options = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8')) as { compilerOptions: object };
    const types = { types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')] };
    const file = { ...options, compilerOptions: { ...options.compilerOptions, ...types } };
    writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(file));
    const { stdout } = await run('node', [join(ROOT, 'node_modules/typescript-native/bin/tsc'), '--noEmit'], {
      cwd: copy,
    });
    expect(stdout).toBe('');
  }, 60_000);
});
