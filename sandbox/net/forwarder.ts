/** Passes TCP connections on, as a reserved IP does to its droplet and a load balancer to its targets in turn. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { listen } from './listen';

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
  /** Tells each target first, in a line of PROXY protocol version 1, who connected. Connections of our own do not do it. */
  readonly proxyProtocol?: boolean;
  /** Where a load balancer's health checks connect to. */
  readonly healthCheckPort?: number;
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
 * Listens on a forwarder's address, each entry port on its own. A port below 1024 that this user may not open is reported
 * and left out: the rest of the sandbox works without it.
 */
export class Forwarding {
  private readonly entries = new Map<number, Entry>();
  private turn = 0;

  private constructor(
    private forwarder: TcpForwarder,
    private readonly options: ForwardingOptions,
  ) {}

  /** @throws the system's error if a port is taken */
  static async open(forwarder: TcpForwarder, options: ForwardingOptions): Promise<Forwarding> {
    const forwarding = new Forwarding(forwarder, options);
    try {
      await forwarding.update(forwarder);
      return forwarding;
    } catch (error) {
      await forwarding.close();
      throw error;
    }
  }

  /** Changes rules and targets; connections through unchanged rules go on. */
  async update(next: TcpForwarder): Promise<void> {
    const moved = next.address !== this.forwarder.address;
    this.forwarder = next;
    const wanted = new Map(next.rules.map(({ entryPort, targetPort }) => [entryPort, targetPort]));
    for (const [entryPort, entry] of this.entries) {
      if (!moved && wanted.get(entryPort) === entry.targetPort) continue;
      this.entries.delete(entryPort);
      await shut(entry);
    }
    for (const [entryPort, targetPort] of wanted) {
      if (!this.entries.has(entryPort)) await this.openEntry(entryPort, targetPort);
    }
  }

  /** Port that an entry port stands for: itself, or one that the system chose for 0. */
  portOf(entryPort: number): number | undefined {
    return (this.entries.get(entryPort)?.server.address() as AddressInfo | null | undefined)?.port;
  }

  async close(): Promise<void> {
    await Promise.all([...this.entries.values()].map(shut));
    this.entries.clear();
  }

  private async openEntry(entryPort: number, targetPort: number): Promise<void> {
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
      track(sockets, client);
      void connectFirst(this.targetsInTurn(targetPort), targetPort).then((target) => {
        if (target === undefined || client.destroyed) {
          client.destroy();
          target?.destroy();
          return;
        }
        track(sockets, target);
        join(client, target);
      });
    });
    if (await isOpened(server, this.forwarder.address, entryPort, this.options.log)) {
      this.entries.set(entryPort, { server, sockets, targetPort });
    }
  }

  private targetsInTurn(port: number): string[] {
    const { targets, keepsAddress } = this.forwarder;
    const healthy = targets.filter((target) => this.options.isHealthy(target, port, this.forwarder));
    const start = healthy.length === 0 ? 0 : this.turn++ % healthy.length;
    const inTurn = [...healthy.slice(start), ...healthy.slice(0, start)];
    // A network load balancer passes the client's own connection on, so it cannot try another target.
    return keepsAddress ? inTurn.slice(0, 1) : inTurn;
  }
}

async function isOpened(server: Server, address: string, port: number, log: (line: string) => void): Promise<boolean> {
  try {
    await listen(server, { host: address, port, exclusive: true });
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
