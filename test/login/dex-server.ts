/** The real Dex, built from the sources of the image that runs, with the settings and the secrets' names of k8s/01-init/dex.yaml. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '#clients/until';
import { freePort } from '#sandbox/net/free-port';
import { processStarter } from '#sandbox/processes/process';
import { parseAllDocuments } from 'yaml';

type Json = Record<string, any>;

export interface DexServer {
  /** Where it answers: of its address, only the host name is another one. */
  readonly url: string;
  readonly issuer: string;
  log(): string;
  stop(): Promise<void>;
}

export interface DexOptions {
  readonly program: string;
  /** Text of k8s/01-init/dex.yaml. */
  readonly manifests: string;
  readonly folder: string;
  /** By the names of the variables of its container. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

const START_LIMIT_MS = 20_000;

export async function startDex({ program, manifests, folder, secrets, environment }: DexOptions): Promise<DexServer> {
  const [settings, deployment] = parseAllDocuments(manifests).map((one) => one.toJS() as Json);
  const text: string = settings!['data']['config.yaml'];
  const [container] = deployment!['spec'].template.spec.containers;
  const [, ...args] = container.command as string[];
  const file = join(folder, 'config.yaml');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, text);
  const variables = (container.env as Json[]).map(({ name }) => [name, secrets[name]] as const);
  const [web, telemetry] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const processes = processStarter(folder);
  const dex = processes.start({
    name: 'dex',
    command: program,
    // On ports of its own: the others of this machine may be taken.
    args: [...args.map((arg) => arg.replace('/etc/dex/config.yaml', file)), ...at(web, telemetry)],
    environment: { ...Object.fromEntries(variables.filter(([, value]) => value !== undefined)), ...environment },
  });
  const isReady = () => fetch(`http://${telemetry}${container.readinessProbe.httpGet.path}`).then(({ ok }) => ok);
  const log = () => readFileSync(processes.logFile('dex'), 'utf8');
  try {
    await Promise.race([
      until(() => isReady().catch(() => false), { every: 50, limit: START_LIMIT_MS, what: 'Dex' }),
      dex.ended.then(({ description }) => Promise.reject(new Error(description))),
    ]);
  } catch (error) {
    await dex.stop();
    throw error;
  }
  const [, issuer] = /^issuer: (\S+)$/m.exec(text)!;
  return { url: `http://${web}`, issuer: issuer!, log, stop: () => dex.stop() };
}

const at = (web: string, telemetry: string) => ['--web-http-addr', web, '--telemetry-addr', telemetry];
