/** `forge kubeconfig`: access to the cluster for kubectl. */
import { Command, InvalidArgumentError } from 'commander';
import { CommandFailure } from '#clients/failure';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import { processTerminal, type Terminal } from '../output/terminal';
import { MOST_DAYS, operatorNamed, UNNAMED_DAYS } from './issue';
import { seal } from './seal';
import { adminKubeconfig, kubectlFiles, mergeInto, operatorsKubeconfigs, writeTo, type Kubeconfig } from './write';

interface Options {
  readonly admin?: boolean;
  readonly as?: string;
  readonly days?: number;
  readonly merge?: boolean;
  readonly use?: boolean;
  readonly out?: string;
}

const STDOUT = '-';

/**
 * @param terminal the default is the process's own
 * @param isScreen whether a person would see what is printed: a key is no sight for the screen
 */
export function kubeconfigCommand(
  terminal: Terminal = processTerminal(),
  isScreen: boolean = process.stdout.isTTY,
): Command {
  return new Command('kubeconfig')
    .description(
      'Make a kubeconfig with a certificate of its own for an operator of forge.yaml, which the cluster signs. Files get mode 0600.\n' +
        'The API must be open to this machine: forge access open. Whoever is taken out of forge.yaml loses the rights, not the certificate.\n' +
        'Needs forge.yaml (or FORGE_CONFIG), SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY.',
    )
    .option('--as <name>', 'for which operator; needed where forge.yaml names more than one')
    .option(
      '--days <number>',
      `until it ends, 1 to ${MOST_DAYS} (default: ${MOST_DAYS}, or ${UNNAMED_DAYS} where forge.yaml names nobody)`,
      days,
    )
    .option('--admin', "the admin's certificate in the Terraform state instead, which may do everything")
    .option(
      '--merge',
      'add it to the files that kubectl uses, of $KUBECONFIG or ~/.kube/config; the rest of them stays',
    )
    .option('--use', 'with --merge: make it the current context')
    .option('--out <file>', 'write a file of its own; - is standard output (default when that is no terminal)')
    .addHelpText('after', '\nExample:\n  $ npx forge kubeconfig --merge --use && kubectl get pods')
    .action((options: Options) => write(terminal, isScreen, options))
    .addCommand(sealCommand(terminal));
}

async function write(terminal: Terminal, isScreen: boolean, options: Options): Promise<void> {
  const { merge = false, use = false, out = isScreen ? undefined : STDOUT } = options;
  if (merge && options.out !== undefined) throw wrongUse('Give --merge or --out, not both: the result is one file.');
  if (use && !merge) throw wrongUse('--use goes with --merge: a file of its own has one context only.');
  if (!merge && out === undefined) {
    throw wrongUse(
      'Where shall it go? --merge adds it to the file that kubectl uses, --out FILE writes a file of its own,\n' +
        '--out - prints it here, private key included.',
    );
  }
  const kubeconfig = await make(terminal, options);
  if (merge) mergeInto(kubectlFiles(terminal.env), kubeconfig, use, terminal);
  else if (out === undefined || out === STDOUT) terminal.write(kubeconfig.text);
  else writeTo(out, kubeconfig, terminal);
}

async function make(terminal: Terminal, { admin = false, as, days: lifetime }: Options): Promise<Kubeconfig> {
  const config = loadConfig(configFile(terminal.env));
  if (!admin) return (await operatorsKubeconfigs(terminal, config, [operatorNamed(config, as)], lifetime))[0]!;
  if (as === undefined && lifetime === undefined) return adminKubeconfig(terminal, config);
  throw wrongUse("--as and --days are for operators. The admin's certificate is one, and as long as the state says.");
}

/** `forge kubeconfig seal`: for the artifact of a deploy. */
function sealCommand(terminal: Terminal): Command {
  return new Command('seal')
    .summary('make one for every operator, encrypted')
    .description(
      'Make a kubeconfig for every operator of forge.yaml, each with a certificate of its own and encrypted with age to its person.\n' +
        `Where nobody is listed, a GitHub job of a private repository gets one in clear, for ${UNNAMED_DAYS} days; elsewhere that is refused.`,
    )
    .argument('<folder>', 'where the files go')
    .addHelpText('after', '\nExample:\n  $ npx forge access run -- npx forge kubeconfig seal kubeconfigs')
    .action(async (folder: string) => {
      const config = loadConfig(configFile(terminal.env));
      terminal.write(`${await seal(terminal, config, folder)}\n`);
    });
}

function days(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= MOST_DAYS) return number;
  throw new InvalidArgumentError(`Write a whole number from 1 to ${MOST_DAYS}.`);
}

/** Options that do not go together. */
function wrongUse(message: string): CommandFailure {
  return new CommandFailure(message, { exitCode: 2 });
}
