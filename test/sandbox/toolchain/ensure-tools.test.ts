import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { obtainTools } from '#sandbox/toolchain/ensure-tools';
import type { ToolPin, VendorFile } from '#sandbox/toolchain/pins';
import { startVendor, type VendorServer } from './vendor-server';
import { openWorkshop, run, sha256, shellScript, type Workshop } from './workshop';

const PAGE = 'https://example.com/releases';
const DOWNLOADED = shellScript('echo downloaded');

let workshop: Workshop;
let vendor: VendorServer;
beforeEach(async () => {
  workshop = openWorkshop();
  vendor = await startVendor();
});

const asked = { args: ['--version'], answer: /^etcd Version: (\S+)/m };
const offered = (file: VendorFile): Pick<ToolPin, 'vendor'> => ({
  vendor: { 'linux/amd64': file, 'linux/arm64': file },
});

/** etcd as the vendor's server offers it. */
function etcd(content = DOWNLOADED, checksum = sha256(DOWNLOADED)): ToolPin {
  vendor.files.set('/etcd', content);
  return {
    version: 'v3.6.8',
    asked,
    page: PAGE,
    ...offered({ url: `${vendor.url}/etcd`, checksum: { sha256: checksum } }),
  };
}

const buildable: ToolPin = { version: 'v3.6.8', asked, goPackage: 'go.example/etcd', page: PAGE };

describe('a tool on PATH', () => {
  it('is used when it has the pinned version', async () => {
    const path = workshop.install('etcd', 'echo "etcd Version: 3.6.8"');
    const tools = await obtainTools(['etcd'], workshop.options, workshop.toolchain({ etcd: etcd() }));
    expect(tools).toEqual({ etcd: path });
    expect(workshop.events).toEqual([{ tool: 'etcd', phase: 'found', detail: path }]);
    expect(vendor.requests).toEqual([]);
    expect(existsSync(workshop.cache)).toBe(false);
  });

  it.each(['3.6.7', '3.6.9', '3.6.8-rc.1', '3.7.0'])('is refused in version %s', async (version) => {
    workshop.install('etcd', `echo "etcd Version: ${version}"`);
    const tools = await obtainTools(['etcd'], workshop.options, workshop.toolchain({ etcd: etcd() }));
    expect(run(tools.etcd)).toBe('downloaded');
  });

  it('is refused when it does not run', async () => {
    workshop.install('etcd', 'exit 1');
    const tools = await obtainTools(['etcd'], workshop.options, workshop.toolchain({ etcd: etcd() }));
    expect(run(tools.etcd)).toBe('downloaded');
  });

  it('may be newer where the pin says so, and is the only source of what people install', async () => {
    const terraform: ToolPin = {
      version: 'v1.11.0',
      accepts: 'newer',
      page: 'https://terraform.example',
      asked: { args: ['version'], answer: /^Terraform (\S+)/m },
    };
    const toolchain = workshop.toolchain({ etcd: etcd(), terraform });
    workshop.install('terraform', 'echo "Terraform v1.9.8"');
    const refusal = obtainTools(['etcd', 'terraform'], workshop.options, toolchain);
    await expect(refusal).rejects.toThrow(
      /^The sandbox lacks terraform v1\.11\.0 or newer\.[^]*terraform is v1\.9\.8, needed is v1\.11\.0 or newer[^]*on PATH: https:\/\/terraform\.example$/,
    );
    // Said before anything is downloaded.
    expect(vendor.requests).toEqual([]);
    const path = workshop.install('terraform', 'echo "Terraform v1.12.1"');
    expect((await obtainTools(['terraform'], workshop.options, toolchain)).terraform).toBe(path);
  });
});

describe("a vendor's file", () => {
  it('is downloaded once, verified, and cached', async () => {
    const toolchain = workshop.toolchain({ etcd: etcd() });
    const { etcd: path } = await obtainTools(['etcd'], workshop.options, toolchain);
    expect(path).toBe(join(workshop.cache, 'etcd-v3.6.8/etcd'));
    expect(run(path)).toBe('downloaded');
    const requests = vendor.requests.length;
    expect(await obtainTools(['etcd'], workshop.options, toolchain)).toEqual({ etcd: path });
    expect(vendor.requests).toHaveLength(requests);
    expect(readdirSync(workshop.cache)).toEqual(['etcd-v3.6.8']);
  });

  it('is looked up in the published list of checksums when none is pinned', async () => {
    const url = `${vendor.url}/v1/etcd`;
    vendor.files.set('/v1/etcd', DOWNLOADED);
    vendor.files.set('/v1/SHA256SUMS', `${'0'.repeat(64)}  etcdctl\n${sha256(DOWNLOADED)}  etcd\n`);
    const file = { url, checksum: { published: `${vendor.url}/v1/SHA256SUMS` } };
    const toolchain = workshop.toolchain({ etcd: { ...buildable, ...offered(file) } });
    expect(run((await obtainTools(['etcd'], workshop.options, toolchain)).etcd)).toBe('downloaded');
  });

  it('is not used when the published list does not name it', async () => {
    const checksum = { published: `${vendor.url}/SHA256SUMS` };
    vendor.files.set('/SHA256SUMS', `${sha256(DOWNLOADED)}  etcdctl\n`);
    const pin = { ...etcd(), ...offered({ url: `${vendor.url}/etcd`, checksum }) };
    await expect(obtainTools(['etcd'], workshop.options, workshop.toolchain({ etcd: pin }))).rejects.toThrow(
      'SHA256SUMS has no SHA-256 of etcd',
    );
    expect(vendor.requests).not.toContain('GET /etcd');
  });

  it('is downloaded once for two tools that it holds', async () => {
    const archive = workshop.archive({ 'v3/etcd': 'echo etcd', 'v3/etcdutl': 'echo etcdutl', 'v3/README': '' });
    vendor.files.set('/etcd.tar.gz', archive);
    const file = { url: `${vendor.url}/etcd.tar.gz`, checksum: { sha256: sha256(archive) } };
    const toolchain = workshop.toolchain({
      etcd: { version: 'v3.6.8', page: PAGE, ...offered({ ...file, member: 'v3/etcd' }) },
      etcdutl: { version: 'v3.6.8', page: PAGE, ...offered({ ...file, member: 'v3/etcdutl' }) },
    });
    const tools = await obtainTools(['etcd', 'etcdutl'], workshop.options, toolchain);
    expect([run(tools.etcd), run(tools.etcdutl)]).toEqual(['etcd', 'etcdutl']);
    expect(vendor.requests.filter((request) => request === 'GET /etcd.tar.gz')).toHaveLength(1);
  });

  it('is refused and removed when its checksum is another one', async () => {
    const toolchain = workshop.toolchain({ etcd: etcd('not what the vendor built') });
    await expect(obtainTools(['etcd'], workshop.options, toolchain)).rejects.toThrow(
      `${vendor.url}/etcd: refused and removed. Its SHA-256 is ${sha256('not what the vendor built')}, it must be ${sha256(DOWNLOADED)}`,
    );
    expect(readdirSync(join(workshop.cache, '.downloads'))).toEqual([]);
    expect(readdirSync(workshop.cache)).toEqual(['.downloads']);
  });
});

describe('a cached tool', () => {
  it.each([
    ['size', (path: string) => appendFileSync(path, '\n')],
    ['content', (path: string) => writeFileSync(path, shellScript('echo d0wnloaded'))],
  ])('is obtained again when its %s has changed', async (_, damage) => {
    const toolchain = workshop.toolchain({ etcd: etcd() });
    const { etcd: path } = await obtainTools(['etcd'], workshop.options, toolchain);
    damage(path);
    utimesSync(path, 1e9, 1e9);
    await obtainTools(['etcd'], workshop.options, toolchain);
    expect(readFileSync(path, 'utf8')).toBe(DOWNLOADED);
  });

  it('is used when only its date has changed', async () => {
    const toolchain = workshop.toolchain({ etcd: etcd() });
    const { etcd: path } = await obtainTools(['etcd'], workshop.options, toolchain);
    utimesSync(path, 1e9, 1e9);
    await vendor.close();
    expect(await obtainTools(['etcd'], workshop.options, toolchain)).toEqual({ etcd: path });
  });

  it('is built again when the Go module has changed', async () => {
    workshop.installGo();
    const toolchain = workshop.toolchain({ etcd: buildable });
    await obtainTools(['etcd'], workshop.options, toolchain);
    await obtainTools(['etcd'], workshop.options, toolchain);
    expect(workshop.builds()).toHaveLength(1);
    appendFileSync(join(toolchain.module, 'go.sum'), 'example v1 h1:\n');
    await obtainTools(['etcd'], workshop.options, toolchain);
    expect(workshop.builds()).toHaveLength(2);
  });
});

describe('a build with Go', () => {
  it('makes all tools at once, after a single look whether the vendors can be reached', async () => {
    await vendor.close();
    const kubectl = { version: 'v1.36.4', goPackage: 'go.example/cmd/kubectl', page: PAGE };
    const file = { url: `${vendor.url}/etcd`, checksum: { sha256: sha256('') } };
    const toolchain = workshop.toolchain({
      etcd: { ...buildable, goPackage: 'go.example/etcd/v3', ...offered(file) },
      kubectl,
    });
    // Go names a program after the last element of its package that is no major version.
    workshop.installGo({ beforeLink: 'printf "#!/bin/sh\\necho built etcd\\n" > "$into"etcd' });
    const tools = await obtainTools(['etcd', 'kubectl'], workshop.options, toolchain);
    expect([run(tools.etcd), run(tools.kubectl)]).toEqual(['built etcd', 'built go.example/cmd/kubectl']);
    expect(workshop.builds()).toEqual([
      expect.stringMatching(/-mod=readonly.* go\.example\/etcd\/v3 go\.example\/cmd\/kubectl$/),
    ]);
    expect(statSync(tools.etcd).mode & 0o777).toBe(0o755);
  });

  it('replaces a vendor whose file is missing or wrong', async () => {
    workshop.installGo();
    const wrong = { ...etcd('wrong'), goPackage: 'go.example/etcd' };
    const gone = offered({ url: `${vendor.url}/gone`, checksum: { sha256: sha256('') } });
    const toolchain = workshop.toolchain({
      etcd: wrong,
      kwok: { ...buildable, goPackage: 'go.example/kwok', ...gone },
    });
    const tools = await obtainTools(['etcd', 'kwok'], workshop.options, toolchain);
    expect([run(tools.etcd), run(tools.kwok)]).toEqual(['built go.example/etcd', 'built go.example/kwok']);
  });

  it('uses the pinned Go of the vendor when the one on PATH is too old', async () => {
    workshop.installGo({ refusal: 'go: go.mod requires go >= 1.26.3 (running go 1.22.2; GOTOOLCHAIN=local)' });
    const archive = workshop.archive({
      'go/bin/go': 'while [ "$1" != -o ]; do shift; done; printf "#!/bin/sh\\necho by the newer Go\\n" > "$2"etcd',
      'go/VERSION': '',
    });
    vendor.files.set('/go.tar.gz', archive);
    const go = { url: `${vendor.url}/go.tar.gz`, checksum: { sha256: sha256(archive) }, member: 'go/bin/go' };
    const toolchain = workshop.toolchain({ etcd: buildable }, go);
    expect(run((await obtainTools(['etcd'], workshop.options, toolchain)).etcd)).toBe('by the newer Go');
    expect(readdirSync(workshop.cache).sort()).toEqual(['etcd-v3.6.8', 'go-1.26.8']);
  });

  it('tells how far it is', async () => {
    workshop.installGo({
      beforeLink: 'echo "go: downloading example.com/a v1.0.0" >&2; echo example.com/a >&2; sleep 1.5',
    });
    await obtainTools(['etcd'], workshop.options, workshop.toolchain({ etcd: buildable }));
    expect(workshop.events).toContainEqual({
      tool: 'etcd',
      phase: 'building',
      detail: expect.stringMatching(/^1 modules fetched, 1 packages compiled, 0 of 1 programs linked \(\d+ s\)$/),
    });
  });
});
