import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { atEnd } from '#test/at-end';

export interface SpawnedStore {
  readonly endpoint: string;
  readonly port: number;
  /** As `kill -9`: nothing can be tidied up. */
  kill(): Promise<void>;
}

/** Starts a store in a process of its own. */
export async function spawnStore(folder: string, port = 0): Promise<SpawnedStore> {
  const child = spawn(
    process.execPath,
    ['--require', 'tsx/cjs', join(__dirname, 'store-process.ts'), folder, String(port)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  atEnd(() => kill(child));
  const [endpoint] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { endpoint, port: Number(new URL(endpoint).port), kill: () => kill(child) };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
