/** The real Pebble, asked as cert-manager asks Let's Encrypt. */
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LETS_ENCRYPT, startAcmeServer, type AcmeServer } from '#sandbox/docker/acme-server';
import { internet } from '#sandbox/docker/internet';
import { startNameServer, type NameServer } from '#sandbox/docker/name-server';
import { ensureTools } from '#sandbox/toolchain/ensure-tools';
import { loopbackServer } from '#test/loopback-server';
import { newFolder } from '#test/new-folder';

const ADDRESS = '127.0.53.55';
const NAMES_PORT = 20_058;
const NAME = 'gitea.forge.example.org';
const account = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { crv, kty, x, y } = account.publicKey.export({ format: 'jwk' });
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe("the authority in the place of Let's Encrypt", () => {
  const folder = newFolder('acme');
  const challenges = new Map<string, string>();
  let names: NameServer;
  let acme: AcmeServer;
  let front: string;
  let start: () => Promise<AcmeServer>;
  /** Of the account, once there is one. */
  let kid: string | undefined;

  /** Asks under the vendor's name. */
  const ask = (url: string, init: RequestInit = {}) => {
    const { host, pathname } = new URL(url);
    const { headers, ...others } = init;
    return fetch(`${front}${pathname}`, { ...others, headers: { ...headers, 'x-host': host } });
  };
  const post = async (url: string, payload?: unknown) => {
    for (let tries = 0; ; tries += 1) {
      const nonce = (await ask(`https://${LETS_ENCRYPT}/nonce-plz`)).headers.get('replay-nonce');
      const header = { alg: 'ES256', nonce, url, ...(kid === undefined ? { jwk: { crv, kty, x, y } } : { kid }) };
      const signed = `${encoded(header)}.${payload === undefined ? '' : encoded(payload)}`;
      const signature = sign('sha256', Buffer.from(signed), { key: account.privateKey, dsaEncoding: 'ieee-p1363' });
      const [protectedHeader, body] = signed.split('.');
      const answer = await ask(url, {
        method: 'POST',
        headers: { 'content-type': 'application/jose+json' },
        body: JSON.stringify({ protected: protectedHeader, payload: body, signature: signature.toString('base64url') }),
      });
      // It refuses one nonce in twenty, as an authority may.
      if (answer.status !== 400 || tries === 10) return answer;
    }
  };

  beforeAll(async () => {
    names = await startNameServer({
      address: ADDRESS,
      port: NAMES_PORT,
      upstream: [],
      resolve: (name) => Promise.resolve(name === NAME ? '127.0.0.1' : undefined),
    });
    const { pebble } = await ensureTools(['pebble'], { progress: () => undefined });
    const { port: httpPort } = await loopbackServer(({ url = '' }, answer) =>
      answer.end(challenges.get(url.split('/').at(-1)!)),
    );
    const options = { program: pebble, folder, address: ADDRESS, nameServer: `${ADDRESS}:${NAMES_PORT}`, httpPort };
    start = () => startAcmeServer(options);
    acme = await start();
    const web = internet({ spaces: '', github: new Map(), servers: new Map([[LETS_ENCRYPT, acme.server]]) });
    const named: typeof web = (message, response) => {
      message.headers.host = message.headers['x-host'] as string;
      web(message, response);
    };
    front = (await loopbackServer(named)).url;
  }, 300_000);
  afterAll(() => Promise.all([acme.stop(), names.stop()]));

  it('is found where cert-manager looks, under names that lead to the sandbox', async () => {
    const directory = (await (await ask(`https://${LETS_ENCRYPT}/directory`)).json()) as Record<string, unknown>;
    expect(directory['newOrder']).toBe(`https://${LETS_ENCRYPT}/order-plz`);
  });

  it('signs for a name once a challenge is answered where the sandbox says that the name leads', async () => {
    kid = (await post(`https://${LETS_ENCRYPT}/sign-me-up`, { termsOfServiceAgreed: true })).headers.get('location')!;
    const ordered = await post(`https://${LETS_ENCRYPT}/order-plz`, { identifiers: [{ type: 'dns', value: NAME }] });
    const orderUrl = ordered.headers.get('location')!;
    const order: any = await ordered.json();
    const authorization: any = await (await post(order.authorizations[0])).json();
    const { token, url } = authorization.challenges.find(({ type }: any) => type === 'http-01');
    const thumbprint = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
    challenges.set(token, `${token}.${thumbprint}`);
    await post(url, {});
    const until = async (status: string) => {
      for (;;) {
        const now: any = await (await post(orderUrl)).json();
        if (now.status === status) return now;
        if (now.status === 'invalid') throw new Error(JSON.stringify(now));
        await sleep(50);
      }
    };
    await until('ready');
    await post(order.finalize, { csr: certificateRequest() });
    const { certificate } = await until('valid');
    const chain = await (await post(certificate)).text();
    const [leaf, issuer] = chain.split(/(?<=-----END CERTIFICATE-----\n)/).map((pem) => new X509Certificate(pem));
    expect(leaf!.checkHost(NAME)).toBe(NAME);
    const root = new X509Certificate(readFileSync(acme.authorities));
    expect(issuer!.checkIssued(root)).toBe(true);
  });

  it('has another root after a restart, and keeps the old one among those to trust', async () => {
    const before = readFileSync(acme.authorities, 'utf8');
    await acme.stop();
    acme = await start();
    const after = readFileSync(acme.authorities, 'utf8');
    expect(after.startsWith(before)).toBe(true);
    expect(after.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  });
});

function certificateRequest(): string {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '/dev/null'];
  const names = ['-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`];
  const request = execFileSync('openssl', ['req', '-new', ...key, ...names, '-outform', 'DER'], { stdio: 'pipe' });
  return request.toString('base64url');
}
