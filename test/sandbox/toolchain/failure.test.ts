import { readdirSync } from 'node:fs';
import { obtainTools } from '#sandbox/toolchain/ensure-tools';
import type { ToolPin } from '#sandbox/toolchain/pins';
import { startVendor } from './vendor-server';
import { openWorkshop, type Workshop } from './workshop';

const PAGE = 'https://example.com/releases';

let workshop: Workshop;
beforeEach(() => {
  workshop = openWorkshop();
});

const asked = { args: ['--version'], answer: /^etcd Version: (\S+)/m };
const buildable: ToolPin = { version: 'v3.6.8', asked, goPackage: 'go.example/etcd', page: PAGE };

describe('a tool that is nowhere to be had', () => {
  it('is named with what was tried and what helps', async () => {
    const vendor = await startVendor();
    await vendor.close();
    workshop.install('etcd', 'echo "etcd Version: 3.5.0"');
    const file = { url: `${vendor.url}/etcd`, checksum: { sha256: '0'.repeat(64) } };
    const etcd = { ...buildable, vendor: { 'linux/amd64': file, 'linux/arm64': file } };
    const miniredis = { version: 'v2.38.0', goPackage: './miniredis', page: PAGE };
    const failure = await obtainTools(
      ['etcd', 'miniredis'],
      workshop.options,
      workshop.toolchain({ etcd, miniredis }),
    ).catch((error) => error);
    const host = new URL(vendor.url).host;
    expect(failure).toMatchObject({ name: 'ToolsMissing', exitCode: 1 });
    expect(failure.message.split('\n')).toEqual([
      'The sandbox lacks etcd v3.6.8, miniredis v2.38.0.',
      'What was tried:',
      `  PATH: ${workshop.folder}/bin/etcd is 3.5.0, needed is v3.6.8 (etcd)`,
      '  PATH: not looked for: nobody offers it as a program (miniredis)',
      '  cache: not there',
      `  download: ${host} cannot be reached: connect ECONNREFUSED ${host} (etcd)`,
      '  download: no vendor offers it for linux/amd64 (miniredis)',
      '  Go build: no Go on PATH; none to download for linux/amd64',
      'Any of these helps:',
      '  - Go, with which etcd, miniredis can be built: Go 1.26.3 or newer on PATH (https://go.example/install) and a module proxy that it can reach (go env GOPROXY)',
      `  - HTTPS, without a proxy, to ${host}`,
      `  - etcd v3.6.8 on PATH: ${PAGE}`,
    ]);
  });

  it('is explained with the last words of the build', async () => {
    workshop.installGo({ beforeLink: 'echo "dial tcp: lookup proxy.example: no such host" >&2; exit 1' });
    await expect(obtainTools(['etcd'], workshop.options, workshop.toolchain({ etcd: buildable }))).rejects.toThrow(
      /Go build: .*\/go build failed:\n\s+dial tcp: lookup proxy\.example: no such host/,
    );
    expect(readdirSync(workshop.cache)).toEqual([]);
  });
});
