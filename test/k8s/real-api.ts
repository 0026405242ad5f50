/** A real API server with two workers, and kubectl for people with certificates of the cluster. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueLeaf } from '../../sandbox/cluster/leaf-certificate';
import { readPki } from '../../sandbox/cluster/pki';
import { ensureSandboxTools } from '../../sandbox/tools';
import { plot, type Plot } from '../sandbox/cluster/droplets';
import { pkiFiles } from '../sandbox/cluster/pki-files';
import { forwardApi, openSandbox } from '../sandbox/cluster/running-sandbox';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RealApi {
  /** kubectl with the rights of a group. */
  as(group: string): Promise<(args: readonly string[], input?: string) => Promise<Ended>>;
  close(): Promise<void>;
}

export async function startRealApi(): Promise<RealApi> {
  const cluster = plot(await pkiFiles());
  const sandbox = await openSandbox();
  await sandbox.runtime.boot(cluster.server(1));
  for (const worker of [1, 2]) await sandbox.runtime.boot(cluster.worker(worker));
  await forwardApi(sandbox, cluster, 1);
  await sandbox.settled();
  const { kubectl } = await ensureSandboxTools(() => undefined);
  return {
    async as(group) {
      const kubeconfig = join(sandbox.folder, `${group.replace(/\W/g, '-')}.kubeconfig`);
      writeFileSync(kubeconfig, await kubeconfigFor(cluster, group), { mode: 0o600 });
      return (args, input) => run(kubectl, ['--kubeconfig', kubeconfig, ...args], input);
    },
    close: () => sandbox.close(),
  };
}

async function kubeconfigFor({ apiAddress, pki }: Plot, organization: string): Promise<string> {
  const { authorities } = readPki((path) => Buffer.from(pki.find((file) => file.path === path)!.pem));
  const subject = { commonName: 'tester', organization, usages: ['client' as const] };
  const { certificate, key } = await issueLeaf(authorities['client-ca'], subject);
  const base64 = (pem: string | Buffer) => Buffer.from(pem).toString('base64');
  const server = {
    server: `https://${apiAddress}:6443`,
    'certificate-authority-data': base64(authorities['server-ca'].pem),
  };
  const user = { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: server }],
    users: [{ name: 'test', user }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
}

function run(command: string, args: readonly string[], input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(command, [...args], { env: { HOME: '/nonexistent' } }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
    child.stdin?.end(input);
  });
}
