/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports -- import() goes around the loader that compiles TypeScript */
/** The `forge` command. Subcommands are loaded when they are called: their libraries are slow to load. */
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { withoutTokens } from '#config/tokens';
import { originRepository } from './output/origin-repository';

interface Subcommand {
  readonly summary: string;
  readonly load: () => Command;
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  sandbox: {
    summary: 'run the whole platform on this machine',
    load: () => (require('./sandbox/command') as typeof import('./sandbox/command')).sandboxCommand(),
  },
  init: {
    summary: 'make this checkout a forge of your own',
    load: () => (require('./init/command') as typeof import('./init/command')).initCommand(),
  },
  github: {
    summary: 'prepare the repository on GitHub for deploys',
    load: () => (require('./github/command') as typeof import('./github/command')).githubCommand(),
  },
  bootstrap: {
    summary: 'create the bucket for the Terraform state and prove that it can be locked',
    load: () => (require('./bootstrap/bootstrap') as typeof import('./bootstrap/bootstrap')).bootstrapCommand(),
  },
  state: {
    summary: 'look at the Terraform state in Spaces, without Terraform',
    load: () => (require('./state/command') as typeof import('./state/command')).stateCommand(),
  },
  plan: {
    summary: 'plan the stacks, show the plans, and compare them with what was reviewed',
    load: () => (require('./plan/command') as typeof import('./plan/command')).planCommand(),
  },
  deploy: {
    summary: 'deploy the stacks in order, with the API open for as long as it takes',
    load: () => (require('./deploy/command') as typeof import('./deploy/command')).deployCommand(),
  },
  drift: {
    summary: 'keep one issue about what was changed past Git',
    load: () => (require('./drift/command') as typeof import('./drift/command')).driftCommand(),
  },
  access: {
    summary: 'open the Kubernetes API for a while, and close it',
    load: () => (require('./access/command') as typeof import('./access/command')).accessCommand(),
  },
  kubeconfig: {
    summary: 'make a kubeconfig for yourself, or a sealed one for every operator',
    load: () => (require('./kubeconfig/command') as typeof import('./kubeconfig/command')).kubeconfigCommand(),
  },
  people: {
    summary: 'list who operates the cluster, and take the rights of somebody who leaves',
    load: () => (require('./people/command') as typeof import('./people/command')).peopleCommand(),
  },
  destroy: {
    summary: 'destroy the whole environment',
    load: () => (require('./destroy/command') as typeof import('./destroy/command')).destroyCommand(),
  },
  sweep: {
    summary: 'find what was left over in the DigitalOcean account',
    load: () => (require('./sweep/command') as typeof import('./sweep/command')).sweepCommand(),
  },
  cost: {
    summary: 'show what forge.yaml costs a month',
    load: () => (require('./cost/command') as typeof import('./cost/command')).costCommand(),
  },
  doctor: {
    summary: 'check tools, tokens, configuration and state, and say what to do',
    load: () => (require('./doctor/command') as typeof import('./doctor/command')).doctorCommand(),
  },
  backup: {
    summary: 'save Gitea and Jenkins now, list their backups, restore one',
    load: () => (require('./backup/command') as typeof import('./backup/command')).backupCommand(),
  },
  status: {
    summary: 'show nodes, layers, apps and certificates, and what is wrong',
    load: () => (require('./status/command') as typeof import('./status/command')).statusCommand(),
  },
  wait: {
    summary: 'wait until the layers are what Git says',
    load: () => (require('./wait/command') as typeof import('./wait/command')).waitCommand(),
  },
  layers: {
    summary: 'show what a change of k8s/ would remove from the cluster',
    load: () => (require('./layers/command') as typeof import('./layers/command')).layersCommand(),
  },
  configure: {
    summary: 'write what forge.yaml says into the manifests of k8s/',
    load: () => (require('./configure/command') as typeof import('./configure/command')).configureCommand(),
  },
  completion: {
    summary: 'print what makes a shell complete the words of forge',
    load: () =>
      (require('./completion/command') as typeof import('./completion/command')).completionCommand(() =>
        forge(() => true),
      ),
  },
};

const WRONG_USE = 2;
const UNFORESEEN =
  'This was not foreseen, so it is a fault of forge. Please report it, with what you typed and the lines above.';
const CHECKOUT = join(__dirname, '..');

/** @param isNeeded whether a subcommand has to know what is below it */
export function forge(isNeeded: (subcommand: string) => boolean): Command {
  const program = new Command('forge')
    .description('Operate a software forge on a Kubernetes cluster of your own.')
    .addHelpText('after', '\nExample:\n  $ npx forge sandbox up')
    .showHelpAfterError('(forge --help lists the commands)');
  for (const [name, { summary, load }] of Object.entries(SUBCOMMANDS)) {
    program.addCommand(isNeeded(name) ? load().summary(summary) : new Command(name).summary(summary));
  }
  return program;
}

/** Runs the command line. Resolves to the exit code: 0 fine, 1 failed, 2 wrong use. */
export async function run(argv: readonly string[]): Promise<number> {
  const program = forge((name) => argv[0] === name);
  everyCommand(program, (command) => command.exitOverride());
  try {
    await program.parseAsync([...argv], { from: 'user' });
    // A command that ran another one gives its exit code.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return exitCodeOf(error, argv[0] ?? '');
  }
}

function everyCommand(command: Command, change: (command: Command) => void): void {
  change(command);
  for (const child of command.commands) everyCommand(child, change);
}

function exitCodeOf(error: unknown, subcommand: string): number {
  // Commander has already printed its message or the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE;
  const { message, exitCode } = error as { message?: string; exitCode?: unknown };
  if (typeof exitCode === 'number') {
    console.error(withoutTokens(String(message), process.env));
    return exitCode;
  }
  console.error(withoutTokens(inspect(error), process.env));
  console.error(`\n${UNFORESEEN}${reportLink(subcommand, error)}`);
  return 1;
}

/** Of a new issue where this checkout comes from. Nothing of the error's text: a person looks at it before it is public. */
function reportLink(subcommand: string, error: unknown): string {
  const repository = originRepository(CHECKOUT);
  if (repository === undefined) return '';
  const title = `forge ${subcommand}: ${error instanceof Error ? error.name : 'an error'} that was not foreseen`;
  const body = `What I typed:\n\nWhat it said, without secrets:\n\nNode.js ${process.version}, ${process.platform} ${process.arch}`;
  return `\nhttps://github.com/${repository}/issues/new?${new URLSearchParams({ title, body }).toString()}`;
}
