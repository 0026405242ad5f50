/** The forms that all answers of the DigitalOcean API have. */
import { regionOf, SIZES, isOfferedIn, type Region } from '#config/digitalocean';
import type { ApiError } from '#sandbox/cloud/http/api-error';
import type { Session } from '#sandbox/cloud/account/session';
import { pageOf } from '#sandbox/cloud/http/page';
import type { Answer, RestRequest, Route } from '#sandbox/cloud/http/router';

export type DigitalOceanRoute = Route<Session>;

/** Documented sizes of a page. */
const PAGE_SIZE = { usual: 20, most: 200 };

/** One page of a list under its key, with `links` and `meta`. */
export function listAnswer(request: RestRequest, key: string, all: readonly unknown[]): Answer {
  const { items, total, links } = pageOf(request, all, PAGE_SIZE);
  const pages = Object.keys(links).length === 0 ? {} : { pages: links };
  return { status: 200, body: { [key]: items, links: pages, meta: { total } } };
}

/** One thing under its key. */
export function oneAnswer(key: string, thing: unknown, status = 200): Answer {
  return { status, body: { [key]: thing } };
}

/** What every DELETE answers. */
export const GONE: Answer = { status: 204 };

export function errorBody({ id, message, requestId }: ApiError): unknown {
  return { id, message, request_id: requestId };
}

/** A region as it stands in other objects. */
export function regionJson(slug: string): unknown {
  return regionBody(regionOf(slug)!);
}

export function regionBody({ slug, name }: Region): unknown {
  const sizes = SIZES.filter((size) => isOfferedIn(size.slug, slug)).map((size) => size.slug);
  return { name, slug, features: ['backups', 'ipv6', 'metadata', 'install_agent', 'storage'], available: true, sizes };
}
