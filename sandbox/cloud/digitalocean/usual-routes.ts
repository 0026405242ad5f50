/** What most kinds of objects answer to: all, one, and delete. */
import type { Collection } from '../http/collection';
import { route } from '../http/routes';
import type { Account, Held } from './account';
import { GONE, listed, one, type DigitalOceanRoute } from './answers';

export interface Usual<T> {
  readonly held: Collection<Account, T>;
  /** The API's name of one, such as `droplet`. */
  readonly key: string;
  /** What the answer with all of them calls them; the default is the last word of the path. */
  readonly list?: string;
  /** What scopes call it; the default is the key. */
  readonly scope?: string;
  /** A thing as answers tell it; the default is as it is kept. */
  readonly body?: (account: Account, thing: T) => unknown;
  /** Parameters of the query that a list may be asked with. */
  readonly filters?: Readonly<Record<string, (thing: T, value: string) => boolean>>;
  /** Refuses to delete, or lets go of what hangs on it. */
  readonly beforeDelete?: (account: Account, thing: T) => void | Promise<void>;
}

export function usualRoutes<T extends Held>(usual: Usual<T>): DigitalOceanRoute[] {
  const {
    held,
    key,
    list = held.name.split('/').at(-1)!,
    scope = key,
    body = (_account, thing) => thing,
    filters = {},
    beforeDelete,
  } = usual;
  const path = `/v2/${held.name}`;
  const asked = ([name, fits]: [string, (thing: T, value: string) => boolean], query: URLSearchParams, thing: T) =>
    !query.has(name) || fits(thing, query.get(name)!);
  return [
    route(`GET ${path}`, `${scope}:read`, ({ account }, request) => {
      const found = held
        .of(account)
        .filter((thing) => Object.entries(filters).every((filter) => asked(filter, request.query, thing)));
      return listed(
        request,
        list,
        found.map((thing) => body(account, thing)),
      );
    }),
    route(`GET ${path}/{id}`, `${scope}:read`, ({ account }, { params }) =>
      one(key, body(account, held.find(account, params['id']))),
    ),
    route(`DELETE ${path}/{id}`, `${scope}:delete`, async ({ account }, { params }) => {
      const thing = held.find(account, params['id']);
      await beforeDelete?.(account, thing);
      held.remove(account, thing);
      return GONE;
    }),
  ];
}
