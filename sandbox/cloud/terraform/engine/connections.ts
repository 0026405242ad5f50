/** A provider is configured per connection: aliases, and runs at the same time, share one socket. */
import type { Connection } from '../protocol/grpc-server';
import { ProviderError, type Call } from './resource';

export interface Connections<Client> {
  configured(connection: Connection, client: Client): void;
  /** What an operation on the connection is given. Throws when the provider was not configured on it. */
  call(connection: Connection): Call<Client>;
  /** Asks the operations under way to end. */
  stop(connection: Connection): void;
}

export function trackConnections<Client>(): Connections<Client> {
  const clients = new WeakMap<Connection, { client: Client; stop: AbortController }>();
  return {
    configured: (connection, client) => {
      clients.set(connection, { client, stop: new AbortController() });
    },
    call: (connection) => {
      const found = clients.get(connection);
      if (found === undefined) throw new ProviderError('The provider was not configured on this connection');
      return { client: found.client, signal: AbortSignal.any([connection.closed, found.stop.signal]) };
    },
    stop: (connection) => {
      clients.get(connection)?.stop.abort(new Error('Terraform was told to stop'));
    },
  };
}
