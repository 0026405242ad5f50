import { connect, createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { RepoServerDoor } from '#sandbox/argocd/repo-server-door';

const GITHUB = 'git@github.com:acme/forge.git';
const SANDBOX = 'http://127.0.0.1:9003/acme/forge.git';

/** A field of a Protocol Buffers message. */
function field(number: number, value: string | Buffer): Buffer {
  const body = Buffer.from(value);
  const length = body.length < 128 ? [body.length] : [(body.length % 128) | 128, body.length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), body]);
}
function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

describe('the way to the repo-server', () => {
  let repoServer: Http2Server;
  let door: RepoServerDoor;
  let received: Buffer;

  beforeAll(async () => {
    repoServer = createServer().on('stream', (stream) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received = Buffer.concat(chunks);
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.end(framed(field(1, `of ${GITHUB}`)));
      });
    });
    await new Promise<void>((resolve) => repoServer.listen(0, '127.0.0.1', resolve));
    door = await RepoServerDoor.open({ url: GITHUB, servedAt: SANDBOX });
    door.leadTo((repoServer.address() as AddressInfo).port);
  });
  afterAll(async () => {
    await door.stop();
    repoServer.close();
  });

  function call(message: Buffer): Promise<{ answer: Buffer; status: unknown }> {
    return new Promise((resolve, reject) => {
      const session = connect(`http://127.0.0.1:${door.port}`);
      const request = session.request({ ':method': 'POST', ':path': '/repository.RepoServerService/GenerateManifest' });
      const chunks: Buffer[] = [];
      let status: unknown;
      request.on('error', reject);
      request.on('trailers', (trailers) => (status = trailers['grpc-status']));
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        session.close();
        resolve({ answer: Buffer.concat(chunks), status });
      });
      request.end(framed(message));
    });
  }

  it("gives it the sandbox's address of the repository, without the key for GitHub's", async () => {
    const values = field(7, `{"url":"${GITHUB}"}`);
    const repository = Buffer.concat([field(1, GITHUB), field(4, '-----BEGIN OPENSSH PRIVATE KEY-----\nx\n')]);
    await call(Buffer.concat([field(1, repository), field(2, 'main'), Buffer.from([3 << 3, 1]), values]));
    expect(received).toEqual(
      framed(
        Buffer.concat([
          field(1, Buffer.concat([field(1, SANDBOX), field(4, '')])),
          field(2, 'main'),
          Buffer.from([3 << 3, 1]),
          values,
        ]),
      ),
    );
  });

  it('leaves other repositories, and what the repo-server answers, as they are', async () => {
    const message = field(1, field(1, 'https://charts.jetstack.io'));
    const { answer, status } = await call(message);
    expect(received).toEqual(framed(message));
    expect(answer).toEqual(framed(field(1, `of ${GITHUB}`)));
    expect(status).toBe('0');
  });
});
