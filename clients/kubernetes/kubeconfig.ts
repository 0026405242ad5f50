/** Reads kubeconfigs. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { CommandFailure } from '../failure';
import type { KubernetesAccess } from './access';

const named = <T extends z.ZodType>(key: string, value: T) => z.array(z.object({ name: z.string(), [key]: value }));
const kubeconfigFile = z.object({
  'current-context': z.string(),
  contexts: named('context', z.object({ cluster: z.string(), user: z.string() })),
  clusters: named('cluster', z.object({ server: z.url() }).catchall(z.unknown())),
  users: named('user', z.record(z.string(), z.unknown())),
});

/**
 * From the current context of a kubeconfig with a client certificate, inline or in files.
 *
 * @throws CommandFailure for a file that is none, or that holds other credentials
 */
export function accessFromKubeconfig(file: string): KubernetesAccess {
  const kubeconfig = readKubeconfig(file);
  const context = pick(kubeconfig.contexts, 'context', kubeconfig['current-context'], file);
  const cluster = pick(kubeconfig.clusters, 'cluster', context['cluster'], file);
  const user = pick(kubeconfig.users, 'user', context['user'], file);
  const pem = (object: Readonly<Record<string, unknown>>, key: string) => readPem(object, key, file);
  return {
    server: String(cluster['server']),
    clusterCaCertificate: pem(cluster, 'certificate-authority'),
    clientCertificate: pem(user, 'client-certificate'),
    clientKey: pem(user, 'client-key'),
  };
}

function readKubeconfig(file: string): z.infer<typeof kubeconfigFile> {
  try {
    return kubeconfigFile.parse(parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'There is no such file' : 'It is not a kubeconfig with a current context';
    throw new CommandFailure(`${file} cannot be used. ${reason}. Make one with: npx forge kubeconfig --out ${file}`, {
      exitCode: 2,
      cause,
    });
  }
}

type Entry = Readonly<Record<string, unknown>>;

function pick(entries: readonly Entry[], key: string, name: unknown, file: string): Entry {
  const found = entries.find((entry) => entry['name'] === name)?.[key];
  if (found !== undefined) return found as Entry;
  throw new CommandFailure(`${file} names the ${key} ${JSON.stringify(name)} but does not hold it.`, { exitCode: 2 });
}

/** Data in the file itself wins, as with kubectl. */
function readPem(entry: Entry, key: string, file: string): string {
  const data = entry[`${key}-data`];
  if (typeof data === 'string') return Buffer.from(data, 'base64').toString();
  const path = entry[key];
  if (typeof path === 'string') return readFileSync(resolve(dirname(file), path), 'utf8');
  throw new CommandFailure(
    `${file} has no ${key}: only client certificates are understood. Make one with: npx forge kubeconfig --out ${file}`,
    { exitCode: 2 },
  );
}
