/** Selects one page of a listing: by prefix, folded at a delimiter, from a place on, up to a number. */
import { S3Error } from '../s3-error';

export interface ListingOptions {
  readonly prefix: string;
  /** Keys that are equal up to it, after the prefix, are folded into one entry. */
  readonly delimiter: string | undefined;
  /** Only entries after this one; for versions see `afterVersion`. */
  readonly after: string;
  /** With `after`: the versions of that key which come after this version are listed, too. */
  readonly afterVersion?: string;
  readonly limit: number;
}

export interface Listing<T> {
  readonly entries: readonly T[];
  readonly commonPrefixes: readonly string[];
  readonly truncated: boolean;
  /** Last entry or common prefix of the page: where the next one goes on. */
  readonly last?: string;
}

const LARGEST_PAGE = 1000;

/** @param text of `max-keys`, `max-uploads` or the like; the default is also the most */
export function pageSize(text: string | undefined): number {
  const number = Number(text ?? LARGEST_PAGE);
  if (!Number.isInteger(number) || number < 0) throw new S3Error('InvalidArgument', 'max-keys is not a number.');
  return Math.min(number, LARGEST_PAGE);
}

/** @param items in the order of the bytes of their keys */
export function listPage<T extends { readonly key: string; readonly id?: string }>(
  items: readonly T[],
  { prefix, delimiter, after, afterVersion, limit }: ListingOptions,
): Listing<T> {
  const entries: T[] = [];
  const commonPrefixes: string[] = [];
  let last: string | undefined;
  for (const item of startingAfter(items, after, afterVersion)) {
    if (!item.key.startsWith(prefix)) continue;
    const folded = foldedPrefix(item.key, prefix, delimiter);
    if (folded !== undefined && (folded === last || compareKeys(folded, after) <= 0)) continue;
    if (entries.length + commonPrefixes.length >= limit) {
      return { entries, commonPrefixes, truncated: limit > 0, ...(last !== undefined && { last }) };
    }
    if (folded === undefined) entries.push(item);
    else commonPrefixes.push(folded);
    last = folded ?? item.key;
  }
  return { entries, commonPrefixes, truncated: false, ...(last !== undefined && { last }) };
}

/** Compares as S3 does: by the bytes of UTF-8, which differs from JavaScript beyond the basic plane. */
function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function startingAfter<T extends { readonly key: string; readonly id?: string }>(
  items: readonly T[],
  after: string,
  afterVersion: string | undefined,
): readonly T[] {
  if (afterVersion !== undefined) {
    const index = items.findIndex(({ key, id }) => key === after && id === afterVersion);
    if (index >= 0) return items.slice(index + 1);
  }
  return after === '' ? items : items.filter(({ key }) => compareKeys(key, after) > 0);
}

function foldedPrefix(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (!delimiter) return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}
