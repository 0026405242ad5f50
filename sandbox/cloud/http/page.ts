/** Pages of a list, by `page` and `per_page`: both APIs count them in the same way. */
import type { RestRequest } from './routes';

export interface PageSize {
  /** Things on a page when the caller does not say. */
  readonly usual: number;
  /** More than these are cut to as many. */
  readonly most: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Things on all pages. */
  readonly total: number;
  /** Addresses of the other pages that there are. */
  readonly links: Readonly<Partial<Record<'first' | 'prev' | 'next' | 'last', string>>>;
}

export function pageOf<T>(request: RestRequest, all: readonly T[], { usual, most }: PageSize): Page<T> {
  const { query } = request;
  const size = Math.min(positive(query.get('per_page')) ?? usual, most);
  const page = positive(query.get('page')) ?? 1;
  const last = Math.max(1, Math.ceil(all.length / size));
  const address = (number: number) => addressOf(request, number, size);
  return {
    items: all.slice((page - 1) * size, page * size),
    total: all.length,
    links: {
      ...(page > 1 ? { first: address(1), prev: address(Math.min(page - 1, last)) } : {}),
      ...(page < last ? { next: address(page + 1), last: address(last) } : {}),
    },
  };
}

function positive(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

function addressOf({ origin, path, query }: RestRequest, page: number, size: number): string {
  const changed = new URLSearchParams(query);
  changed.set('page', `${page}`);
  changed.set('per_page', `${size}`);
  return `${origin}${path}?${changed.toString()}`;
}
