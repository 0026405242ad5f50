import { isIPv4 } from 'node:net';
import { Command, InvalidArgumentError, Option } from 'commander';
import { clusterAccess } from '../kubeconfig/cluster-access';
import { CommandFailure } from '#clients/failure';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { KubernetesClient } from '#clients/kubernetes/client';
import { until } from '#clients/until';
import { json } from '../output/text';
import type { Terminal } from '../output/terminal';
import { durationMs, durationText } from '../output/duration';
import { createOpening, type Opening } from './firewalls';
import { openerMark } from './opener';
import { ownAddress } from './own-address';
import { accessSession, describeOpening, openingJson, removeOldOpenings } from './session';

interface Options {
  readonly address?: string;
  readonly minutes: number;
  readonly wait: number | false;
  readonly json?: boolean;
}

export const DEFAULT_MINUTES = 60;
/** Whoever needs it for longer wants access.api in forge.yaml. */
export const MOST_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;
/** A firewall counts within seconds, but a droplet needs up to four minutes to become a control plane, twice that in bad hours. */
export const DEFAULT_WAIT = '10m';
const POLL_MS = 2000;

/** `forge access open`: lets one address reach the API until a moment. */
export function openCommand(terminal: Terminal): Command {
  return new Command('open')
    .summary('let this machine reach the API')
    .description(
      "Make a firewall of its own that lets one address reach port 6443 of the environment's servers, and wait until the API answers.\n" +
        'Its name says until when: the next open and the daily drift job remove it after that. Openings of jobs that died go first.\n' +
        "The address is this machine's own one, or, behind a router, what https://checkip.amazonaws.com says.\n" +
        'Needs also SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY: where the API is stands in the Terraform state.',
    )
    .option('--address <ip>', 'the IPv4 address that is let in', anAddress)
    .option('--minutes <number>', `for how long, from 1 to ${MOST_MINUTES}`, minutes, DEFAULT_MINUTES)
    .addOption(
      new Option('--wait <duration>', 'for an answer of the API, such as 90s or 15m')
        .argParser(durationMs)
        .default(durationMs(DEFAULT_WAIT), DEFAULT_WAIT),
    )
    .option('--no-wait', 'do not wait for an answer')
    .option('--json', 'print {id, name, address, expires}')
    .addHelpText('after', '\nExample:\n  $ npx forge access open --minutes 30')
    .action((options: Options) => open(terminal, options));
}

async function open(terminal: Terminal, options: Options): Promise<void> {
  const { opening, access } = await makeOpening(terminal, options);
  terminal.write(options.json ? json(openingJson(opening)) : `Open to ${describeOpening(opening)}\n`);
  if (options.wait !== false) await untilReady(terminal, access, options.wait);
}

/** One more opening, and with what the API behind it is reached. Those whose time is over go first. */
export async function makeOpening(
  terminal: Terminal,
  options: Pick<Options, 'address' | 'minutes'>,
): Promise<{ opening: Opening; access: KubernetesAccess }> {
  const session = accessSession(terminal);
  // These can fail, so they come before a firewall is opened.
  const access = await clusterAccess(terminal);
  const address = options.address ?? (await ownAddress(access.server));
  await removeOldOpenings(terminal, session);
  const opening = await createOpening(session.client, session.config, {
    address,
    expires: inMinutes(options.minutes),
    opener: openerMark(terminal.env),
  });
  return { opening, access };
}

/** @throws CommandFailure when the API does not answer in time, and the reason of the signal */
export async function untilReady(
  terminal: Terminal,
  access: KubernetesAccess,
  waitMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const client = new KubernetesClient(access);
  const what = () => noAnswer(client.server, waitMs);
  try {
    if (await client.isReady()) return;
    terminal.notify(`Waiting for ${client.server} …\n`);
    const check = () => {
      signal?.throwIfAborted();
      return client.isReady();
    };
    await until(check, { every: POLL_MS, limit: waitMs, what });
  } finally {
    client.close();
  }
}

function noAnswer(server: string, waitMs: number): CommandFailure {
  return new CommandFailure(
    `It is open, but the Kubernetes API at ${server} did not answer within ${durationText(waitMs)}.\n` +
      'Is the address right? It must be the one that the internet sees: npx forge access open --address <ip>\n' +
      'Does the first server run? It says why not on its screen: at DigitalOcean its droplet, Access, Recovery Console (docs/lost-machine.md).\n' +
      'Close again: npx forge access close',
  );
}

/** In whole seconds, as the name says it. */
function inMinutes(count: number): Date {
  return new Date(Math.floor(Date.now() / 1000) * 1000 + count * MINUTE_MS);
}

export function anAddress(text: string): string {
  if (isIPv4(text)) return text;
  throw new InvalidArgumentError('Write one IPv4 address, such as 203.0.113.7: the API has no other.');
}

export function minutes(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= MOST_MINUTES) return number;
  throw new InvalidArgumentError(`Write a whole number from 1 to ${MOST_MINUTES}.`);
}
