/** `forge layers`: what a change of k8s/ means for the cluster. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { configFile } from '#config/environment';
import { CommandFailure } from '#clients/failure';
import { json } from '../output/text';
import { nameOf } from '../status/platform-status';
import { processTerminal, type Terminal } from '../output/terminal';
import { comparisonPoint, treeAt } from './checkout';
import { layersDiff, type LayersDiff, type NotRendered } from './layers-diff';
import type { Removal } from './removals';
import { appliedStates } from './rendered-state';
import { reportOf } from './report';
import { toolFinder } from './tools';

interface Options {
  readonly base: string;
  readonly allow: readonly string[];
  readonly allowUnrendered: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
}

/**
 * @param terminal the default is the process's own
 * @param checkout a Git working tree with k8s/
 */
export function layersCommand(terminal: Terminal = processTerminal(), checkout: string = process.cwd()): Command {
  return new Command('layers')
    .description('Look at the layers in k8s/ before a push.')
    .addCommand(diffCommand(terminal, checkout))
    .addHelpText('after', '\nExample:\n  $ npx forge layers diff --base origin/main');
}

function diffCommand(terminal: Terminal, checkout: string): Command {
  return new Command('diff')
    .summary('what the working tree changes in the cluster')
    .description(
      'Render every layer as Argo CD does, before and after the change: plain manifests, Kustomize (kubectl), charts (Helm). Shows what is\n' +
        'removed and what Argo CD would do to it, then what changes, what is added, and which versions move. Secrets are left out.\n' +
        'Exits with 1 when something that holds data would go (PersistentVolumeClaim, PersistentVolume, StatefulSet, Namespace, Secret,\n' +
        'CustomResourceDefinition, the Application of a layer), or when something cannot be rendered. Charts of others are fetched only\n' +
        'where the Application that asks for them changes. kubectl and Helm are fetched in their pinned versions when they are needed.',
    )
    .requiredOption('--base <revision>', 'compare with where the branch left this one, such as origin/main')
    .option('--allow <kind/name>', 'an object that may go; may be given several times', collectObject, [])
    .option(
      '--allow-unrendered <application>',
      'one that need not be rendered; may be given several times',
      collect,
      [],
    )
    .option('--out <file>', 'write it as JSON for forge plan comment, also when the exit code is 1')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample:\n  $ npx forge layers diff --base origin/main --allow StatefulSet/jenkins')
    .action((options: Options) => diff(terminal, checkout, options));
}

async function diff(terminal: Terminal, checkout: string, options: Options): Promise<void> {
  const { base, out, json: asJson } = options;
  const scratch = mkdtempSync(join(tmpdir(), 'forge-layers-'));
  try {
    const found = await compared({ terminal, checkout, base, scratch });
    if (out !== undefined) writeFileSync(out, json(found), { mode: 0o600 });
    terminal.write(asJson ? json(found) : reportOf(found));
    judge(found, options, terminal);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Comparison {
  readonly terminal: Terminal;
  readonly checkout: string;
  readonly base: string;
  readonly scratch: string;
}

async function compared({ terminal, checkout, base, scratch }: Comparison): Promise<LayersDiff> {
  const commit = await comparisonPoint(checkout, base);
  const source = {
    folder: checkout,
    configFile: configFile(terminal.env),
    scratch,
  };
  const [old, next] = [await treeAt(source, commit), await treeAt(source, undefined)];
  const tool = toolFinder(terminal);
  return layersDiff(...(await appliedStates({ tree: old, scratch, tool }, { tree: next, scratch, tool })));
}

/** @throws CommandFailure for what was not allowed */
function judge({ removed, notRendered }: LayersDiff, { allow, allowUnrendered }: Options, { notify }: Terminal): void {
  for (const entry of allow.filter((one) => !removed.some((removal) => entryOf(removal) === one)))
    notify(`--allow ${entry}: nothing of this name would go.\n`);
  const refused = removed.filter((removal) => removal.guarded && !allow.includes(entryOf(removal)));
  const unknown = notRendered.filter(({ application }) => !allowUnrendered.includes(application));
  const reasons = [
    ...(refused.length > 0 ? [removalRefusal(refused)] : []),
    ...(unknown.length > 0 ? [unknownRefusal(unknown)] : []),
  ];
  if (reasons.length > 0) throw new CommandFailure(reasons.join('\n'));
}

function removalRefusal(refused: readonly Removal[]): string {
  const lines = refused.map((removal) => `  ${nameOf(removal.object)} (${removal.file}): --allow ${entryOf(removal)}`);
  return `The change would remove what holds data or a whole layer. If that is meant, allow it:\n${lines.join('\n')}`;
}

function unknownRefusal(unknown: readonly NotRendered[]): string {
  const lines = unknown.map(({ application, at, why }) => {
    return `  ${application}${at === 'base' ? ' at the base' : ''}: ${why}: --allow-unrendered '${application}'`;
  });
  return `What the change does to these is not known, because they cannot be rendered:\n${lines.join('\n')}`;
}

function entryOf({ object }: Removal): string {
  return `${object.kind}/${object.name}`;
}

function collectObject(entry: string, others: readonly string[]): string[] {
  if (!/^[A-Za-z]+\/.+$/.test(entry)) {
    throw new InvalidArgumentError('Write kind and name: PersistentVolumeClaim/gitea-data.');
  }
  return collect(entry, others);
}

function collect(entry: string, others: readonly string[]): string[] {
  return [...others, entry];
}
