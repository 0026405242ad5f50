/** Finds the route for a request: the first whose method and path fit. */

/** One request, as a route sees it. */
export interface RestRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Where this API is, for the addresses in its answers: `http://127.16.0.1:9001`. */
  readonly origin: string;
  readonly query: URLSearchParams;
  /** Values of the `{names}` in the route's pattern. */
  readonly params: Readonly<Record<string, string>>;
  /** Parsed JSON; undefined when there was none. */
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  /** Becomes JSON; undefined for an answer without a body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** @param C who calls, and what the handler works on */
export interface Route<C> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Such as `/v2/droplets/{id}`. */
  readonly pattern: string;
  /**
   * What the token must be allowed, all of them: `tag:create`, or `issues:read or pull_requests:read` where one is enough.
   * The first is also the name for faults.
   */
  readonly scopes: (request: RestRequest) => readonly string[];
  readonly handle: (caller: C, request: RestRequest) => Answer | Promise<Answer>;
}

/**
 * One line of a table of routes.
 *
 * @param line such as `POST /v2/vpcs`
 * @param scopes one, or what finds them in the request
 */
export function route<C>(line: string, scopes: string | Route<C>['scopes'], handle: Route<C>['handle']): Route<C> {
  const [method, pattern] = line.split(' ') as [Route<C>['method'], string];
  return { method, pattern, scopes: typeof scopes === 'string' ? () => [scopes] : scopes, handle };
}

export interface Found<C> {
  readonly route: Route<C>;
  readonly params: Readonly<Record<string, string>>;
}

/** Undefined when no route fits. */
export function findRoute<C>(routes: readonly Route<C>[], method: string, path: string): Found<C> | undefined {
  for (const candidate of routes) {
    if (candidate.method !== method) continue;
    const params = matchPath(candidate.pattern, path);
    if (params !== undefined) return { route: candidate, params };
  }
  return undefined;
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const found = path.split('/');
  if (wanted.length !== found.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = decoded(found[index]!);
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (value === undefined || (name === undefined ? part !== value : value === '')) return undefined;
    if (name !== undefined) params[name] = value;
  }
  return params;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
