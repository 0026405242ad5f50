/** A complete sandbox as `forge sandbox up` makes it. */
import { join } from 'node:path';
import { endSandbox } from '#sandbox/down';
import { sandboxFolder } from '#sandbox/place/folder';
import type { RunningSandbox } from '#sandbox/place/running-sandbox';
import { runningSandbox } from '#sandbox/up';
import { writeConfiguration } from './configuration';
import { timedForge } from './processes';

export interface BenchSandbox {
  readonly running: RunningSandbox;
  /** For child processes. */
  readonly env: Readonly<Record<string, string>>;
  readonly configFile: string;
  /** Where the stacks are synthesised. */
  readonly output: string;
  /** Seconds until everything was Healthy. */
  readonly seconds: number;
  end(): Promise<unknown>;
}

/** @param atEnd gets what ends it before it starts */
export async function startSandbox(path: string, atEnd: (end: () => Promise<unknown>) => void): Promise<BenchSandbox> {
  const folder = sandboxFolder(join(path, 'data'));
  const output = join(path, 'cdktf.out');
  const configFile = writeConfiguration(join(path, 'forge.yaml'), []);
  const end = () => endSandbox(folder);
  atEnd(end);
  const args = ['sandbox', 'up', '--folder', folder.path, '--config', configFile];
  const { seconds } = await timedForge(args, { env: { CDKTF_OUTPUT: output } });
  const running = await runningSandbox(folder);
  return { running, configFile, output, seconds, end, env: { ...running.env, CDKTF_OUTPUT: output } };
}
