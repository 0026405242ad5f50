/** What every `forge state` command starts with: the configuration, and a connection to the bucket. */
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import type { ForgeConfig } from '#config/schema';
import { spacesTarget, withSpaces, type SpacesClient } from '#clients/spaces/client';
import type { Terminal } from '../output/terminal';

export interface StateSession {
  readonly config: ForgeConfig;
  readonly spaces: SpacesClient;
  readonly terminal: Terminal;
}

/** Runs a command with a connection that is closed afterwards. */
export async function withSession<T>(terminal: Terminal, work: (session: StateSession) => Promise<T>): Promise<T> {
  const config = loadConfig(configFile(terminal.env));
  const target = spacesTarget(config, terminal.env);
  return withSpaces(target, (spaces) => work({ config, spaces, terminal }), terminal.notify);
}
