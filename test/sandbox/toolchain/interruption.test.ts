import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { obtainTools } from '#sandbox/toolchain/ensure-tools';
import type { ToolPin } from '#sandbox/toolchain/pins';
import { startVendor, type VendorServer } from './vendor-server';
import { openWorkshop, run, sha256, shellScript, type Workshop } from './workshop';

const ROOT = join(__dirname, '../../..');
const PROGRAM = shellScript(`echo whole\n# ${'x'.repeat(5000)}`);
const BUILDABLE: ToolPin = { version: 'v3.6.8', goPackage: 'go.example/etcd', page: 'https://example.com' };

let workshop: Workshop;
let vendor: VendorServer;
const children: ChildProcess[] = [];
beforeEach(async () => {
  workshop = openWorkshop();
  vendor = await startVendor();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function until(check: () => boolean): Promise<void> {
  while (!check()) await sleep(20);
}

/** Asks for etcd in another process. */
function obtainElsewhere(): ChildProcess & { ended: Promise<unknown> } {
  const toolchain = JSON.stringify(workshop.toolchain({ etcd: BUILDABLE }));
  const script = join(__dirname, 'obtain-etcd.ts');
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', script, toolchain], { cwd: ROOT, stdio: 'ignore' });
  children.push(child);
  return Object.assign(child, { ended: new Promise((resolve) => child.once('exit', resolve)) });
}

describe('an interrupted download', () => {
  const toolchain = () => {
    vendor.files.set('/etcd', PROGRAM);
    const file = { url: `${vendor.url}/etcd`, checksum: { sha256: sha256(PROGRAM) } };
    const etcd = { version: 'v3.6.8', page: '', vendor: { 'linux/amd64': file, 'linux/arm64': file } };
    return workshop.toolchain({ etcd });
  };

  it('leaves no tool, and is continued where it ended', async () => {
    const machine = toolchain();
    vendor.breakAfter(2000);
    await expect(obtainTools(['etcd'], workshop.options, machine)).rejects.toThrow(`${vendor.url}/etcd: `);
    expect(existsSync(join(workshop.cache, 'etcd-v3.6.8'))).toBe(false);
    const { etcd } = await obtainTools(['etcd'], workshop.options, machine);
    expect(vendor.requests.at(-1)).toBe('GET /etcd bytes=2000-');
    expect(run(etcd)).toBe('whole');
  });

  it.each([
    ['is of another file', 'y'.repeat(2000)],
    ['is longer than the file', 'y'.repeat(20_000)],
  ])('is begun again when what is there %s', async (_, leftover) => {
    const machine = toolchain();
    vendor.breakAfter(2000);
    await obtainTools(['etcd'], workshop.options, machine).catch(() => undefined);
    const downloads = join(workshop.cache, '.downloads');
    const [part] = readdirSync(downloads);
    expect(part).toMatch(/\.part$/);
    writeFileSync(join(downloads, part!), leftover);
    expect(run((await obtainTools(['etcd'], workshop.options, machine)).etcd)).toBe('whole');
  });
});

describe('two processes at once', () => {
  it('build once, and the second one says for whom it waits', async () => {
    const go = join(workshop.folder, 'may-link');
    workshop.installGo({ beforeLink: `while [ ! -e ${go} ]; do sleep 0.05; done` });
    const other = obtainElsewhere();
    await until(() => workshop.builds().length === 1);
    const mine = obtainTools(['etcd'], workshop.options, workshop.toolchain({ etcd: BUILDABLE }));
    const waits = { tool: 'etcd', phase: 'building', detail: expect.stringContaining(`process ${other.pid}`) };
    await until(() => workshop.events.length > 0);
    expect(workshop.events).toContainEqual(waits);
    writeFileSync(go, '');
    expect(run((await mine).etcd)).toBe('built go.example/etcd');
    expect(await other.ended).toBe(0);
    expect(workshop.builds()).toHaveLength(1);
  });

  it('give way to each other within one process, too', async () => {
    workshop.installGo({ beforeLink: 'sleep 0.2' });
    const obtain = () => obtainTools(['etcd'], workshop.options, workshop.toolchain({ etcd: BUILDABLE }));
    const [first, second] = await Promise.all([obtain(), obtain()]);
    expect(first).toEqual(second);
    expect(workshop.builds()).toHaveLength(1);
  });
});

describe('a killed build', () => {
  it('leaves nothing half, and the next one takes over', async () => {
    const pid = join(workshop.folder, 'pid');
    workshop.installGo({ beforeLink: `echo half > "$into"etcd; echo $$ > ${pid}; exec sleep 60` });
    const killed = obtainElsewhere();
    await until(() => existsSync(pid) && readFileSync(pid, 'utf8').endsWith('\n'));
    killed.kill('SIGKILL');
    await killed.ended;
    process.kill(Number(readFileSync(pid, 'utf8')), 'SIGKILL');
    expect(existsSync(join(workshop.cache, 'etcd-v3.6.8'))).toBe(false);
    workshop.installGo();
    const { etcd } = await obtainTools(['etcd'], workshop.options, workshop.toolchain({ etcd: BUILDABLE }));
    expect(run(etcd)).toBe('built go.example/etcd');
    expect(readdirSync(workshop.cache)).toEqual(['etcd-v3.6.8']);
  });

  it('is taken over when another process has its id by now', async () => {
    workshop.installGo();
    mkdirSync(workshop.cache, { recursive: true });
    symlinkSync(`${process.pid} another-boot/1 token`, join(workshop.cache, '.lock'));
    const { etcd } = await obtainTools(['etcd'], workshop.options, workshop.toolchain({ etcd: BUILDABLE }));
    expect(run(etcd)).toBe('built go.example/etcd');
  });
});

describe('a cancelled build', () => {
  it('ends Go and frees the cache', async () => {
    const pidFile = join(workshop.folder, 'pid');
    workshop.installGo({ beforeLink: `echo $$ > ${pidFile}; exec sleep 60` });
    const controller = new AbortController();
    const options = { ...workshop.options, signal: controller.signal };
    const cancelled = obtainTools(['etcd'], options, workshop.toolchain({ etcd: BUILDABLE }));
    await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'));
    controller.abort();
    await expect(cancelled).rejects.toThrow(/abort/i);
    expect(existsSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}`)).toBe(false);
    expect(readdirSync(workshop.cache)).toEqual([]);
  });
});
