import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { Forwarding } from '#sandbox/net/forwarder';
import { LOOPBACK_NETWORK } from '#test/loopback-network';

const NETWORK = `${LOOPBACK_NETWORK}.250`;
const ADDRESS = `${NETWORK}.1`;

/** A target that answers with its name and what it was sent. */
function echo(name: string, host: string, port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => socket.end(`${name}:${text}`));
  });
  return new Promise((resolve) => server.listen(port, host, () => resolve(server)));
}

function ask(port: number, text = 'hello', host = ADDRESS): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ host, port });
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
    socket.end(text);
  });
}

describe('a forwarder', () => {
  const servers: Server[] = [];
  const lines: string[] = [];
  const sick = new Set<string>();
  let forwarding: Forwarding | undefined;
  let targetPort: number;
  const open = async (targets: string[], entryPort = 0) => {
    forwarding = await Forwarding.open(
      { address: ADDRESS, rules: [{ entryPort, targetPort }], targets },
      { isHealthy: (target) => !sick.has(target), log: (line) => lines.push(line) },
    );
    return forwarding.portOf(entryPort)!;
  };
  const target = async (number: number) => {
    const server = await echo(`${number}`, `${NETWORK}.${10 + number}`, targetPort);
    targetPort = (server.address() as AddressInfo).port;
    servers.push(server);
    return `${NETWORK}.${10 + number}`;
  };
  beforeEach(() => {
    targetPort = 0;
    sick.clear();
  });
  afterEach(async () => {
    await forwarding?.close();
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  it('passes both directions on, each to its end', async () => {
    const port = await open([await target(1)].map((one) => one));
    expect(await ask(port, 'x'.repeat(1_000_000))).toBe(`1:${'x'.repeat(1_000_000)}`);
  });

  it('takes the targets in turn', async () => {
    const port = await open([await target(1), await target(2), await target(3)]);
    const names = [];
    for (let count = 0; count < 6; count++) names.push((await ask(port)).slice(0, 1));
    expect(names.join('')).toMatch(/^(123123|231231|312312)$/);
  });

  it('goes on with the others when a target is lost, or not healthy', async () => {
    const targets = [await target(1), await target(2), await target(3)];
    const port = await open(targets);
    await new Promise((resolve) => servers.splice(0, 1)[0]!.close(resolve));
    sick.add(targets[2]!);
    expect([await ask(port), await ask(port), await ask(port)]).toEqual(['2:hello', '2:hello', '2:hello']);
  });

  it('hands no connection to another target where it only passes packets on', async () => {
    const targets = [await target(1), await target(2)];
    const port = await open(targets);
    await forwarding!.update({ address: ADDRESS, rules: [{ entryPort: 0, targetPort }], targets, keepsAddress: true });
    await new Promise((resolve) => servers.splice(0, 1)[0]!.close(resolve));
    const answers = [1, 2].map(() =>
      ask(port).then(
        (answer) => answer || 'closed',
        () => 'closed',
      ),
    );
    expect((await Promise.all(answers)).sort()).toEqual(['2:hello', 'closed']);
  });

  it('closes the connection when nobody is left', async () => {
    const targets = [await target(1)];
    const port = await open(targets);
    sick.add(targets[0]!);
    expect(await ask(port)).toBe('');
  });

  it('changes its targets without closing its port', async () => {
    const [one, two] = [await target(1), await target(2)];
    const port = await open([one], 0);
    const idle = connect({ host: ADDRESS, port });
    await new Promise((resolve) => idle.once('connect', resolve));
    await forwarding!.update({ address: ADDRESS, rules: [{ entryPort: 0, targetPort }], targets: [two] });
    expect(await ask(port)).toBe('2:hello');
    expect(idle.destroyed).toBe(false);
    idle.destroy();
  });

  it('closes the ports that are no longer wanted', async () => {
    const port = await open([await target(1)]);
    await forwarding!.update({ address: ADDRESS, rules: [], targets: [] });
    await expect(ask(port)).rejects.toThrow('ECONNREFUSED');
  });

  it('says when a port is taken', async () => {
    const taken = await echo('taken', ADDRESS, 0);
    servers.push(taken);
    targetPort = 1;
    await expect(open([], (taken.address() as AddressInfo).port)).rejects.toThrow('EADDRINUSE');
  });
});
