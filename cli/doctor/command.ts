/** `forge doctor`: what is missing before a deploy. */
import { Command } from 'commander';
import colors from 'picocolors';
import { CommandFailure } from '#clients/failure';
import { withoutTokens } from '#config/tokens';
import { json, printable } from '../output/text';
import { processTerminal, type Terminal } from '../output/terminal';
import { runChecks, type Outcome } from './check';
import { projectChecks, readConfig } from './project';
import { tokenChecks } from './tokens';
import { toolChecks } from './tools';

const SIGNS = { ok: colors.green('ok'), warning: colors.yellow('warning'), failure: colors.red('fails') };
const SIGN_WIDTH = 'warning'.length;

/**
 * @param terminal the default is the process's own
 * @param checkout the folder that holds k8s/
 */
export function doctorCommand(terminal: Terminal = processTerminal(), checkout: string = process.cwd()): Command {
  return new Command('doctor')
    .description(
      'Check tools, tokens and what they may do, forge.yaml, k8s/, the bucket of the state and the DNS. Each line that is not ok says what\n' +
        'to do. Shows no secret. Exits with 1 when something fails; a warning does not stop a deploy.',
    )
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample:\n  $ npx forge doctor')
    .action(async (options: { json?: boolean }) => {
      terminal.notify('Checking\n');
      const { env } = terminal;
      const config = readConfig(env);
      const checks = [...toolChecks(env), ...projectChecks(env, checkout, config), ...tokenChecks(env, config)];
      const outcomes = await runChecks(checks);
      terminal.write(withoutTokens(options.json ? json(outcomes) : describe(outcomes), env));
      const failed = outcomes.filter(({ level }) => level === 'failure');
      if (failed.length > 0)
        throw new CommandFailure(`Not ready to deploy: ${failed.map(({ check }) => check).join(', ')}`);
    });
}

function describe(outcomes: readonly Outcome[]): string {
  const width = Math.max(...outcomes.map(({ check }) => check.length));
  return outcomes
    .map((outcome) => {
      const padding = ' '.repeat(SIGN_WIDTH - (outcome.level === 'failure' ? 'fails' : outcome.level).length);
      const line = `${SIGNS[outcome.level]}${padding}  ${outcome.check.padEnd(width)}  ${printable(outcome.found)}\n`;
      if (outcome.level === 'ok') return line;
      return `${line}${' '.repeat(SIGN_WIDTH + width + 4)}${printable(outcome.todo)}\n`;
    })
    .join('');
}
