/** What every `forge access` command starts with. */
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import type { ForgeConfig } from '#config/schema';
import { digitalOcean, type DigitalOceanClient } from '#clients/digitalocean/client';
import { printable, time } from '../output/text';
import type { Terminal } from '../output/terminal';
import { listOpenings, removeOpening, type Opening } from './firewalls';

export interface AccessSession {
  readonly client: DigitalOceanClient;
  readonly config: ForgeConfig;
}

/** @throws ConfigError, CommandFailure when forge.yaml or the token is missing */
export function accessSession({ env, notify }: Terminal): AccessSession {
  return { config: loadConfig(configFile(env)), client: digitalOcean(env, notify) };
}

/** Removes the openings whose time is over. */
export async function removeExpired({ client, config }: AccessSession): Promise<Opening[]> {
  const now = Date.now();
  const over = (await listOpenings(client, config)).filter(({ expires }) => expires.getTime() <= now);
  for (const opening of over) await removeOpening(client, opening);
  return over;
}

/** The same, and says which. */
export async function removeOldOpenings({ notify }: Terminal, session: AccessSession): Promise<void> {
  for (const opening of await removeExpired(session)) {
    notify(`Removed, as its time is over: ${describeOpening(opening)}\n`);
  }
}

/** For the person: to whom, until when, and the id. */
export function describeOpening({ address, expires, id }: Opening): string {
  return `${printable(address)} until ${time(expires)}, id ${id}`;
}

/** For programs. */
export function openingJson({ id, name, address, expires }: Opening): Record<string, string> {
  return { id, name, address, expires: expires.toISOString() };
}
