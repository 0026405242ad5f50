/** The forms that all answers of the DigitalOcean API have. */
import { isOfferedIn, regionOf, SIZES } from '#config/digitalocean';
import type { ApiError } from '../http/api-error';
import { pageOf } from '../http/page';
import type { Answer, RestRequest, Route } from '../http/routes';
import type { Caller } from './account';

export type DigitalOceanRoute = Route<Caller>;

/** Documented sizes of a page. */
const PAGE_SIZE = { usual: 20, most: 200 };

/** One page of a list under its key, with `links` and `meta`. */
export function listed(request: RestRequest, key: string, all: readonly unknown[]): Answer {
  const { items, total, links } = pageOf(request, all, PAGE_SIZE);
  const pages = Object.keys(links).length === 0 ? {} : { pages: links };
  return { status: 200, body: { [key]: items, links: pages, meta: { total } } };
}

/** One thing under its key. */
export function one(key: string, thing: unknown, status = 200): Answer {
  return { status, body: { [key]: thing } };
}

/** A new thing under its key. */
export function created(key: string, thing: unknown): Answer {
  return one(key, thing, 201);
}

/** What every DELETE answers. */
export const GONE: Answer = { status: 204 };

export function errorBody({ id, message, requestId }: ApiError): unknown {
  return { id, message, request_id: requestId };
}

/** A region as it stands in other objects; they are kept with its slug. */
export function regionBody(slug: string): unknown {
  const region = regionOf(slug)!;
  const sizes = SIZES.filter((size) => isOfferedIn(size.slug, slug)).map((size) => size.slug);
  const features = ['backups', 'ipv6', 'metadata', 'install_agent', 'storage'];
  return { name: region.name, slug, features, available: true, sizes };
}
