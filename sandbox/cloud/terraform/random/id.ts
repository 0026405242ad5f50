import { randomBytes } from 'node:crypto';
import type { ResourceType, ValueObject } from '../engine/resource';

/** random_id: bytes made once, kept in the state in several notations. */
export const id: ResourceType<null> = {
  forceNew: ['byte_length', 'prefix', 'keepers'],
  create: ({ planned }) => {
    const { prefix } = planned;
    return Promise.resolve(
      notations(randomBytes(planned['byte_length'] as number), typeof prefix === 'string' ? prefix : ''),
    );
  },
  read: ({ state }) => Promise.resolve(state),
  delete: () => Promise.resolve(),
  // `[<prefix>,]<base64 as in a URL>`, as the real provider takes it.
  import: ({ id: given }) => {
    const [, prefix = null, encoded] = /^(?:(.*),)?(.*)$/s.exec(given)!;
    const bytes = Buffer.from(encoded!, 'base64url');
    return Promise.resolve({ byte_length: bytes.length, prefix, ...notations(bytes, prefix ?? '') });
  },
};

function notations(bytes: Buffer, prefix: string): ValueObject {
  const url = bytes.toString('base64url');
  return {
    id: url,
    b64_url: prefix + url,
    b64_std: prefix + bytes.toString('base64'),
    hex: prefix + bytes.toString('hex'),
    dec: prefix + BigInt(`0x0${bytes.toString('hex')}`).toString(),
  };
}
