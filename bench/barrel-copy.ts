/** The same stacks as a project made by `cdktf init` would hold them: imports from the packages' roots, run by ts-node. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT, timedRun } from './processes';

const PROJECT = ['main.ts', 'config', 'stacks', '.gen', 'charts', 'forge.yaml', 'package-lock.json'];
const RUNNER = { 'ts-node': '10.9.2', typescript: '5.9.3', '@types/node': '20.19.43' };
const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023'],
    module: 'commonjs',
    moduleResolution: 'node10',
    strict: true,
    resolveJsonModule: true,
    esModuleInterop: true,
    skipLibCheck: true,
    types: ['node'],
  },
};
const DEEP_IMPORT = /^import (type )?\{([^}]*)\} from '(@cdktf\/provider-[\w-]+)\/lib\/([\w-]+)';$/gm;

/** @returns the folder, with everything installed */
export async function makeBarrelCopy(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  for (const name of PROJECT) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  for (const file of sources(join(folder, 'stacks')))
    writeFileSync(file, withBarrelImports(readFileSync(file, 'utf8')));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
    overrides: object;
  };
  const { dependencies, overrides } = own;
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies, devDependencies: RUNNER, overrides }),
  );
  await timedRun('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: folder,
  });
  return folder;
}

function sources(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
}

/** `{ Vpc }` from `lib/vpc` is `vpc.Vpc` of the package. */
export function withBarrelImports(source: string): string {
  return source.replace(DEEP_IMPORT, (_, __, names: string, from: string, module: string) => {
    // Each package has a module `provider`.
    const space = camelCase(`${basename(from)}-${module}`);
    const aliases = names
      .split(',')
      .map((name) => name.trim().replace(/^type /, ''))
      .filter((name) => name !== '')
      .map((name) => name.split(' as '))
      .map(([name = '', alias = name]) => `import ${alias} = ${space}.${name};`);
    return [`import { ${camelCase(module)} as ${space} } from '${from}';`, ...aliases].join('\n');
  });
}

function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
