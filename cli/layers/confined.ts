/** Runs the programs that render manifests. What they read is somebody else's: they get no credentials, no way out and no time without end. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '#clients/program';

export interface Confined {
  /** Private. */
  readonly scratch: string;
  /** Default: the scratch folder. */
  readonly cwd?: string;
  /** Whether it may use the network; without credentials all the same. */
  readonly online?: boolean;
}

const [SECONDS, PROCESSOR_SECONDS] = [120, 60];
const MEMORY_KIB = 4 * 1024 * 1024;
/** In blocks of 512 bytes: of each file that it writes, its answer too. */
const FILE_BLOCKS = 64 * 2048;
const LIMITED = [
  `ulimit -v ${MEMORY_KIB} && ulimit -t ${PROCESSOR_SECONDS} && ulimit -f ${FILE_BLOCKS} || exit 1`,
  'exec "$@" > "$0/out" 2> "$0/err" < /dev/null',
].join('\n');
/** Of what the network needs, and that is no credential. */
const NETWORK = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
/** Nothing listens on the discard port. */
const NOWHERE = 'http://127.0.0.1:9';
const LONGEST_REASON = 600;

/**
 * What a program prints.
 *
 * @param program its path
 * @throws Error with the end of what it says when it fails, or why it was ended
 */
export async function runConfined(program: string, args: readonly string[], options: Confined): Promise<string> {
  const { scratch, cwd = scratch } = options;
  const place = mkdtempSync(join(scratch, 'run-'));
  const signal = AbortSignal.timeout(SECONDS * 1000);
  try {
    const env = environment(place, options);
    const { code } = await runProgram('/bin/sh', ['-c', LIMITED, place, program, ...args], { cwd, signal, env });
    if (code === 0) return readFileSync(join(place, 'out'), 'utf8');
    throw new Error(reason(readFileSync(join(place, 'err'), 'utf8'), scratch) || `ended with ${code}: a limit was met`);
  } catch (error) {
    throw signal.aborted ? new Error(`did not end within ${SECONDS} s`) : error;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** An empty PATH: Kustomize would start git for a base from elsewhere, and Helm its plugins. */
function environment(place: string, { scratch, online = false }: Confined): NodeJS.ProcessEnv {
  const home = join(scratch, 'home');
  mkdirSync(home, { recursive: true });
  const helm = { HELM_CACHE_HOME: join(home, 'cache'), HELM_CONFIG_HOME: home, HELM_DATA_HOME: home };
  const network = online
    ? Object.fromEntries(NETWORK.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
    : { HTTP_PROXY: NOWHERE, HTTPS_PROXY: NOWHERE };
  return { PATH: place, HOME: home, TMPDIR: place, KUBECONFIG: '/dev/null', ...helm, ...network };
}

function reason(said: string, scratch: string): string {
  return said.replaceAll(scratch, '').replaceAll(/\s+/g, ' ').trim().slice(-LONGEST_REASON);
}
