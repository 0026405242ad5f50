/** `forge access`: opens the Kubernetes API to one address for a while. */
import { Command } from 'commander';
import { processTerminal, type Terminal } from '../output/terminal';
import { closeCommand } from './close';
import { openCommand } from './open';
import { runCommand } from './run';
import { sweepCommand } from './sweep';

/** @param terminal the default is the process's own */
export function accessCommand(terminal: Terminal = processTerminal()): Command {
  const command = new Command('access')
    .description(
      'The Kubernetes API is closed but for access.api in forge.yaml. Open it to one address for a while, and close it again.\n' +
        'Needs forge.yaml (or FORGE_CONFIG) and DIGITALOCEAN_TOKEN with firewall:read, firewall:create and firewall:delete.',
    )
    .addHelpText('after', '\nExample:\n  $ npx forge access run -- npx forge status');
  for (const make of [openCommand, runCommand, closeCommand, sweepCommand]) command.addCommand(make(terminal));
  return command;
}
