import { execFileSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programOf } from '#sandbox/toolchain/go-build';
import { ARGO_CD_CRDS, GO_DISTRIBUTION, TOOLS, type ToolPin } from '#sandbox/toolchain/pins';
import { REPO_SERVER_PATH } from '#sandbox/toolchain/repo-server-path';
import { checksumIn } from '#sandbox/toolchain/sha256';
import { userToolchain } from '#sandbox/toolchain/toolchain';

const MODULE = join(__dirname, '../../../sandbox/toolchain/go');
const goMod = readFileSync(join(MODULE, 'go.mod'), 'utf8');
const pins: [string, ToolPin][] = Object.entries(TOOLS);
const buildable = pins.filter(([, { goPackage }]) => goPackage?.includes('.') && !goPackage.startsWith('.'));

describe('the pins', () => {
  it.each(pins.filter(([, { vendor }]) => vendor !== undefined))(
    'of %s are one file for each platform, over HTTPS',
    (_, pin) => {
      for (const [platform, { url, checksum }] of Object.entries(pin.vendor!)) {
        expect(url).toMatch(/^https:\/\//);
        expect(url).toContain(platform.split('/')[1]);
        expect(url).toContain(pin.version);
        if ('sha256' in checksum) expect(checksum.sha256).toMatch(/^[0-9a-f]{64}$/);
        else expect(checksum.published).toMatch(/^https:\/\//);
      }
    },
  );

  it.each(buildable)('of %s build the version that the vendor offers', (_, { goPackage, goModule = '.', version }) => {
    const read = (file: string) => readFileSync(join(MODULE, goModule, file), 'utf8');
    const required = [...read('go.mod').matchAll(/^(?:require |\t)(\S+) (v\S+)(?: \/\/ v.*)?$/gm)].find(([, module]) =>
      `${goPackage}/`.startsWith(`${module}/`),
    );
    expect(required?.[2]).toBe(version);
    expect(read('tools.go')).toContain(`_ "${goPackage}"`);
  });

  it('of miniredis are those of the module', () => {
    expect(goMod).toContain(`github.com/alicebob/miniredis/v2 ${TOOLS.miniredis.version}\n`);
  });

  it('of Dex are those of the image that runs', () => {
    const image = /dexidp\/dex:(v[\d.]+)/.exec(readFileSync(join(MODULE, '../../../k8s/01-init/dex.yaml'), 'utf8'))![1];
    const module = readFileSync(join(MODULE, 'dex/go.mod'), 'utf8');
    expect(module).toContain(`require github.com/dexidp/dex ${TOOLS.dex.version} // ${image},`);
  });

  it('give each program that is built a name of its own', () => {
    const names = pins.flatMap(([, { goPackage }]) => (goPackage === undefined ? [] : [programOf(goPackage)]));
    expect(new Set(names).size).toBe(names.length);
    expect(programOf('go.etcd.io/etcd/server/v3')).toBe('server');
  });

  it('of Go can build the module', () => {
    const [, oldest] = /^go 1\.(\d+)\.\d+$/m.exec(goMod)!;
    expect(Number(GO_DISTRIBUTION.version.split('.')[1])).toBeGreaterThanOrEqual(Number(oldest));
  });

  it("of Argo CD's definitions are of the same Argo CD", () => {
    expect(ARGO_CD_CRDS.version).toBe(TOOLS.argocd.version);
    expect(goMod).toContain(`\t${ARGO_CD_CRDS.module} ${ARGO_CD_CRDS.version}\n`);
  });
});

describe("the answer of a tool's own build", () => {
  it.each([
    ['kube-apiserver', 'Kubernetes v1.36.4\n', 'v1.36.4'],
    ['kubectl', 'Client Version: v1.32.4-dispatcher\nKustomize Version: v5.5.0\n', 'v1.32.4-dispatcher'],
    ['etcd', 'etcd Version: 3.6.8\nGit SHA: Not provided\n', '3.6.8'],
    ['etcdutl', 'etcdutl version: 3.6.8\nAPI version: 3.6\n', '3.6.8'],
    ['kwok', 'kwok version v0.8.0 go1.26.8 (linux/amd64)\n', 'v0.8.0'],
    ['helm', 'version.BuildInfo{Version:"v3.22.0", GitCommit:"", GoVersion:"go1.26.8"}\n', 'v3.22.0'],
    ['argocd', 'argocd: v3.5.1+unknown\n  BuildDate: 1970-01-01T00:00:00Z\n', 'v3.5.1+unknown'],
    ['pebble', 'Pebble version: v2.10.3 (9a4bda3)\n', 'v2.10.3'],
    ['terraform', 'Terraform v1.11.4\non linux_amd64\n', 'v1.11.4'],
  ] as const)('tells the version of %s', (tool, answer, version) => {
    expect(TOOLS[tool].asked!.answer.exec(answer)?.[1]).toBe(version);
  });
});

describe("a vendor's checksum list", () => {
  const [first, second] = ['a'.repeat(64), 'b'.repeat(64)];

  it('names each file, in the forms that vendors use', () => {
    expect(checksumIn(`${first}  etcd.tar.gz\n${second}  etcdctl\n`, 'etcdctl')).toBe(second);
    expect(checksumIn(`${first} *./x\n${second} *argocd\n`, 'argocd')).toBe(second);
    expect(checksumIn(first, 'kube-apiserver')).toBe(first);
    expect(checksumIn(`${first}\n`, 'kube-apiserver')).toBe(first);
  });

  it('gives nothing for another file, or for what is no SHA-256', () => {
    expect(checksumIn(`${first}  etcd.tar.gz\n`, 'etcd')).toBeUndefined();
    expect(checksumIn('<html>', 'etcd')).toBeUndefined();
    expect(checksumIn('abc  etcd\n', 'etcd')).toBeUndefined();
    expect(checksumIn('', 'etcd')).toBeUndefined();
  });
});

describe("the user's toolchain", () => {
  it('keeps tools in the cache folder that the user names, if it is absolute', () => {
    expect(userToolchain({ XDG_CACHE_HOME: '/var/cache/me', HOME: '/home/me' }).cache).toBe(
      '/var/cache/me/forge/tools',
    );
    expect(userToolchain({ XDG_CACHE_HOME: 'relative' }).cache).toMatch(/^\/.*\/\.cache\/forge\/tools$/);
  });
});

describe('the script beside the repo-server', () => {
  it('never fails a render', () => {
    const script = join(REPO_SERVER_PATH, 'git-verify-wrapper.sh');
    accessSync(script, constants.X_OK);
    expect(() => execFileSync(script, ['no-such-revision'], { cwd: __dirname })).not.toThrow();
  });
});
