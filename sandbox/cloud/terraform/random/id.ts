import { randomBytes } from 'node:crypto';
import type { ResourceType } from '../engine/resource';

/** random_id: bytes made once, kept in the state in several notations. */
export const id: ResourceType<null> = {
  arguments: ['byte_length'],
  forceNew: ['byte_length', 'prefix', 'keepers'],
  create: ({ planned }) => {
    const bytes = randomBytes(planned['byte_length'] as number);
    const url = bytes.toString('base64url');
    const hex = bytes.toString('hex');
    const dec = BigInt(`0x${hex}`).toString();
    return Promise.resolve({ id: url, b64_url: url, b64_std: bytes.toString('base64'), hex, dec });
  },
  read: ({ state }) => Promise.resolve(state),
  delete: () => Promise.resolve(),
};
