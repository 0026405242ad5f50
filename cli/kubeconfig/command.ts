/** `forge kubeconfig`: access to the cluster for kubectl. */
import { Command } from 'commander';
import { CommandFailure } from '#clients/failure';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import { processTerminal, type Terminal } from '../output/terminal';
import { seal } from './seal';
import { kubeconfigOf, kubectlFiles, mergeInto, writeTo } from './write';

interface Options {
  readonly admin?: boolean;
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
      "Make a kubeconfig with the operators' certificate from the Terraform state. Files get mode 0600.\n" +
        'Needs forge.yaml (or FORGE_CONFIG), SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY. The API itself: forge access open.',
    )
    .option('--admin', "the admin's certificate instead, which may do everything")
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
  const kubeconfig = await kubeconfigOf(terminal, options.admin ? 'admin' : 'operators');
  if (merge) mergeInto(kubectlFiles(terminal.env), kubeconfig, use, terminal);
  else if (out === undefined || out === STDOUT) terminal.write(kubeconfig.text);
  else writeTo(out, kubeconfig, terminal);
}

/** `forge kubeconfig seal`: encrypts one, for the artifact of a deploy. */
function sealCommand(terminal: Terminal): Command {
  return new Command('seal')
    .summary('encrypt a kubeconfig for the operators')
    .description(
      'Encrypt a file with age for every operator of forge.yaml: any one of them can open it, nobody else.\n' +
        'Where nobody is listed it stays in clear in a GitHub job of a private repository, and is refused elsewhere.',
    )
    .argument('<file>', 'a kubeconfig; replaced unless --out is given')
    .option('--out <file>', 'write the result here instead')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx forge kubeconfig --out kubeconfig.yaml && npx forge kubeconfig seal kubeconfig.yaml',
    )
    .action(async (file: string, _: unknown, command: Command) => {
      const { operators } = loadConfig(configFile(terminal.env));
      // The parent command has an option --out, too, and commander gives it the value.
      const { out = file } = command.optsWithGlobals<{ out?: string }>();
      terminal.write(`${await seal({ file, out, operators, env: terminal.env })}\n`);
    });
}

/** Options that do not go together. */
function wrongUse(message: string): CommandFailure {
  return new CommandFailure(message, { exitCode: 2 });
}
