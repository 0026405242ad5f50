/** A person's browser at the login of a tool, and the tool that lets the person in: both as OpenID Connect has it. */
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import type { DexServer } from './dex-server';

/** A client of the login, as its own settings have it. */
export interface Tool {
  readonly id: string;
  readonly secret: string;
  readonly callback: string;
}

/** Answers another host than the login's: the page that it sends the browser to. */
export type Elsewhere = (url: URL) => URL;

export interface Person {
  /** What is typed into the login's form. */
  readonly form?: Readonly<Record<string, string>>;
  /** Default: nothing but the login is asked. */
  readonly elsewhere?: Elsewhere;
}

/** Where the way ended: at the tool with a code, or on a page of the login. */
export type Arrival = { readonly code: string } | { readonly status: number; readonly page: string };

export interface Claims {
  readonly iss: string;
  readonly aud: string;
  readonly nonce: string;
  readonly iat: number;
  readonly exp: number;
  readonly email: string;
  readonly preferred_username: string;
  readonly groups?: readonly string[];
}

const SCOPES = 'openid profile email groups';
const MOST_PAGES = 12;

/** Goes to the login as a tool sends it there, and fills in its form once. */
export async function visit(dex: DexServer, tool: Tool, nonce: string, person: Person): Promise<Arrival> {
  const state = randomBytes(8).toString('hex');
  const query = { client_id: tool.id, redirect_uri: tool.callback, response_type: 'code', scope: SCOPES, state, nonce };
  let url = new URL(`${dex.issuer}/auth?${new URLSearchParams(query).toString()}`);
  let form = person.form;
  let body: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    if (url.href.startsWith(`${tool.callback}?`)) return arrived(url, state);
    if (url.origin !== dex.issuer) {
      url = person.elsewhere!(url);
      continue;
    }
    const answer = await ask(dex, url, body);
    body = undefined;
    if (answer.location !== null) {
      url = new URL(answer.location, url);
      continue;
    }
    const action = /<form method="post" action="([^"]+)"/.exec(answer.page)?.[1];
    if (action === undefined || form === undefined) return { status: answer.status, page: answer.page };
    url = new URL(action.replaceAll('&amp;', '&'), url);
    body = new URLSearchParams(form).toString();
    form = undefined;
  }
  throw new Error(`The login leads nowhere: ${url.href}`);
}

function arrived({ searchParams }: URL, state: string): Arrival {
  if (searchParams.get('state') !== state) throw new Error('The login forgot for whom it was asked.');
  return { code: searchParams.get('code')! };
}

/** The whole way. @returns the ID token @throws for whoever is not let in */
export async function tokenFor(dex: DexServer, tool: Tool, person: Person, nonce = 'nonce'): Promise<string> {
  const arrival = await visit(dex, tool, nonce, person);
  if (!('code' in arrival)) throw new Error(`Not let in: ${arrival.status} ${arrival.page}`);
  const { status, page } = await redeem(dex, tool, arrival.code);
  if (status !== 200) throw new Error(`No token: ${status} ${page}`);
  return (JSON.parse(page) as { id_token: string }).id_token;
}

/** What the token says, which is the login's, and of this visit. */
export async function logIn(dex: DexServer, tool: Tool, person: Person): Promise<Claims> {
  const nonce = randomBytes(8).toString('hex');
  const claims = await verified(dex, await tokenFor(dex, tool, person, nonce));
  if (claims.nonce !== nonce) throw new Error('The token was made for another visit.');
  return claims;
}

/** The tool takes the code to the login, with its own secret. */
export function redeem(dex: DexServer, { id, secret, callback }: Tool, code: string): Promise<Answer> {
  const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: callback }).toString();
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  return ask(dex, new URL(`${dex.issuer}/token`), body, { authorization });
}

/** By the keys that the login publishes. */
async function verified(dex: DexServer, token: string): Promise<Claims> {
  const get = async (url: string) => JSON.parse((await ask(dex, new URL(url))).page) as Record<string, any>;
  const { jwks_uri: keysUrl } = await get(`${dex.issuer}/.well-known/openid-configuration`);
  const { keys } = await get(keysUrl as string);
  const [header, payload, signature] = token.split('.');
  const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, any>;
  const jwk = keys.find(({ kid }: { kid: string }) => kid === decoded(header!)['kid']);
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const isSigned = verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature!, 'base64url'));
  if (!isSigned) throw new Error('The token is not signed by the login.');
  return decoded(payload!) as unknown as Claims;
}

interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly page: string;
}

/** Dex never looks at the name under which it is asked, and sets no cookies. */
async function ask(
  dex: DexServer,
  { pathname, search }: URL,
  form?: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const type: Record<string, string> =
    form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  const sent = { ...headers, ...type };
  const method = form === undefined ? 'GET' : 'POST';
  const answer = await fetch(`${dex.url}${pathname}${search}`, {
    method,
    headers: sent,
    body: form,
    redirect: 'manual',
  });
  if (answer.headers.has('set-cookie')) throw new Error('The login keeps something in the browser.');
  return { status: answer.status, location: answer.headers.get('location'), page: await answer.text() };
}
