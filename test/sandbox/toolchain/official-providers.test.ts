import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePort } from '#sandbox/net/free-port';
import { findOfficialProviders, type ProviderSearch } from '#sandbox/toolchain/official-providers';
import { pinnedProviders } from '#sandbox/toolchain/provider-pins';
import { loopbackServer, type LoopbackServer } from '#test/loopback-server';
import { newFolder } from '#test/new-folder';

const TLS = { address: 'registry.terraform.io/hashicorp/tls', version: '4.2.1' };
const RANDOM = { address: 'registry.terraform.io/hashicorp/random', version: '3.7.2' };
const PLATFORM = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;

describe('the official Terraform providers', () => {
  let folder: string;
  let registry: LoopbackServer;

  const search = (changes: Partial<ProviderSearch> = {}): ProviderSearch => ({
    pins: [TLS, RANDOM],
    platform: PLATFORM.replace('_', '/'),
    folders: [join(folder, 'mirror')],
    cache: join(folder, 'cache'),
    terraform: 'terraform',
    configFile: join(folder, 'terraform.rc'),
    progress: () => undefined,
    registry: registry.url,
    ...changes,
  });
  const put = (place: string, { address, version }: typeof TLS) => {
    const program = join(folder, place, address, version, PLATFORM, `terraform-provider-${address.split('/').at(-1)}`);
    mkdirSync(dirname(program), { recursive: true });
    writeFileSync(program, '', { mode: 0o700 });
  };
  /** A Terraform that downloads what it is asked for, as far as anybody can see. */
  const downloading = () => {
    const program = join(folder, 'terraform');
    const target = join(folder, 'cache', RANDOM.address, RANDOM.version, PLATFORM);
    writeFileSync(
      program,
      `#!/bin/sh\ncp "$TF_CLI_CONFIG_FILE" "${folder}/asked"\nmkdir -p "${target}"\necho Installing\n`,
    );
    chmodSync(program, 0o700);
    return program;
  };
  const config = () => readFileSync(join(folder, 'terraform.rc'), 'utf8');

  beforeEach(async () => {
    folder = newFolder('providers');
    registry = await loopbackServer((_, response) => response.end());
  });

  it('come from a mirror, and Terraform asks nobody else', async () => {
    put('mirror', TLS);
    put('mirror', RANDOM);
    const refused = `http://127.0.0.1:${await freePort()}`;
    expect(await findOfficialProviders(search({ registry: refused }))).toEqual({ from: join(folder, 'mirror') });
    expect(config()).toContain(`path = "${join(folder, 'mirror')}"`);
    expect(config()).not.toContain('direct');
  });

  it('come from several folders, the first that has one', async () => {
    put('mirror', TLS);
    put('plugins', TLS);
    put('plugins', RANDOM);
    const folders = [join(folder, 'mirror'), join(folder, 'plugins')];
    expect(await findOfficialProviders(search({ folders }))).toEqual({ from: folders.join(', ') });
    expect(config()).toContain(`include = ["${RANDOM.address}"]`);
  });

  it('come from the registry once, and are kept', async () => {
    put('mirror', TLS);
    const lines: string[] = [];
    const progress = (line: string) => void lines.push(line);
    const found = await findOfficialProviders(search({ terraform: downloading(), progress }));
    expect(found).toEqual({ from: `${join(folder, 'mirror')}, ${join(folder, 'cache')}` });
    const asked = readFileSync(join(folder, 'asked'), 'utf8');
    expect(asked).toContain(`direct {\n    include = ["${RANDOM.address}"]`);
    expect(asked).toContain(`plugin_cache_dir = "${join(folder, 'cache')}"`);
    expect(config()).not.toContain('direct');
    expect(lines).toEqual(['Installing']);
  });

  it('cannot be had where the registry refuses, and it says which are missing', async () => {
    put('mirror', TLS);
    const refused = `http://127.0.0.1:${await freePort()}`;
    expect(await findOfficialProviders(search({ registry: refused }))).toEqual({
      refusal: expect.stringMatching(/^hashicorp\/random 3\.7\.2: 127\.0\.0\.1:\d+ cannot be reached: /) as string,
    });
  });

  it('cannot be had from a registry that does not answer: nobody waits long for it', async () => {
    const { url: silent } = await loopbackServer(() => undefined);
    const start = Date.now();
    expect(await findOfficialProviders(search({ registry: silent }))).toEqual({
      refusal: expect.stringContaining('no answer within 3 s') as string,
    });
    expect(Date.now() - start).toBeLessThan(10_000);
  });

  it('cannot be had when Terraform refuses them, and it says what Terraform says', async () => {
    put('mirror', TLS);
    const terraform = join(folder, 'terraform');
    writeFileSync(terraform, '#!/bin/sh\necho "Error: no checksum" >&2\nexit 1\n', { mode: 0o700 });
    expect(await findOfficialProviders(search({ terraform, pins: [TLS] }))).toEqual({ refusal: 'Error: no checksum' });
  });

  it('are pinned to the versions of the bindings', () => {
    const pins = pinnedProviders();
    expect(pins).toHaveLength(7);
    expect(pins).toContainEqual(TLS);
    for (const { address, version } of pins) {
      expect(address).toMatch(/^registry\.terraform\.io\/[a-z]+\/[a-z]+$/);
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });
});
