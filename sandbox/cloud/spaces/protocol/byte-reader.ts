/** Reads lines and counted bytes from a stream of buffers. */
import { S3Error } from '../s3-error';

export interface ByteReader {
  /** The next line without its CRLF. */
  line(): Promise<string>;
  /** The same; undefined when the stream ends before it. */
  lineOrEnd(): Promise<string | undefined>;
  /** The next bytes, as they come. */
  take(count: number): AsyncGenerator<Buffer>;
}

/** Longer lines are no chunk headers. */
const LONGEST_LINE = 8192;

export function byteReader(source: AsyncIterable<Buffer>): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  async function pull(): Promise<boolean> {
    const next = await iterator.next();
    if (next.done) return false;
    rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
    return true;
  }

  async function lineOrEnd(): Promise<string | undefined> {
    let end: number;
    while ((end = rest.indexOf('\r\n')) < 0) {
      if (rest.length > LONGEST_LINE) throw endedEarly();
      if (await pull()) continue;
      if (rest.length === 0) return undefined;
      throw endedEarly();
    }
    const text = rest.toString('utf8', 0, end);
    rest = rest.subarray(end + 2);
    return text;
  }

  async function* take(count: number): AsyncGenerator<Buffer> {
    let missing = count;
    while (missing > 0) {
      if (rest.length === 0 && !(await pull())) throw endedEarly();
      const part = rest.subarray(0, missing);
      rest = rest.subarray(part.length);
      missing -= part.length;
      if (part.length > 0) yield part;
    }
  }

  return {
    lineOrEnd,
    async line() {
      const text = await lineOrEnd();
      if (text === undefined) throw endedEarly();
      return text;
    },
    take,
  };
}

function endedEarly(): S3Error {
  return new S3Error('IncompleteBody', 'The request body ended too early.');
}
