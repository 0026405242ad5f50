import {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { configureCommand } from '#cli/configure/command';
import { newFolder } from '#test/new-folder';

const CHECKOUT = join(__dirname, '../../..');

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('forge configure', () => {
  let folder: string;

  beforeEach(() => {
    folder = newFolder('configure');
    cpSync(join(CHECKOUT, 'k8s'), join(folder, 'k8s'), { recursive: true });
    const config = readFileSync(join(CHECKOUT, 'forge.yaml'), 'utf8');
    writeFileSync(join(folder, 'forge.yaml'), config.replace(/^domain: .*$/m, 'domain: tools.acme.dev'));
  });

  async function forge(...args: string[]): Promise<Ended> {
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const output = () => log.mock.calls.map(([line]) => `${line}\n`).join('');
    try {
      const env = { FORGE_CONFIG: join(folder, 'forge.yaml') };
      await configureCommand(folder, env).parseAsync(args, { from: 'user' });
      return { code: 0, out: output(), err: '' };
    } catch (error) {
      const { message, exitCode } = error as { message: string; exitCode: number };
      return { code: exitCode, out: output(), err: message };
    } finally {
      log.mockRestore();
    }
  }

  const ingress = () => readFileSync(join(folder, 'k8s/01-init/argocd-ingress.yaml'), 'utf8');

  it('writes the manifests once, and then has nothing to do', async () => {
    const first = await forge();
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toContain('k8s/01-init/argocd-ingress.yaml:14  Ingress argocd spec.rules.0.host\n');
    expect(first.out).toMatch(/\d+ values in \d+ files written\./);
    expect(ingress()).toContain('- host: argocd.tools.acme.dev');
    expect(readdirSync(join(folder, 'k8s/01-init')).filter((file) => file.endsWith('.tmp'))).toEqual([]);
    expect(await forge()).toEqual({ code: 0, out: 'k8s/ says what forge.yaml says.\n', err: '' });
  });

  it('--check lists the differences, changes nothing and exits with 1', async () => {
    const before = ingress();
    const { code, out, err } = await forge('--check');
    expect(code).toBe(1);
    expect(out).toContain('argocd.forge.example.org -> argocd.tools.acme.dev');
    expect(err).toContain('Run `npx forge configure`');
    expect(ingress()).toBe(before);
  });

  it('--json prints the differences for programs', async () => {
    const { out } = await forge('--check', '--json');
    expect(JSON.parse(out)).toContainEqual({
      file: '01-init/argocd-ingress.yaml',
      line: 14,
      at: 'Ingress argocd spec.rules.0.host',
      found: 'argocd.forge.example.org',
      wanted: 'argocd.tools.acme.dev',
    });
  });

  it('writes what a link leads to, and leaves links and folders alone', async () => {
    const link = join(folder, 'k8s/03-apps/link.yaml');
    symlinkSync('../01-init/argocd-ingress.yaml', link);
    symlinkSync('nowhere.yaml', join(folder, 'k8s/03-apps/broken.yaml'));
    mkdirSync(join(folder, 'k8s/03-apps/folder.yaml'));
    expect((await forge()).code).toBe(0);
    expect(readlinkSync(link)).toBe('../01-init/argocd-ingress.yaml');
    expect(ingress()).toContain('- host: argocd.tools.acme.dev');
  });

  it('says where to work when there is no k8s/ here', async () => {
    rmSync(join(folder, 'k8s'), { recursive: true });
    const { code, err } = await forge();
    expect(code).toBe(1);
    expect(err).toMatch(/^There is no .*k8s\. Work in the folder of the checkout that holds k8s\/\.$/);
  });

  it('stops at a wrong forge.yaml with 2, and writes nothing', async () => {
    writeFileSync(join(folder, 'forge.yaml'), 'name: forge\n');
    const before = ingress();
    const { code, err } = await forge();
    expect(code).toBe(2);
    expect(err).toContain('forge.yaml');
    expect(ingress()).toBe(before);
  });
});
