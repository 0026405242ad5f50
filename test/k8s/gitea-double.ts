/**
 * As much of Gitea as its introduction to Jenkins and to Dex needs: the command's accounts, tokens and sources of logins,
 * organizations, teams, members and hooks of the API. It answers in Gitea's words (routers/api/v1, cmd/admin of 1.27), and refuses what Gitea refuses: a
 * token that it does not know, a scope that is missing, a name that is taken. The Kubernetes API behind it takes one Secret.
 */
import type { IncomingMessage } from 'node:http';
import { loopbackServer, type LoopbackServer } from '#test/loopback-server';
import type { Json } from './manifests';

interface Account {
  readonly admin: boolean;
}

interface LoginSource {
  readonly id: number;
  readonly options: string;
  /** Whether somebody has an account by it. */
  used: boolean;
}

export class GiteaDouble {
  readonly accounts = new Map<string, Account>([['boss', { admin: true }]]);
  readonly tokens = new Map<string, { readonly user: string; readonly scopes: string }>();
  readonly organizations = new Map<string, { owner: string; teams: Json[]; hooks: Json[]; members: string[] }>();
  login: LoginSource | undefined;
  /** The source as the running program has it, which reads it with the first login after its start. */
  knows: string | undefined;
  starts = 1;
  /** Whether Dex answers, which is at the same address. */
  dexAnswers = true;
  /** Of the Kubernetes API. */
  secret: string | undefined;
  /** Authorization of the last request to the Kubernetes API. */
  proof: string | undefined;
  private server: LoopbackServer | undefined;

  async start(): Promise<void> {
    this.server = await loopbackServer((request, response) => {
      void bodyOf(request).then((body) => {
        const [status, answer] = this.answer(request, body);
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
      });
    });
  }

  get address(): string {
    return `127.0.0.1:${this.server!.port}`;
  }

  async stop(): Promise<void> {
    await this.server!.close();
  }

  private answer({ method, url = '', headers }: IncomingMessage, body: string): [number, unknown] {
    if (url === '/command') return this.command(body.split(' '));
    if (url === '/api/healthz') return [200, { status: 'pass' }];
    if (url === '/.well-known/openid-configuration') return [this.dexAnswers ? 200 : 503, {}];
    if (url.startsWith('/api/v1/namespaces/')) {
      if (headers['content-type'] !== 'application/apply-patch+yaml') return [415, {}];
      [this.secret, this.proof] = [body, headers.authorization];
      return [this.secret ? 200 : 201, {}];
    }
    const token = this.tokens.get(headers.authorization?.replace(/^token /, '') ?? '');
    if (!token) return [401, { message: 'invalid username, password or token' }];
    if (url === '/api/v1/user') {
      return /user|all/.test(token.scopes) ? [200, { login: token.user }] : [403, {}];
    }
    const isAdmin = this.accounts.get(token.user)?.admin === true && token.scopes === 'all';
    return this.api(`${method} ${url}`, body, token.user, isAdmin);
  }

  private api(request: string, body: string, user: string, isAdmin: boolean): [number, unknown] {
    const [, created] = /^POST \/api\/v1\/admin\/users\/(\w+)\/orgs$/.exec(request) ?? [];
    if (created) {
      if (!isAdmin) return [403, {}];
      const { username } = JSON.parse(body) as { username: string };
      if (this.organizations.has(username)) return [422, { message: 'user already exists' }];
      this.organizations.set(username, { owner: created, teams: [], hooks: [], members: [created] });
      return [201, { id: 7, name: username }];
    }
    const [, member] = /^PUT \/api\/v1\/teams\/3\/members\/(\w+)$/.exec(request) ?? [];
    if (member) {
      for (const organization of this.organizations.values()) organization.members.push(member);
      return isAdmin ? [204, ''] : [403, {}];
    }
    const [, verb, name, rest] = /^(\w+) \/api\/v1\/orgs\/(\w+)(.*)$/.exec(request) ?? [];
    const organization = this.organizations.get(name ?? '');
    // A private organization is not there for others.
    if (!organization || !(isAdmin || organization.members.includes(user))) return [404, {}];
    if (rest === '' || rest === '/repos') return [200, []];
    if (!isAdmin) return [403, {}];
    if (rest!.startsWith('/teams/search')) return [200, { data: organization.teams, ok: true }];
    const list = rest === '/teams' ? organization.teams : organization.hooks;
    if (verb === 'GET') return [200, list];
    list.push({ id: 3, ...(JSON.parse(body) as Json) });
    return [201, list.at(-1)];
  }

  private command([area, topic, verb, ...rest]: string[]): [number, string] {
    if (area !== 'manager') return topic === 'auth' ? this.source(verb!, rest) : this.user(verb!, rest);
    // `shutdown`: the container ends, and the kubelet starts it again.
    this.starts += 1;
    this.knows = undefined;
    return [200, ''];
  }

  /** Somebody wants to log in. */
  logIn(): void {
    this.knows ??= this.login?.options;
  }

  /** `gitea admin auth …` */
  private source(verb: string, rest: string[]): [number, string] {
    const options = rest.filter((word, at) => word !== '--id' && rest[at - 1] !== '--id').join(' ');
    if (verb === 'list') {
      const line = this.login && `${this.login.id}\tforge\tOAuth2\ttrue\n`;
      return [200, `ID\tName\tType\tEnabled\n${line ?? ''}`];
    }
    // It looks at the provider before it keeps anything.
    if (!this.dexAnswers && verb !== 'delete') return [400, 'Failed to initialize OpenID Connect Provider'];
    if (verb === 'add-oauth') {
      if (this.login) return [400, 'login source already exists [name: forge]'];
      this.login = { id: 4, options, used: false };
    } else if (!this.login || !rest.join(' ').includes(`--id ${this.login.id}`)) {
      return [400, 'login source does not exist'];
    } else if (verb === 'delete') {
      if (this.login.used) return [400, 'login source is still used by some users'];
      this.login = undefined;
    } else {
      this.login = { ...this.login, options };
    }
    return [200, ''];
  }

  /** `gitea admin user …` */
  private user(verb: string, rest: string[]): [number, string] {
    const option = (name: string) => rest[rest.indexOf(name) + 1]!;
    const user = option('--username');
    switch (verb) {
      case 'list': {
        const lines = [...this.accounts].filter(([, { admin }]) => admin || !rest.includes('--admin'));
        return [200, ['ID   Username Email', ...lines.map(([name], id) => `${id + 1}    ${name}  x@y`)].join('\n')];
      }
      case 'create':
        if (this.accounts.has(user)) return [400, 'user already exists'];
        this.accounts.set(user, { admin: rest.includes('--admin') });
        return [200, `generated random password is 'planted'\n`];
      case 'delete':
        this.accounts.delete(user);
        for (const [token, { user: holder }] of this.tokens) if (holder === user) this.tokens.delete(token);
        return [200, ''];
      default: {
        const token = `held-by-${user}-${this.tokens.size}`;
        this.tokens.set(token, { user, scopes: option('--scopes') });
        return [200, `${token}\n`];
      }
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
