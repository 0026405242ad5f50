/** The sandbox's background process: `node --require ./load-typescript.cjs sandbox/daemon/daemon.ts <data folder>`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '#config/load';
import { listenForControl } from './control';
import type { DaemonStatus } from './daemon-process';
import { sandboxFolder } from '../place/folder';
import { startRealServices } from './real-services';
import { startServices } from './services';
import { readSettings } from '../place/settings';
import { ensureRealSandboxTools, ensureSandboxTools } from '../toolchain/sandbox-tools';

const CHECKOUT = join(__dirname, '../..');

async function main(path: string): Promise<void> {
  const folder = sandboxFolder(path);
  const settings = readSettings(folder);
  if (settings === undefined) throw new Error(`${folder.path} holds no sandbox`);
  const log = (line: string) => {
    console.log(`${new Date().toISOString()} ${line}`);
  };
  const [start, ensureTools] =
    settings.real === undefined ? [startServices, ensureSandboxTools] : [startRealServices, ensureRealSandboxTools];
  const services = await start({
    folder,
    settings,
    config: loadConfig(settings.configFile),
    tools: await ensureTools(() => undefined),
    log,
  });
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= services.stop());
  const control = await listenForControl(folder.controlSocket, {
    '/status': async (): Promise<DaemonStatus> => ({
      pid: process.pid,
      reattach: services.reattach,
      droplets: services.machines.status().droplets,
      git: { path: services.gitops.path, url: services.gitops.url, head: await services.gitops.head() },
      argocd: await services.argocdPage(),
    }),
    '/pushed': () => services.gitops.pushed(),
    '/publish': () => services.gitops.publish(CHECKOUT),
    '/snapshot': () => services.machines.snapshot(),
    '/open-pull-request': (number) => services.openPullRequest(Number(number)),
    '/make-credentials': (environment) => services.makeCredentials(environment),
    '/make-job-token': (permissions) => services.makeJobToken(permissions),
    '/refuse': (at) => services.refuse(at),
    '/stop': async () => {
      await stop();
      setImmediate(() => {
        control.close();
        process.exit(0);
      });
    },
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      void stop().then(() => process.exit(0));
    });
  }
  writeFileSync(folder.daemon, JSON.stringify({ pid: process.pid }), { mode: 0o600 });
  log('ready');
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
