/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports -- import() goes around the loader that compiles TypeScript */
/** `forge sandbox`: the whole platform on this machine. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { sandboxFolder } from '#sandbox/place/folder';
import type { ProviderChoice } from '#sandbox/providers';
import type { UpCommandOptions } from './up';

/** The `forge sandbox` command with its subcommands, which load what they need when they run. */
export function sandboxCommand(): Command {
  const command = new Command('sandbox')
    .description(
      'Run the whole platform on this machine: an emulated cloud, a real Kubernetes control plane, no account.',
    )
    .addHelpText('after', example('npx forge sandbox up'));
  const subcommand = (name: string, description: string) =>
    command.command(name).description(description).option('--folder <path>', 'data folder of the sandbox', '.forge');

  subcommand('up', 'start everything and deploy the three stacks')
    .option('--real', 'droplets are containers that boot their user data and run the real k3s (Linux with Docker)')
    .option('--servers <number>', 'servers of the control plane, 1 or 3 (default: as forge.yaml says)', serverCount)
    .option('--config <file>', 'another forge.yaml')
    .addOption(
      new Option('--providers <which>', "Terraform's providers: the official ones if they can be had, or our stand-ins")
        .choices(['auto', 'official', 'emulated'] satisfies ProviderChoice[])
        .default('auto'),
    )
    .addHelpText('after', example('npx forge sandbox up --servers 3 --providers official'))
    .action(async ({ folder, ...options }: UpCommandOptions & { folder: string }) => {
      const { up } = require('./up') as typeof import('./up');
      await up(sandboxFolder(folder), options);
    });
  subcommand('status', 'show what runs and what is deployed')
    .option('--json', 'for programs')
    .addHelpText('after', example('npx forge sandbox status'))
    .action(async ({ folder, json }: { folder: string; json?: boolean }) => {
      const { status } = require('./status') as typeof import('./status');
      await status(sandboxFolder(folder), json === true);
    });
  subcommand('tour', "do the guide's day-2 operations one after the other, and show what happens")
    .option('--only <numbers>', 'some of them, such as 1,5', numbers, [])
    .addHelpText('after', example('npx forge sandbox tour --only 1'))
    .action(async ({ folder, only }: { folder: string; only: number[] }) => {
      const { tour } = require('./tour') as typeof import('./tour');
      await tour(sandboxFolder(folder), only);
    });
  subcommand('push', 'give the cluster the working tree as it is, what is not committed included')
    .addHelpText('after', example('npx forge sandbox push && npx forge status'))
    .action(async ({ folder }: { folder: string }) => {
      const { push } = require('./push') as typeof import('./push');
      await push(sandboxFolder(folder));
    });
  subcommand('env', 'print what cdktf, terraform and kubectl need to use the sandbox')
    .addHelpText('after', example('eval "$(npx forge sandbox env)" && npx cdktf diff network'))
    .action(async ({ folder }: { folder: string }) => {
      const { env } = require('./env') as typeof import('./env');
      await env(sandboxFolder(folder));
    });
  subcommand('logs', "show the sandbox's log")
    .option('--follow', 'go on as lines come')
    .addHelpText('after', example('npx forge sandbox logs --follow'))
    .action(async ({ folder, follow }: { folder: string; follow?: boolean }) => {
      const { logs } = require('./logs') as typeof import('./logs');
      await logs(sandboxFolder(folder), follow === true);
    });
  subcommand('down', 'end it and remove everything but the cached tools')
    .addHelpText('after', example('npx forge sandbox down'))
    .action(async ({ folder }: { folder: string }) => {
      const { down } = require('./down') as typeof import('./down');
      await down(sandboxFolder(folder));
    });
  return command;
}

function serverCount(text: string): 1 | 3 {
  if (text === '1') return 1;
  if (text === '3') return 3;
  throw new InvalidArgumentError('It must be 1 or 3: two servers would survive the loss of none.');
}

function numbers(text: string): number[] {
  if (!/^\d+(,\d+)*$/.test(text)) throw new InvalidArgumentError('Write numbers with commas: 1,5');
  return text.split(',').map(Number);
}

function example(line: string): string {
  return `\nExample:\n  $ ${line}`;
}
