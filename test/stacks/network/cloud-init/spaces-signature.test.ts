import { execFileSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { serverUserData } from '#stacks/network/cloud-init/render';
import { loopbackServer, type LoopbackServer } from '#test/loopback-server';
import { newFolder } from '#test/new-folder';
import { machine } from './machine';
import { listOf } from './object-lists';
import { secrets, seedProps } from './user-data-samples';

const folder = newFolder('spaces');
const certificate = join(folder, 'certificate.pem');
let requests: IncomingMessage[] = [];
let spaces: LoopbackServer;

beforeAll(async () => {
  const key = join(folder, 'key.pem');
  const options = `-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -keyout ${key} -out ${certificate} -days 2`;
  const names = '-subj /CN=spaces -addext subjectAltName=IP:127.0.0.1';
  execFileSync('openssl', `req -x509 ${options} ${names}`.split(' '), { stdio: 'ignore' });
  const tls = { key: readFileSync(key), cert: readFileSync(certificate) };
  spaces = await loopbackServer((request, response) => {
    requests.push(request);
    response.end(listOf(['newest', '2026-11-20T12:00:00.000Z']));
  }, tls);
});

/** Signature version 4 of a request without a body, over the headers that it says are signed. */
function signatureOf(request: IncomingMessage): string {
  const header = (name: string): string => `${String(request.headers[name])}`;
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const signed = /SignedHeaders=([^,]+),/.exec(header('authorization'))?.[1] ?? '';
  const [path, query] = (request.url ?? '').split('?');
  const headers = signed.split(';').map((name) => `${name}:${header(name)}\n`);
  const canonical = ['GET', path, query, headers.join(''), signed, header('x-amz-content-sha256')].join('\n');
  const scope = [header('x-amz-date').slice(0, 8), 'fra1', 's3', 'aws4_request'];
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secrets.secretKey}`);
  const text = ['AWS4-HMAC-SHA256', header('x-amz-date'), scope.join('/'), hash(canonical)].join('\n');
  return hmac(key, text).toString('hex');
}

describe('the request for the list of snapshots', () => {
  it('is signed by the curl of this machine as S3 demands', async () => {
    const server = machine(serverUserData(seedProps()));
    requests = [];
    const endpoint = `127.0.0.1:${spaces.port}`;
    const env = { PATH: '/usr/bin:/bin', CURL_CA_BUNDLE: certificate, SPACES_ENDPOINT: endpoint };
    const run = await server.run('/usr/local/lib/forge/newest-object.sh', env);
    expect(run).toMatchObject({ code: 0, log: expect.stringMatching(/^newest -?\d+\n$/) });
    const [request] = requests as [IncomingMessage];
    expect(request.headers.authorization).toContain(`Credential=${secrets.accessKey}/`);
    expect(request.headers.authorization).toContain(`Signature=${signatureOf(request)}`);
    expect(request.headers['x-amz-content-sha256']).toBe(createHash('sha256').digest('hex'));
    const parameters = (request.url ?? '').split('?')[1]?.split('&') ?? [];
    expect(parameters).toEqual([...parameters].sort());
  });
});
