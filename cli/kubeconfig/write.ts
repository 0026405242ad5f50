/** Where `forge kubeconfig` puts the access that the Terraform state holds. */
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CommandFailure } from '#clients/failure';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import { kubeconfig } from '#stacks/kubeconfig';
import { clusterAccess, type Person } from './cluster-access';
import type { Terminal } from '../output/terminal';
import { mergeKubeconfig } from './merge';
import { readFileIfAny, whileLocked, writeNamedFile } from './private-file';

/** Text of a kubeconfig, and the name of its context. */
export interface Kubeconfig {
  readonly text: string;
  readonly context: string;
}

export async function kubeconfigOf(terminal: Terminal, person: Person): Promise<Kubeconfig> {
  const { name, environment } = loadConfig(configFile(terminal.env));
  const context = `${name}-${environment}-${person}`;
  const access = await clusterAccess(terminal, person);
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return { text: kubeconfig({ name: context, ...access, base64 }), context };
}

/** A file of its own; what was in it is gone. */
export function writeTo(file: string, { text, context }: Kubeconfig, { write, notify }: Terminal): void {
  if (writeNamedFile(file, text)) notify(narrowed(file));
  write(`${file} has the context ${context}. Try it: kubectl --kubeconfig ${file} get pods\n`);
}

/** @throws CommandFailure with the file as it was */
export function mergeInto(
  file: string,
  { text, context }: Kubeconfig,
  use: boolean,
  { write, notify }: Terminal,
): void {
  const wasOpen = whileLocked(file, () => writeNamedFile(file, merged(file, text, use)));
  if (wasOpen) notify(narrowed(file));
  write(`${file} has the context ${context}. Try it: kubectl --context ${context} get pods\n`);
}

/** The file that kubectl changes: the first of KUBECONFIG, else ~/.kube/config. */
export function kubectlFile({ KUBECONFIG = '' }: NodeJS.ProcessEnv): string {
  return KUBECONFIG.split(delimiter).find((file) => file !== '') ?? join(homedir(), '.kube', 'config');
}

function merged(file: string, text: string, use: boolean): string {
  const existing = readFileIfAny(file) ?? '';
  try {
    return mergeKubeconfig(existing, text, use);
  } catch (cause) {
    if (!(cause instanceof CommandFailure)) throw cause;
    throw new CommandFailure(`${file} was left as it is: ${cause.message}.`, { cause });
  }
}

function narrowed(file: string): string {
  return `${file} could be read by others. It is for its owner only now (mode 0600).\n`;
}
