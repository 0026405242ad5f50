/**
 * GitHub's own login for applications, and what an application may then ask of it: by docs.github.com, "Authorizing OAuth apps", "Scopes
 * for OAuth apps", and the REST API's pages of users, emails, teams and members of an organization.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

export interface Account {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
  readonly email: string;
  /** Short names of the teams of the organization; absent for whoever is not in it. */
  readonly teams?: readonly string[];
}

export interface App {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly callback: string;
}

export interface GithubAccounts {
  /** By GitHub's names. */
  readonly servers: Readonly<Record<string, RequestListener>>;
  /** The browser of an account comes to the page of the application, and its person agrees. @returns where it is sent */
  authorize(login: string, page: URL): URL;
}

interface Grant {
  readonly account: Account;
  readonly scopes: readonly string[];
}

export function githubAccounts(organization: string, accounts: readonly Account[], app: App): GithubAccounts {
  const codes = new Map<string, Grant>();
  const tokens = new Map<string, Grant>();
  return {
    servers: {
      'github.com': (message, response) => void exchange(message, response, { app, codes, tokens }),
      'api.github.com': (message, response) => answerApi(message, response, { organization, tokens }),
    },
    authorize: (login, page) =>
      consent(
        accounts.find((one) => one.login === login)!,
        page,
        { app, codes },
      ),
  };
}

function consent(
  account: Account,
  { origin, pathname, searchParams }: URL,
  { app, codes }: Pick<Desk, 'app' | 'codes'>,
) {
  const asked = Object.fromEntries(searchParams);
  if (`${origin}${pathname}` !== 'https://github.com/login/oauth/authorize')
    throw new Error('GitHub has no such page.');
  if (asked['client_id'] !== app.clientId) throw new Error('404: GitHub knows no such application.');
  const to = new URL(app.callback);
  to.searchParams.set('state', asked['state']!);
  if (asked['redirect_uri'] !== app.callback) to.searchParams.set('error', 'redirect_uri_mismatch');
  else {
    const code = randomBytes(10).toString('hex');
    codes.set(code, { account, scopes: asked['scope']!.split(/[ ,]/) });
    to.searchParams.set('code', code);
  }
  return to;
}

interface Desk {
  readonly app: App;
  /** Each good once. */
  readonly codes: Map<string, Grant>;
  readonly tokens: Map<string, Grant>;
}

/** POST /login/oauth/access_token: also a refusal is a 200. */
async function exchange(
  message: IncomingMessage,
  response: ServerResponse,
  { app, codes, tokens }: Desk,
): Promise<void> {
  if (message.method !== 'POST' || message.url !== '/login/oauth/access_token') return send(response, 404, {});
  const form = Object.fromEntries(new URLSearchParams(await bodyOf(message)));
  const refuse = (error: string) => form200(response, { error });
  if (form['client_id'] !== app.clientId || form['client_secret'] !== app.clientSecret)
    return refuse('incorrect_client_credentials');
  const grant = codes.get(form['code']!);
  if (grant === undefined) return refuse('bad_verification_code');
  codes.delete(form['code']!);
  const token = `gho_${randomBytes(18).toString('hex')}`;
  tokens.set(token, grant);
  form200(response, { access_token: token, scope: grant.scopes.join(','), token_type: 'bearer' });
}

function answerApi(
  { url = '', headers }: IncomingMessage,
  response: ServerResponse,
  { organization, tokens }: { organization: string; tokens: Desk['tokens'] },
): void {
  const grant = tokens.get(/^(?:Bearer|token) (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '');
  if (grant === undefined) return send(response, 401, { message: 'Bad credentials' });
  const { account, scopes } = grant;
  const notFound = () => send(response, 404, { message: 'Not Found' });
  const { pathname } = new URL(url, 'https://api.github.com');
  // Nobody here shows an address to the public.
  if (pathname === '/user') return send(response, 200, { ...pick(account), email: null });
  const emails = [{ email: account.email, primary: true, verified: true, visibility: 'private' }];
  if (pathname === '/user/emails') return scopes.includes('user:email') ? send(response, 200, emails) : notFound();
  if (!scopes.includes('read:org')) return notFound();
  const teams = (account.teams ?? []).map((slug) => ({
    name: `The ${slug}`,
    slug,
    organization: { login: organization },
  }));
  if (pathname === '/user/teams') return send(response, 200, teams);
  // Whoever is not a member himself is sent to the list of those who say so in public. The names of organizations have no case.
  const [, org, member] = /^\/orgs\/([^/]+)\/members\/([^/]+)$/.exec(pathname) ?? [];
  if (org?.toLowerCase() !== organization.toLowerCase()) return notFound();
  if (account.teams !== undefined) return member === account.login ? void response.writeHead(204).end() : notFound();
  response.writeHead(302, { location: `https://api.github.com/orgs/${org}/public_members/${member}` }).end();
}

const pick = ({ id, login, name }: Account) => ({ id, login, name });

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

function form200(response: ServerResponse, fields: Record<string, string>): void {
  response.writeHead(200, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' });
  response.end(new URLSearchParams(fields).toString());
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
