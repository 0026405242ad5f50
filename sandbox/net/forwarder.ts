/** Passes TCP connections on, as a reserved IP does to its droplet and a load balancer to its targets in turn. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A reserved IP, with one target, or a load balancer. */
export interface TcpForwarder {
  readonly address: string;
  readonly rules: readonly { readonly entryPort: number; readonly targetPort: number }[];
  /** Public addresses of droplets. */
  readonly targets: readonly string[];
  /**
   * Packets, health checks too, arrive with this address as their destination, and a machine that does not own it drops
   * them. Source: DigitalOcean's documentation, "How to Configure Backend Droplets for Network Load Balancers".
   */
  readonly keepsAddress?: boolean;
}

export interface Forwarding {
  /** Changes rules and targets; connections through unchanged rules go on. */
  update(forwarder: TcpForwarder): Promise<void>;
  /** Port that an entry port stands for: itself, or one that the system chose for 0. */
  portOf(entryPort: number): number | undefined;
  close(): Promise<void>;
}

export interface ForwardingOptions {
  /** Whether a target takes new connections on a port; a load balancer would learn it from its health checks. */
  readonly isHealthy: (target: string, port: number, through: TcpForwarder) => boolean;
  readonly log: (line: string) => void;
}

interface Entry {
  readonly server: Server;
  readonly sockets: Set<Socket>;
  readonly targetPort: number;
}

const CONNECT_TIMEOUT_MS = 2000;

/**
 * Listens on the forwarder's address, each entry port on its own.
 * A port below 1024 that this user may not open is reported and left out: the rest of the sandbox works without it.
 *
 * @throws the system's error if a port is taken
 */
export async function createForwarding(forwarder: TcpForwarder, options: ForwardingOptions): Promise<Forwarding> {
  const entries = new Map<number, Entry>();
  let current = forwarder;
  let turn = 0;

  const targetsInTurn = (port: number): string[] => {
    const healthy = current.targets.filter((target) => options.isHealthy(target, port, current));
    const start = healthy.length === 0 ? 0 : turn++ % healthy.length;
    const inTurn = [...healthy.slice(start), ...healthy.slice(0, start)];
    // The client's own connection is passed on: nobody in between could try another target.
    return current.keepsAddress ? inTurn.slice(0, 1) : inTurn;
  };

  const open = async (entryPort: number, targetPort: number): Promise<void> => {
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
      track(sockets, client);
      void connectFirst(targetsInTurn(targetPort), targetPort).then((target) => {
        if (target === undefined || client.destroyed) {
          client.destroy();
          target?.destroy();
          return;
        }
        track(sockets, target);
        join(client, target);
      });
    });
    if (await listen(server, current.address, entryPort, options.log))
      entries.set(entryPort, { server, sockets, targetPort });
  };

  const update = async (next: TcpForwarder): Promise<void> => {
    const moved = next.address !== current.address;
    current = next;
    const wanted = new Map(next.rules.map(({ entryPort, targetPort }) => [entryPort, targetPort]));
    for (const [entryPort, entry] of entries) {
      if (moved || wanted.get(entryPort) !== entry.targetPort) {
        entries.delete(entryPort);
        await shut(entry);
      }
    }
    for (const [entryPort, targetPort] of wanted) if (!entries.has(entryPort)) await open(entryPort, targetPort);
  };

  const close = async (): Promise<void> => {
    await Promise.all([...entries.values()].map(shut));
    entries.clear();
  };

  try {
    await update(forwarder);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    update,
    portOf: (entryPort) => (entries.get(entryPort)?.server.address() as AddressInfo | null | undefined)?.port,
    close,
  };
}

async function listen(server: Server, address: string, port: number, log: (line: string) => void): Promise<boolean> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen({ host: address, port, exclusive: true }, resolve);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    log(`${address}:${port} stays closed: this user may not open ports below 1024.`);
    return false;
  }
}

async function connectFirst(targets: readonly string[], port: number): Promise<Socket | undefined> {
  for (const host of targets) {
    const socket = await new Promise<Socket | undefined>((resolve) => {
      const attempt = connect({ host, port, allowHalfOpen: true, timeout: CONNECT_TIMEOUT_MS });
      const fail = () => {
        attempt.destroy();
        resolve(undefined);
      };
      attempt.once('error', fail).once('timeout', fail);
      attempt.once('connect', () => {
        attempt.setTimeout(0);
        attempt.off('error', fail).off('timeout', fail);
        resolve(attempt);
      });
    });
    if (socket !== undefined) return socket;
  }
  return undefined;
}

function join(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  one.once('close', () => other.destroy());
  other.once('close', () => one.destroy());
}

/** A socket's error closes it, which is all there is to do. */
function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.once('close', () => sockets.delete(socket));
}

function shut({ server, sockets }: Entry): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}
