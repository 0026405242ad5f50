import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { newFolder } from '#test/new-folder';
import { K8S } from './manifests';

const MOUNTED = '/run/secrets/digitalocean';

/**
 * Runs the probe's own command in a real shell. What no test here can show is kubelet's part: that it brings the mounted Secret
 * up to date within a minute or two, ends a container whose probe fails, and reads the environment anew at the next start.
 */
describe("the volume driver's token", () => {
  const [controller] = parseAllDocuments(
    readFileSync(join(K8S, 'components/digitalocean-csi/controller.yaml'), 'utf8'),
  ).map((document) => document.toJS());
  const { spec } = controller.spec.template;
  const plugin = spec.containers.find(({ name }: { name: string }) => name === 'csi-do-plugin');
  let folder: string;
  beforeEach(() => void (folder = newFolder('csi')));

  it('is mounted from the Secret that Terraform writes', () => {
    expect(spec.volumes).toContainEqual({ name: 'token', secret: { secretName: 'digitalocean' } });
    expect(plugin.volumeMounts).toContainEqual({ name: 'token', mountPath: MOUNTED, readOnly: true });
  });

  it('ends the driver when the Secret has another one, and only then', () => {
    expect(probe('one', 'one')).toEqual({ code: 0, text: '' });
    expect(probe('one', 'another')).toEqual({ code: 1, text: expect.stringContaining('has another token') });
    expect(plugin.livenessProbe.failureThreshold).toBe(1);
  });

  it('shows no token in what the probe prints', () => {
    expect(probe('secret-one', 'secret-two').text).not.toMatch(/secret-/);
  });

  function probe(running: string, mounted: string): { code: number; text: string } {
    writeFileSync(join(folder, 'access-token'), mounted);
    const [program, ...args] = plugin.livenessProbe.exec.command as string[];
    const own = args.map((arg) => arg.replaceAll(MOUNTED, folder));
    const [, variable = ''] = /"\$(\w+)"/.exec(own.join(' ')) ?? [];
    const env = { PATH: process.env['PATH'], [variable]: running };
    try {
      return { code: 0, text: execFileSync(program!, own, { env, encoding: 'utf8', stdio: 'pipe' }) };
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string };
      return { code: status, text: stdout };
    }
  }
});
