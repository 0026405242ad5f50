import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '#sandbox/net/free-port';
import { sandboxEnvironment } from '#sandbox/place/environment';
import { sandboxFolder, type SandboxFolder } from '#sandbox/place/folder';
import { newSettings, writeSettings, type ProvidersInUse } from '#sandbox/place/settings';
import { chooseProviders, STAND_INS, type ProviderChoice } from '#sandbox/providers';
import { sampleConfig } from '#test/stacks/sample';
import { newFolder } from '#test/new-folder';

const OFFICIAL: ProvidersInUse = { kind: 'official', note: 'official ones from a mirror' };

describe('forge sandbox up --providers', () => {
  let folder: SandboxFolder;
  const lines: string[] = [];

  /** On a machine without a mirror and without the registry. */
  const choose = async (choice: ProviderChoice) =>
    chooseProviders(folder, {
      choice,
      env: {},
      terraform: 'terraform',
      progress: (line) => void lines.push(line),
      search: { registry: `http://127.0.0.1:${await freePort()}`, cache: join(folder.path, 'no-cache') },
    });

  beforeEach(() => {
    folder = sandboxFolder(newFolder('choice'));
  });
  afterEach(() => {
    rmSync(folder.sockets, { recursive: true, force: true });
  });

  it('auto takes the stand-ins where the official ones cannot be had, and says why', async () => {
    const { kind, note } = await choose('auto');
    expect(kind).toBe('emulated');
    expect(note).toMatch(/^stand-ins of the sandbox\. .*hashicorp\/tls 4\.2\.1.* cannot be reached/);
  });

  it('official refuses then, with what helps', async () => {
    await expect(choose('official')).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/cannot be had.*\n.*FORGE_MIRROR/) as string,
    });
  });

  it('emulated looks for nothing', async () => {
    expect(await choose('emulated')).toEqual(STAND_INS);
  });

  it('is decided once', async () => {
    writeSettings(folder, newSettings({ network: 99, configFile: 'forge.yaml', providers: OFFICIAL }));
    expect(await choose('auto')).toEqual(OFFICIAL);
    expect(await choose('official')).toEqual(OFFICIAL);
    await expect(choose('emulated')).rejects.toThrow(/uses official ones from a mirror.*forge sandbox down/);
  });

  describe('gives Terraform', () => {
    const environment = (providers: ProvidersInUse) => {
      const settings = newSettings({ network: 99, configFile: 'forge.yaml', providers });
      return sandboxEnvironment(folder, settings, sampleConfig, '{"reattach":1}');
    };

    it('the stand-ins', () => {
      expect(environment(STAND_INS)).toMatchObject({ TF_REATTACH_PROVIDERS: '{"reattach":1}' });
    });

    it("charts of Argo CD for real pods from a mirror that has them, else from the vendor's repository", () => {
      const real = { publicNetwork: '198.18.1.0/24' };
      const ofReal = () => {
        const decided = { network: 99, configFile: 'forge.yaml', providers: STAND_INS, real, mirror: folder.path };
        return sandboxEnvironment(folder, newSettings(decided), sampleConfig, '')['FORGE_CHART_REPOSITORY'];
      };
      expect(ofReal()).toBeUndefined();
      mkdirSync(join(folder.path, 'charts'), { recursive: true });
      writeFileSync(join(folder.path, 'charts', 'argo-cd-10.3.3.tgz'), '');
      expect(ofReal()).toBe('http://127.99.0.1:9004');
    });

    it('or the way of the official ones to the emulated cloud', () => {
      expect(environment(OFFICIAL)).toMatchObject({
        DIGITALOCEAN_API_URL: 'http://127.99.0.1:9001',
        GITHUB_BASE_URL: 'http://127.99.0.1:9002/',
        SPACES_ENDPOINT_URL: 'http://127.99.0.1:9000',
        FORGE_CHART_REPOSITORY: 'http://127.99.0.1:9004',
        TF_CLI_CONFIG_FILE: folder.terraformConfig,
      });
      expect(environment(OFFICIAL)).not.toHaveProperty('TF_REATTACH_PROVIDERS');
    });

    it("or Argo CD's charts from their own repository, where it answers", () => {
      expect(environment({ ...OFFICIAL, officialCharts: true })).not.toHaveProperty('FORGE_CHART_REPOSITORY');
    });
  });
});
