import { join } from 'node:path';
import {
  serveGrpc,
  type Connection,
  type GrpcServer,
  type Handler,
} from '#sandbox/cloud/terraform/protocol/grpc-server';
import { newFolder } from '#test/new-folder';
import { caller, type Caller } from './grpc-caller';

describe('a gRPC server on a Unix socket', () => {
  let connection: Connection;
  const callers: Caller[] = [];
  let folder: string;
  let server: GrpcServer;
  let release: () => void;

  const handlers: Record<string, Handler> = {
    '/s/Echo': (request, by) => {
      connection = by;
      return Promise.resolve(request);
    },
    '/s/Wait': async (request) => {
      await new Promise<void>((resolve) => (release = resolve));
      return request;
    },
    '/s/Fail': () => Promise.reject(new Error('the reason\nén détail')),
  };
  const call = () => {
    const made = caller(join(folder, 's.sock'));
    callers.push(made);
    return made;
  };

  beforeEach(async () => {
    folder = newFolder('grpc');
    server = await serveGrpc(join(folder, 's.sock'), handlers);
  });
  afterEach(async () => {
    for (const made of callers.splice(0)) await made.close();
    await server.stop();
  });

  it('answers with what the handler gives, also when that is many megabytes', async () => {
    const body = Buffer.alloc(20 * 1024 * 1024, 7);
    const { status, body: answer } = await call().call('/s/Echo', body);
    expect(status).toBe(0);
    expect(answer.equals(body)).toBe(true);
    expect((await call().call('/s/Echo', Buffer.alloc(0))).body).toHaveLength(0);
  });

  it('tells a handler when the caller is gone', async () => {
    const gone = call();
    await gone.call('/s/Echo', Buffer.alloc(1));
    const { closed } = connection;
    expect(closed.aborted).toBe(false);
    const told = new Promise((resolve) => closed.addEventListener('abort', resolve));
    await gone.close();
    await told;
  });

  it('reports unknown methods and errors of handlers, and goes on', async () => {
    const one = call();
    expect(await one.call('/s/Nothing', Buffer.alloc(0))).toMatchObject({ status: 12 });
    const failed = await one.call('/s/Fail', Buffer.alloc(0));
    expect(failed.status).toBe(13);
    expect(failed.message).toContain('the reason\nén détail');
    expect(await one.call('/s/Echo', Buffer.alloc(1))).toMatchObject({ status: 0 });
  });

  it('lets a call under way finish when it is stopped, and takes no new one', async () => {
    const waiting = call().call('/s/Wait', Buffer.from('late'));
    await call().call('/s/Echo', Buffer.alloc(1));
    const stopped = server.stop();
    release();
    expect((await waiting).body.toString()).toBe('late');
    await stopped;
    await expect(call().call('/s/Echo', Buffer.alloc(1))).rejects.toThrow();
    server = { stop: () => Promise.resolve() };
  });
});
