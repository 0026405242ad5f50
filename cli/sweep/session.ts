/** What a command starts with that works on the whole environment: the state, and the DigitalOcean account. */
import { digitalOcean, type DigitalOceanClient } from '#clients/digitalocean/client';
import type { Terminal } from '../output/terminal';
import { withSession, type StateSession } from '../state/session';

export interface CloudSession extends StateSession {
  readonly cloud: DigitalOceanClient;
}

/** Runs with connections that are closed afterwards. */
export function withCloudSession(terminal: Terminal, work: (session: CloudSession) => Promise<void>): Promise<void> {
  return withSession(terminal, (session) => work({ ...session, cloud: digitalOcean(terminal.env, terminal.notify) }));
}
