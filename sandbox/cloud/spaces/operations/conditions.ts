/** Conditions under which a client wants its write performed: `If-Match` and `If-None-Match`. */
import { S3Error } from '../s3-error';
import type { Store } from '../store';

type Headers = Readonly<Record<string, string | undefined>>;
interface Current {
  readonly etag: string;
}

/**
 * Stops a write whose condition the current version does not meet.
 *
 * @throws S3Error PreconditionFailed, NoSuchKey, NotImplemented
 */
export function checkWrite(store: Store, headers: Headers, current: Current | undefined): void {
  if (!store.honoursConditions) return;
  const { 'if-none-match': ifNoneMatch, 'if-match': ifMatch } = headers;
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new S3Error('NotImplemented', 'A write takes no other If-None-Match than *.');
  }
  if (ifNoneMatch !== undefined && current !== undefined) throw failed('If-None-Match');
  if (ifMatch === undefined) return;
  if (current === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  if (!matches(ifMatch, current)) throw failed('If-Match');
}

/** ETags may come with quotes or without. */
function matches(condition: string, { etag }: Current): boolean {
  const wanted = condition.split(',').map((one) =>
    one
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1'),
  );
  return wanted.includes('*') || wanted.includes(etag);
}

function failed(condition: string): S3Error {
  return new S3Error(
    'PreconditionFailed',
    `At least one of the pre-conditions you specified did not hold: ${condition}`,
  );
}
