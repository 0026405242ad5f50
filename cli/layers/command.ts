/** `forge layers`: what a change of k8s/ means for the cluster. */
import { Command, InvalidArgumentError } from 'commander';
import colors from 'picocolors';
import { CommandFailure } from '#clients/failure';
import { json, lines } from '../output/text';
import { nameOf } from '../status/platform-status';
import { textTable, type Cell } from '../output/text-table';
import { processTerminal, type Terminal } from '../output/terminal';
import { appliedState, type AppliedState } from './applied-objects';
import { removals, type Removal } from './removals';
import { comparisonPoint, filesAt, workingTree, type Files } from './repository';

interface Options {
  readonly base: string;
  readonly allow: readonly string[];
  readonly json?: boolean;
}

/**
 * @param terminal the default is the process's own
 * @param checkout a Git working tree with k8s/
 */
export function layersCommand(terminal: Terminal = processTerminal(), checkout: string = process.cwd()): Command {
  return new Command('layers')
    .description('Look at the layers in k8s/ before a push.')
    .addCommand(removedCommand(terminal, checkout))
    .addHelpText('after', '\nExample:\n  $ npx forge layers removed --base origin/main');
}

function removedCommand(terminal: Terminal, checkout: string): Command {
  return new Command('removed')
    .description(
      'List the objects that the working tree no longer has, and what Argo CD would do to each.\n' +
        'Exits with 1 when one that holds data would go: PersistentVolumeClaim, PersistentVolume, StatefulSet, Namespace,\n' +
        'Secret, CustomResourceDefinition, the Application of a layer. Charts from elsewhere are not looked into, and Kustomize is not followed.',
    )
    .requiredOption('--base <revision>', 'compare with where the branch left this one, such as origin/main')
    .option('--allow <kind/name>', 'an object that may go; may be given several times', collect, [])
    .option('--json', 'print the list as JSON')
    .addHelpText('after', '\nExample:\n  $ npx forge layers removed --base origin/main --allow StatefulSet/jenkins')
    .action((options: Options) => removed(terminal, checkout, options));
}

async function removed(terminal: Terminal, checkout: string, { base, allow, json: asJson }: Options): Promise<void> {
  const commit = await comparisonPoint(checkout, base);
  const [before, after] = [await filesAt(checkout, commit), await workingTree(checkout)];
  const found = removals(stateOf(before, `at ${base}`), stateOf(after, 'in the working tree'));
  terminal.write(asJson ? json(found) : listOf(found));
  const unused = allow.filter((entry) => !found.some((removal) => entryOf(removal) === entry));
  for (const entry of unused) terminal.notify(`--allow ${entry}: nothing of this name would go.\n`);
  const refused = found.filter((removal) => removal.guarded && !allow.includes(entryOf(removal)));
  if (refused.length > 0) throw new CommandFailure(refusal(refused));
}

function stateOf(files: Files, where: string): AppliedState {
  try {
    return appliedState(files);
  } catch (error) {
    throw new CommandFailure(`k8s/ ${where}: ${(error as Error).message}`);
  }
}

const EFFECT_CELLS: Readonly<Record<Removal['effect'], Cell>> = {
  goes: ['goes', 'red'],
  moves: ['moves', 'yellow'],
  stays: ['stays', 'green'],
};

function listOf(found: readonly Removal[]): string {
  if (found.length === 0) return 'The change removes no object.\n';
  const rows = found.map(({ object, file, effect, why }) => [EFFECT_CELLS[effect], nameOf(object), file, why]);
  return lines(textTable(rows, colors));
}

function refusal(refused: readonly Removal[]): string {
  const lines = refused.map((removal) => `  ${nameOf(removal.object)} (${removal.file}): --allow ${entryOf(removal)}`);
  return `The change would remove what holds data or a whole layer. If that is meant, allow it:\n${lines.join('\n')}`;
}

function entryOf({ object }: Removal): string {
  return `${object.kind}/${object.name}`;
}

function collect(entry: string, others: readonly string[]): string[] {
  if (!/^[A-Za-z]+\/.+$/.test(entry)) {
    throw new InvalidArgumentError('Write kind and name: PersistentVolumeClaim/gitea-data.');
  }
  return [...others, entry];
}
