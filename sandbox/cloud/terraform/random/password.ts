import { randomInt } from 'node:crypto';
import { hash } from 'bcryptjs';
import { ProviderError, type ResourceType, type ValueObject } from '../engine/resource';

const CHARACTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const SPECIAL = '!@#$%&*()-_=+[]{}<>:?';
const CLASSES = ['lower', 'upper', 'numeric', 'special'];
/** Go's default. */
const BCRYPT_COST = 10;

const DEFAULTS: ValueObject = {
  ...Object.fromEntries(
    CLASSES.flatMap((name): [string, boolean | number][] => [
      [name, true],
      [`min_${name}`, 0],
    ]),
  ),
  number: true,
};

/** random_password: made once, kept in the state. */
export const password: ResourceType<null> = {
  arguments: ['length', 'special'],
  defaults: DEFAULTS,
  forceNew: ['length', 'override_special', 'keepers', ...Object.keys(DEFAULTS)],
  validate: ({ length }) => {
    if (typeof length !== 'number' || length >= 1) return;
    throw new ProviderError('Invalid length', 'It must be at least 1.', ['length']);
  },
  create: async ({ planned }) => {
    const characters = planned['special'] === true ? CHARACTERS + SPECIAL : CHARACTERS;
    const picked = Array.from({ length: planned['length'] as number }, () => characters[randomInt(characters.length)]);
    const result = picked.join('');
    // Go writes the same hash with the older name of the algorithm.
    const bcryptHash = (await hash(result, BCRYPT_COST)).replace(/^\$2b\$/, '$2a$');
    return { id: 'none', result, bcrypt_hash: bcryptHash };
  },
  read: ({ state }) => Promise.resolve(state),
  delete: () => Promise.resolve(),
};
