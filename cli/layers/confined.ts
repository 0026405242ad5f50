/** Runs the programs that render manifests. What they read is somebody else's: they get no credentials, no way out and no time without end. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '#clients/program';

export interface Confined {
  /** Private. */
  readonly scratch: string;
  /** Default: the scratch folder. */
  readonly cwd?: string;
  /** Whether it may use the network; without credentials all the same. */
  readonly online?: boolean;
  /** Of the processor's time and of the clock's. */
  readonly seconds?: { readonly busy: number; readonly whole: number };
}

const SECONDS = { busy: 60, whole: 120 };
const MEMORY_KIB = 4 * 1024 * 1024;
/** In blocks of 512 bytes: of each file that it writes, such as those of a chart. */
const FILE_BLOCKS = 64 * 2048;
/** More than this is nobody's manifests, and would be read for minutes. */
const LARGEST_ANSWER = 16 * 1024 * 1024;
/** Programs of Go want much more addresses than memory. The first argument is the folder of the answer, the second the seconds. */
const LIMITED = [
  `ulimit -v ${MEMORY_KIB} && ulimit -f ${FILE_BLOCKS} && ulimit -t "$1" || exit 1`,
  'shift && exec "$@" > "$0/out" 2> "$0/err" < /dev/null',
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
  const { scratch, cwd = scratch, seconds = SECONDS } = options;
  const place = mkdtempSync(join(scratch, 'run-'));
  const signal = AbortSignal.timeout(seconds.whole * 1000);
  try {
    const env = environment(place, options);
    const { code } = await runProgram('/bin/sh', ['-c', LIMITED, place, `${seconds.busy}`, program, ...args], {
      cwd,
      signal,
      env,
    });
    const size = statSync(join(place, 'out'), { throwIfNoEntry: false })?.size ?? 0;
    if (size > LARGEST_ANSWER) throw new Error(`made more than ${LARGEST_ANSWER / 1024 / 1024} MiB`);
    if (code === 0) return readFileSync(join(place, 'out'), 'utf8');
    const said = reason(readFileSync(join(place, 'err'), 'utf8'), scratch);
    throw new Error(said || 'was ended: it needs more time, memory or room than it may have');
  } catch (error) {
    throw signal.aborted ? new Error(`did not end within ${seconds.whole} s`) : error;
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
