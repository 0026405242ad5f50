/** An authority in the place of Let's Encrypt: Pebble, a process of this host, which asks the sandbox's name server where a name leads. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { sendHttp } from '#clients/http';
import { until } from '#clients/until';
import { writePrivateFile } from '#config/private-file';
import { selfSigned } from '../controllers/self-signed-certificate';
import { processStarter } from '../processes/process';
import type { VendorServer } from './internet';

export interface AcmeServerOptions {
  /** Pebble. */
  readonly program: string;
  readonly folder: string;
  /** Loopback. */
  readonly address: string;
  /** `address:port`, asked over TCP. */
  readonly nameServer: string;
  /** Where challenges are asked for. Default: 80, as everywhere. */
  readonly httpPort?: number;
}

export interface AcmeServer {
  /** Under the name of Let's Encrypt. */
  readonly server: VendorServer;
  /** File with all roots that it ever had here, PEM: it makes a new one at each start. */
  readonly authorities: string;
  stop(): Promise<void>;
}

export const LETS_ENCRYPT = 'acme-v02.api.letsencrypt.org';
const PORT = 9005;
const MANAGEMENT_PORT = 9006;
const START_LIMIT_MS = 10_000;
const SECONDS_VALID = 90 * 24 * 60 * 60;
const AUTHORITIES = 'authorities.pem';

export async function startAcmeServer(options: AcmeServerOptions): Promise<AcmeServer> {
  const { program, folder, address } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const settings = join(folder, 'settings.json');
  const authority = await writeSettings(settings, options);
  const pebble = processStarter(folder).start({
    name: 'pebble',
    command: program,
    args: ['-config', settings, '-dnsserver', options.nameServer],
    // At once, and with a challenge for each certificate.
    environment: { PEBBLE_VA_NOSLEEP: '1', PEBBLE_AUTHZREUSE: '0' },
  });
  try {
    const root = await rootOf(`https://${address}:${MANAGEMENT_PORT}/roots/0`, authority);
    const authorities = authoritiesIn(folder);
    if (!existsSync(authorities)) writeFileSync(authorities, '');
    if (!readFileSync(authorities, 'utf8').includes(root)) appendFileSync(authorities, root);
    // Its own path of the directory is no setting.
    const server = { url: `https://${address}:${PORT}`, authority, paths: { '/directory': '/dir' } };
    return { server, authorities, stop: () => pebble.stop() };
  } catch (error) {
    await pebble.stop();
    throw error;
  }
}

/** File with all roots, in the server's folder. */
export function authoritiesIn(folder: string): string {
  return join(folder, AUTHORITIES);
}

/** @returns the authority of its own servers, PEM */
async function writeSettings(file: string, { folder, address, httpPort = 80 }: AcmeServerOptions): Promise<string> {
  const { certificate, key } = await selfSigned([LETS_ENCRYPT]);
  const [certificateFile, keyFile] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  writeFileSync(certificateFile, certificate);
  writePrivateFile(keyFile, key);
  const pebble = {
    listenAddress: `${address}:${PORT}`,
    managementListenAddress: `${address}:${MANAGEMENT_PORT}`,
    certificate: certificateFile,
    privateKey: keyFile,
    httpPort,
    keyAlgorithm: 'ecdsa',
    profiles: { default: { description: "As Let's Encrypt's", validityPeriod: SECONDS_VALID } },
  };
  writeFileSync(file, JSON.stringify({ pebble }));
  return certificate;
}

function rootOf(url: string, authority: string): Promise<string> {
  const agent = new Agent({ ca: authority, servername: LETS_ENCRYPT });
  const root = async () => {
    const answer = await sendHttp({ url, agent }, { timeoutMs: 1000 }).catch(() => undefined);
    return answer?.status === 200 && answer.body.toString();
  };
  return until(root, { every: 100, limit: START_LIMIT_MS, what: "the sandbox's authority for certificates" });
}
