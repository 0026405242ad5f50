/** Serves all emulated providers and tells Terraform where they are. */
import { join } from 'node:path';
import type { GrpcServer } from '../protocol/grpc-server';
import { serveProvider } from './provider-server';
import type { ProviderDefinition } from './resource';

export interface RunningStandIns {
  /** Value of TF_REATTACH_PROVIDERS. */
  readonly reattach: string;
  stop(): Promise<void>;
}

/** A provider whatever its client is. */
export interface AnyProvider {
  readonly address: string;
  serve(socket: string): Promise<GrpcServer>;
}

/** Wraps a definition, so that providers with different clients fit in one list. */
export function provider<Client>(definition: ProviderDefinition<Client>): AnyProvider {
  return { address: definition.schema.address, serve: (socket) => serveProvider(definition, socket) };
}

/** @param folder for the sockets; its path must leave room under the 107 bytes of a socket's path */
export async function startProviders(providers: readonly AnyProvider[], folder: string): Promise<RunningStandIns> {
  const started = await Promise.all(
    providers.map(async ({ address, serve }) => {
      const socket = join(folder, `${address.split('/').at(-1)!}.sock`);
      return { address, socket, server: await serve(socket) };
    }),
  );
  const entries = started.map(({ address, socket }) => [
    address,
    {
      Protocol: 'grpc',
      ProtocolVersion: 6,
      Pid: process.pid,
      // Terraform panics without it.
      Test: true,
      Addr: { Network: 'unix', String: socket },
    },
  ]);
  return {
    reattach: JSON.stringify(Object.fromEntries(entries)),
    stop: async () => {
      await Promise.all(started.map(({ server }) => server.stop()));
    },
  };
}
