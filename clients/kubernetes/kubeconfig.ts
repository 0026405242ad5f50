/** Reads kubeconfigs. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { CommandFailure } from '../failure';
import type { KubernetesAccess } from './access';

const entries = z
  .array(z.looseObject({ name: z.string() }))
  .nullish()
  .transform((list) => list ?? []);
const kubeconfigFile = z.object({
  'current-context': z.string().nullish(),
  contexts: entries,
  clusters: entries,
  users: entries,
});

type Entry = Readonly<Record<string, unknown>>;

/**
 * From the current context of a kubeconfig with a client certificate, inline or in files.
 *
 * @throws CommandFailure for a file that is none, or that holds other credentials
 */
export function accessFromKubeconfig(file: string): KubernetesAccess {
  const { contexts, clusters, users, 'current-context': current } = readKubeconfig(file);
  if (!current) throw unusable(file, 'It has no current context. Set one with kubectl config use-context');
  const context = pick(contexts, 'context', current, file);
  const cluster = pick(clusters, 'cluster', context['cluster'], file);
  const user = pick(users, 'user', context['user'], file);
  const { server, 'tls-server-name': serverName } = cluster;
  if (!z.url({ protocol: /^https?$/ }).safeParse(server).success) {
    throw unusable(file, `The server of its current context is no URL`);
  }
  const access = {
    server: String(server),
    ...(typeof serverName === 'string' && serverName !== '' && { serverName }),
    clusterCaCertificate: readPem(cluster, 'certificate-authority', file),
    clientCertificate: readPem(user, 'client-certificate', file),
    clientKey: readPem(user, 'client-key', file),
  };
  const { clientCertificate, clientKey } = access;
  if (new X509Certificate(clientCertificate).checkPrivateKey(createPrivateKey(clientKey))) return access;
  throw unusable(file, 'Its client-key belongs to another client-certificate');
}

/** The file stays as it is, so it may hold other clusters: another name is proposed. */
function unusable(file: string, reason: string, cause?: unknown): CommandFailure {
  return new CommandFailure(
    `${file} cannot be used. ${reason}. Make a kubeconfig with: npx forge kubeconfig --out kubeconfig.yaml`,
    { exitCode: 2, cause },
  );
}

function readKubeconfig(file: string): z.infer<typeof kubeconfigFile> {
  const text = readText(file, (reason, cause) => unusable(file, reason, cause));
  try {
    return kubeconfigFile.parse(parse(text, { merge: true }));
  } catch (cause) {
    throw unusable(file, 'It is no kubeconfig, which has clusters, users, contexts and a current context', cause);
  }
}

/** @param refuse makes the failure of a reason */
function readText(path: string, refuse: (reason: string, cause: unknown) => CommandFailure): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      ENOENT: 'There is no such file',
      EISDIR: 'It is a directory',
      EACCES: 'It is not yours to read',
    };
    throw refuse(reasons[code ?? ''] ?? message, cause);
  }
}

function pick(list: readonly Entry[], key: string, name: unknown, file: string): Entry {
  const found = list.find((entry) => entry['name'] === name)?.[key];
  if (typeof found === 'object' && found !== null) return found as Entry;
  throw unusable(
    file,
    name ? `It names the ${key} ${JSON.stringify(name)} but does not hold it` : `It names no ${key}`,
  );
}

const OTHER_CREDENTIALS = ['exec', 'auth-provider', 'tokenFile', 'token', 'username'];

/** Data in the file itself wins, as with kubectl. */
function readPem(entry: Entry, key: string, file: string): string {
  const [data, path] = [entry[`${key}-data`], entry[key]];
  if (typeof data === 'string' && data !== '') {
    return checked(key, Buffer.from(data, 'base64').toString(), () =>
      unusable(file, `Its ${key}-data is no base64 of PEM`),
    );
  }
  if (typeof path === 'string' && path !== '') {
    const place = resolve(dirname(file), path);
    const refuse = (reason: string, cause?: unknown) => unusable(file, `Its ${key} is in ${place}. ${reason}`, cause);
    return checked(key, readText(place, refuse), () => refuse('It is no PEM'));
  }
  if (key === 'certificate-authority') throw unusable(file, `It has no ${key}, by which its server is known`);
  const other = OTHER_CREDENTIALS.find((name) => entry[name] !== undefined);
  const instead = other === undefined ? '' : ` but ${other}`;
  throw unusable(file, `It has no ${key}${instead}: only client certificates are understood`);
}

function checked(key: string, pem: string, refuse: () => CommandFailure): string {
  try {
    if (key === 'client-key') createPrivateKey(pem);
    else new X509Certificate(pem);
    return pem;
  } catch {
    throw refuse();
  }
}
