/** The programs that a deploy needs. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { failure, ok, warning, type Check, type Finding } from './check';

const run = promisify(execFile);
const README = 'The README says what is needed.';

export function toolChecks(env: NodeJS.ProcessEnv): Check[] {
  return [
    { name: 'node', run: () => Promise.resolve(nodeVersion(process.versions.node)) },
    { name: 'terraform', run: () => terraform(env) },
    { name: 'git', run: () => version(env, 'git', ['--version'], failure) },
    { name: 'kubectl', run: () => version(env, 'kubectl', ['version', '--client'], warning) },
  ];
}

/** As `engines` in package.json: the CDKTF CLI brings binaries for no later one. Source for the ends: Node's release schedule. */
export function nodeVersion(found: string): Finding {
  const [major = 0, minor = 0] = found.split('.').map(Number);
  if (major === 22) return ok(found);
  if (major === 20 && minor >= 19) return warning(found, 'Works, but gets no fixes since April 2026: install Node 22.');
  return failure(found, 'Install Node 22.');
}

/** Locks by conditional writes came with 1.11. */
export function terraformVersion(found: string): Finding {
  const [major = 0, minor = 0] = found.split('.').map(Number);
  if (major > 1 || (major === 1 && minor >= 11)) return ok(found);
  return failure(found, 'Install Terraform 1.11 or later: older ones cannot lock the state in Spaces.');
}

async function terraform(env: NodeJS.ProcessEnv): Promise<Finding> {
  try {
    const { stdout } = await run('terraform', ['version', '-json'], { env: { ...env, CHECKPOINT_DISABLE: '1' } });
    return terraformVersion((JSON.parse(stdout) as { terraform_version: string }).terraform_version);
  } catch (error) {
    return unusable(error, 'terraform', failure, `Install Terraform 1.11 or later. ${README}`);
  }
}

type Level = typeof failure | typeof warning;

async function version(
  env: NodeJS.ProcessEnv,
  program: string,
  args: readonly string[],
  level: Level,
): Promise<Finding> {
  try {
    const { stdout } = await run(program, [...args], { env });
    return ok(stdout.split('\n')[0]!.trim());
  } catch (error) {
    return unusable(error, program, level, `Install ${program}.`);
  }
}

/** Version managers leave a program of the right name that only says what it misses. */
function unusable(error: unknown, program: string, level: Level, install: string): Finding {
  const { code, stderr = '' } = error as { code?: unknown; stderr?: string };
  if (code === 'ENOENT') return level('not found', install);
  const [reason] = stderr.trim().split('\n');
  return level(`does not run${reason ? `: ${reason}` : ''}`, `Try it: ${program} version. ${README}`);
}
