import type { PkiFile } from '#stacks/network/pki';
import { plot } from '../droplets';
import { pemOf, pkiFiles, withFile } from '../k3s/pki-files';
import { eventually, openSandbox, type RunningSandbox } from '../running-sandbox';

jest.setTimeout(120_000);

describe('a droplet that cannot become a node', () => {
  let sandbox: RunningSandbox;
  let pki: PkiFile[];
  beforeAll(async () => {
    pki = await pkiFiles();
    sandbox = await openSandbox();
  });
  let number = 2000;
  const reasonFor = async (droplet: { userData: string }) => {
    const id = number++;
    await sandbox.runtime.boot({ ...plot(pki, 3).server(1), ...droplet, id });
    await eventually(() => sandbox.status(id).state === 'failed');
    const { reason } = sandbox.status(id);
    await sandbox.runtime.destroy(id);
    return reason;
  };
  const server = (files: readonly PkiFile[] = pki) => plot(files, 3).server(1).userData;

  it('says what is wrong with its user data', async () => {
    expect(await reasonFor({ userData: '#!/bin/sh' })).toContain('does not start with #cloud-config');
    expect(await reasonFor({ userData: '#cloud-config\n' })).toContain('Nothing in the user data started k3s');
  });

  it('says what is wrong with its keys', async () => {
    const wrongKey = withFile(pki, 'client-ca.key', pemOf(pki, 'server-ca.key'));
    expect(await reasonFor({ userData: server(wrongKey) })).toBe(
      '/var/lib/rancher/k3s/server/tls/client-ca.key is not the key of client-ca.crt: nothing that it signs would be trusted.',
    );
  });

  it('says what is wrong with its configuration', async () => {
    const renamed = server().replace('agent-token:', 'agent-tokens:');
    expect(await reasonFor({ userData: renamed })).toContain('Did you mean "agent-token"?');
  });

  it('says what a program of the control plane refused', async () => {
    const unknownFlag = server().replace('audit-log-maxage=30', 'audit-log-maximum-age=30');
    const reason = await reasonFor({ userData: unknownFlag });
    expect(reason).toContain('kube-apiserver ended with exit code 1');
    expect(reason).toContain('unknown flag: --audit-log-maximum-age');
    expect(sandbox.processes()).toEqual([]);
  });

  it.each([
    'metadata-cutoff.sh',
    'wait-for-network.sh',
    'install-k3s.sh',
    'configure-node.sh',
    'newest-object.sh',
    'living-server.sh',
    'bootstrap-server.sh',
    'found-cluster.sh',
  ])('does not come up with a fault in %s, and names it', async (script) => {
    const userData = withFault(server(), script);
    await sandbox.runtime.boot({ ...plot(pki, 3).server(1), userData, id: 2999 });
    await eventually(() => expect(sandbox.status(2999).reason).toMatch(/\.service: /));
    expect(sandbox.status(2999).state).not.toBe('running');
    expect(sandbox.log.slice(-6).join()).toContain('planted');
    await sandbox.runtime.destroy(2999);
  });

  it('waits as long as nobody answers', async () => {
    await sandbox.runtime.boot(plot(pki, 3).worker(1));
    await eventually(() => sandbox.status(1051).reason?.startsWith('Waiting until all servers run'));
    expect(sandbox.status(1051).state).toBe('booting');
    await sandbox.runtime.destroy(1051);
    expect(sandbox.runtime.status().droplets).toEqual([]);
  });
});

/** The user data with a script that fails. */
function withFault(userData: string, script: string): string {
  const content = Buffer.from('#!/usr/bin/env bash\necho planted >&2\nexit 3\n').toString('base64');
  const file = new RegExp(`(path: /usr/local/lib/forge/${script}\\n(?: .*\\n)*? *content: ')[^']*`);
  expect(userData).toMatch(file);
  return userData.replace(file, `$1${content}`);
}
