/** The DigitalOcean API: the few calls that the commands make. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DIGITALOCEAN_TOKEN, readToken } from '#config/tokens';
import { CommandFailure } from '../failure';
import { explainAnswer, unreachable } from './failure';

export interface DigitalOceanClient {
  get<T>(path: string): Promise<T>;
  /** All pages of a list. @param key of the answer that holds it, such as `droplets` */
  list<T>(path: string, key: string): Promise<T[]>;
  post<T>(path: string, body: object): Promise<T>;
  put<T>(path: string, body: object): Promise<T>;
  /** False when there was nothing to delete. */
  delete(path: string): Promise<boolean>;
}

interface Page {
  readonly links?: { readonly pages?: { readonly next?: string } };
}

const DEFAULT_URL = 'https://api.digitalocean.com';
/** The most that the API gives at once. */
const PER_PAGE = 200;
const TIMEOUT_MS = 30_000;
/** The hourly limit passes slowly; the limit per minute is worth waiting for. */
const LONGEST_WAIT_S = 60;
const ATTEMPTS = 4;
const PAUSE_MS = 500;
/** From here on the person is told what is waited for. */
const SLOW_MS = 2000;
/** What can be asked twice without a second effect. */
const REPEATABLE = ['GET', 'PUT', 'DELETE'];

/**
 * @param env DIGITALOCEAN_TOKEN, and DIGITALOCEAN_API_URL as Terraform's provider reads it
 * @param notify is told what it waits for; the default is standard error
 * @throws CommandFailure without a token, ConfigError for one that is broken
 */
export function digitalOcean(
  env: NodeJS.ProcessEnv,
  notify: (text: string) => void = (text) => void process.stderr.write(text),
): DigitalOceanClient {
  const token = tokenOf(env);
  const origin = originOf(env);

  const send = async (method: string, path: string, body?: object): Promise<Response> => {
    const slow = setTimeout(() => notify(`Waiting for ${origin} …\n`), SLOW_MS);
    try {
      return await withPatience(method, () => ask(new URL(path, origin), method, token, body), notify);
    } finally {
      clearTimeout(slow);
    }
  };
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await send(method, path, body);
    if (!answer.ok) throw explainAnswer(method, path, answer.status, await messageOf(answer));
    return contentOf<T>(answer, method, path);
  };
  return {
    get: (path) => call('GET', path),
    list: (path, key) => listAll(path, key, origin, (page) => call('GET', page)),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    async delete(path) {
      const answer = await send('DELETE', path);
      if (answer.status === 404) return false;
      if (!answer.ok) throw explainAnswer('DELETE', path, answer.status, await messageOf(answer));
      return true;
    },
  };
}

async function listAll<T>(
  path: string,
  key: string,
  origin: string,
  get: (path: string) => Promise<Page & Record<string, T[]>>,
): Promise<T[]> {
  const found: T[] = [];
  let next: string | undefined = `${path}${path.includes('?') ? '&' : '?'}per_page=${PER_PAGE}`;
  while (next !== undefined) {
    const page = await get(next);
    found.push(...(page[key] ?? []));
    next = nextPath(page, origin);
  }
  return found;
}

function tokenOf(env: NodeJS.ProcessEnv): string {
  const token = readToken(env, DIGITALOCEAN_TOKEN);
  if (token !== undefined) return token;
  throw new CommandFailure(
    'The environment variable DIGITALOCEAN_TOKEN is missing. Tokens are made in the control panel under API.\n' +
      'For the sandbox: eval "$(npx forge sandbox env)"',
  );
}

/** In clear a token travels inside this machine only. */
function originOf({ DIGITALOCEAN_API_URL }: NodeJS.ProcessEnv): string {
  const text = DIGITALOCEAN_API_URL || DEFAULT_URL;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+)$/.test(url?.hostname ?? '');
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere)) return url.origin;
  throw new CommandFailure(
    `The environment variable DIGITALOCEAN_API_URL is "${text}". It must be a URL such as ${DEFAULT_URL}, or absent.`,
  );
}

/** The token goes to no other host than the one that was asked first. */
function nextPath({ links }: Page, origin: string): string | undefined {
  const next = links?.pages?.next;
  if (next === undefined) return undefined;
  const url = new URL(next, origin);
  if (url.origin === origin) return `${url.pathname}${url.search}`;
  throw new CommandFailure(`DigitalOcean at ${origin} names ${url.origin} for the next page. It was not followed.`);
}

/** Waits for limits to pass, and repeats what a broken connection or a failing server left open. */
async function withPatience(
  method: string,
  attempt: () => Promise<Response>,
  notify: (text: string) => void,
): Promise<Response> {
  for (let left = ATTEMPTS - 1; ; left--) {
    const canRepeat = left > 0 && REPEATABLE.includes(method);
    const answer = await attempt().catch((error: unknown) => {
      if (!canRepeat) throw error;
      return undefined;
    });
    const wait = secondsToWait(answer);
    if (answer?.status === 429 && left > 0 && wait <= LONGEST_WAIT_S) {
      notify(`DigitalOcean asks to wait ${wait} s: too many requests.\n`);
      await sleep(wait * 1000);
    } else if (canRepeat && (answer === undefined || answer.status >= 500)) {
      await sleep(PAUSE_MS);
    } else {
      return answer!;
    }
  }
}

function secondsToWait(answer: Response | undefined): number {
  const seconds = Number(answer?.headers.get('retry-after') ?? NaN);
  return seconds >= 0 ? seconds : Infinity;
}

async function ask(url: URL, method: string, token: string, body: object | undefined): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw unreachable(url.origin, cause);
  }
}

async function contentOf<T>(answer: Response, method: string, path: string): Promise<T> {
  try {
    return (await answer.json()) as T;
  } catch (cause) {
    throw new CommandFailure(`DigitalOcean's answer to ${method} ${path} is not JSON. Run it again.`, { cause });
  }
}

async function messageOf(answer: Response): Promise<string> {
  const body = (await answer.json().catch(() => ({}))) as { message?: string } | null;
  return body?.message ?? '';
}
