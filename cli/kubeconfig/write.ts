/** What `forge kubeconfig` makes, and where it puts it. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { CommandFailure } from '#clients/failure';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import type { ForgeConfig } from '#config/schema';
import { kubeconfigText } from '#clients/kubernetes/kubeconfig-text';
import { clusterAccess } from './cluster-access';
import { operatorsAccess } from './issue';
import type { Terminal } from '../output/terminal';
import { mergeKubeconfigs } from './merge';
import { readFileIfAny, requireFile, whileLocked, writeNamedFile } from './private-file';

/** Text of a kubeconfig, and the name of its context. */
export interface Kubeconfig {
  readonly text: string;
  readonly context: string;
}

/** The administrator's, as the state has it. */
export async function adminKubeconfig(terminal: Terminal, config: ForgeConfig): Promise<Kubeconfig> {
  return kubeconfigOf(config, 'admin', await clusterAccess(terminal));
}

/** One for each of these users, with a new certificate. The API must be reachable. @param days see operatorsAccess */
export async function operatorsKubeconfigs(
  terminal: Terminal,
  config: ForgeConfig,
  users: readonly string[],
  days?: number,
): Promise<Kubeconfig[]> {
  const issued = await operatorsAccess(terminal, config, users, days);
  return issued.map((access) => kubeconfigOf(config, 'operators', access));
}

function kubeconfigOf({ name, environment }: ForgeConfig, role: string, access: KubernetesAccess): Kubeconfig {
  const context = `${name}-${environment}-${role}`;
  return { text: kubeconfigText(context, access), context };
}

/** A file of its own; what was in it is gone. */
export function writeTo(file: string, { text, context }: Kubeconfig, { write, notify }: Terminal): void {
  if (writeNamedFile(file, text)) notify(narrowed(file));
  write(`${file} has the context ${context}. Try it: kubectl --kubeconfig ${file} get pods\n`);
}

/**
 * @param files of kubectl, from `kubectlFiles`
 * @throws CommandFailure with every file as it was
 */
export function mergeInto(
  files: readonly string[],
  { text, context }: Kubeconfig,
  use: boolean,
  { write, notify }: Terminal,
): void {
  const target = files.find((file) => existsSync(file)) ?? files.at(-1)!;
  const found = files.filter((file) => file === target || existsSync(file));
  whileLocked(found, () => {
    const texts = found.map((path) => ({ path, text: readFileIfAny(path) ?? '' }));
    const changed = mergeKubeconfigs(texts, target, text, use);
    for (const { path } of changed) requireFile(path);
    for (const { path, text: content } of changed) if (writeNamedFile(path, content)) notify(narrowed(path));
    const places = changed.map(({ path }) => path).join(' and ');
    write(`${places} has the context ${context}. Try it: kubectl --context ${context} get pods\n`);
  });
}

/**
 * The files that kubectl reads: those of KUBECONFIG, else ~/.kube/config. It writes what is new to the first that exists,
 * or makes the last.
 */
export function kubectlFiles({ KUBECONFIG = '' }: NodeJS.ProcessEnv): string[] {
  if (KUBECONFIG === '') return [join(homedir(), '.kube', 'config')];
  const named = KUBECONFIG.split(delimiter).filter((file) => file !== '');
  if (named.length > 0) return Array.from(new Map(named.map((file) => [resolve(file), file])).values());
  throw new CommandFailure(
    `The environment variable KUBECONFIG is ${JSON.stringify(KUBECONFIG)}, which names no file.`,
    {
      exitCode: 2,
    },
  );
}

function narrowed(file: string): string {
  return `${file} could be read by others. It is for its owner only now (mode 0600).\n`;
}
