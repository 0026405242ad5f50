import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startNameServer, type NameServer } from '#sandbox/docker/name-server';

const ADDRESS = '127.0.53.53';
const servers: NameServer[] = [];

/** Asks a name server that knows one name and passes the others on. */
async function resolver(port: number, upstream: readonly string[]): Promise<Resolver> {
  const resolve = (name: string) => Promise.resolve(name === 'gitea.example.org' ? '198.51.100.7' : undefined);
  servers.push(await startNameServer({ address: ADDRESS, port, resolve, upstream }));
  const asking = new Resolver({ timeout: 2000, tries: 1 });
  asking.setServers([`${ADDRESS}:${port}`]);
  return asking;
}

afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

describe('the name server of the machines', () => {
  it('answers for the names that it knows, in any capitals, and says that they have no other addresses', async () => {
    const asking = await resolver(20_053, []);
    expect(await asking.resolve4('Gitea.example.org')).toEqual(['198.51.100.7']);
    await expect(asking.resolve6('gitea.example.org')).rejects.toMatchObject({ code: 'ENODATA' });
  });

  it('answers over TCP, too, also a question that comes in pieces', async () => {
    await resolver(20_057, []);
    const name = Buffer.concat(
      ['gitea', 'example', 'org', ''].map((label) => Buffer.from(String.fromCharCode(label.length) + label)),
    );
    const question = Buffer.concat([
      Buffer.from('000701000001000000000000', 'hex'),
      name,
      Buffer.from('00010001', 'hex'),
    ]);
    const socket = connect(20_057, ADDRESS);
    socket.write(Buffer.from([0]));
    socket.write(Buffer.concat([Buffer.from([question.length]), question.subarray(0, 5)]));
    await sleep(20);
    socket.write(question.subarray(5));
    const answer = Buffer.concat((await socket.toArray()) as Buffer[]);
    expect(answer.readUInt16BE(0)).toBe(answer.length - 2);
    expect([...answer.subarray(-4)]).toEqual([198, 51, 100, 7]);
  });

  it('says of all others that they do not exist where nobody else can be asked', async () => {
    const asking = await resolver(20_054, []);
    await expect(asking.resolve4('example.net')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('says that it failed when the others do not answer', async () => {
    // Nobody listens there: the system refuses at once.
    const asking = await resolver(20_055, ['127.0.53.54']);
    await expect(asking.resolve4('example.net')).rejects.toMatchObject({ code: expect.any(String) as string });
  });

  it('survives what is no question', async () => {
    const asking = await resolver(20_056, []);
    const socket = createSocket('udp4');
    for (const text of ['', 'short', '0123456789ab', '0123456789ab\xff\xff\xff'])
      await new Promise((sent) => socket.send(Buffer.from(text, 'latin1'), 20_056, ADDRESS, sent));
    socket.close();
    expect(await asking.resolve4('gitea.example.org')).toEqual(['198.51.100.7']);
  });
});
