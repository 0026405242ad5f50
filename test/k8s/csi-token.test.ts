import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { K8S } from './manifests';

/**
 * Runs the probe's own command in a real shell. What no test here can show is kubelet's part: that it brings the mounted Secret
 * up to date within a minute or two, ends a container whose probe fails, and reads the environment anew at the next start.
 */
describe("the volume driver's token", () => {
  const { spec } = parse(readFileSync(join(K8S, 'components/digitalocean-csi/controller.yaml'), 'utf8')).spec.template;
  const plugin = spec.containers.find(({ name }: { name: string }) => name === 'csi-do-plugin');
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'forge-csi-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is mounted from the Secret that Terraform writes', () => {
    const [{ name, mountPath }] = plugin.volumeMounts;
    expect(mountPath).toBe('/run/secrets/digitalocean');
    expect(spec.volumes).toEqual([{ name, secret: { secretName: 'digitalocean' } }]);
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
    const own = args.map((arg) => arg.replaceAll(plugin.volumeMounts[0].mountPath as string, folder));
    const env = { PATH: process.env['PATH'], DIGITALOCEAN_ACCESS_TOKEN: running };
    try {
      return { code: 0, text: execFileSync(program!, own, { env, encoding: 'utf8', stdio: 'pipe' }) };
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string };
      return { code: status, text: stdout };
    }
  }
});
