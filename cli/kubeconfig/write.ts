/** Where `forge kubeconfig` puts the access that the Terraform state holds. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { CommandFailure } from '#clients/failure';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import { kubeconfig } from '#stacks/kubeconfig';
import { clusterAccess, type Person } from './cluster-access';
import type { Terminal } from '../output/terminal';
import { mergeKubeconfigs } from './merge';
import { readFileIfAny, requireFile, whileLocked, writeNamedFile } from './private-file';

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
