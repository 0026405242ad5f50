import { randomInt } from 'node:crypto';
import { hash } from 'bcryptjs';
import { ProviderError, type ResourceType, type ValueObject } from '../engine/resource';

const CLASSES = [
  { name: 'lower', characters: 'abcdefghijklmnopqrstuvwxyz' },
  { name: 'upper', characters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
  { name: 'numeric', characters: '0123456789' },
  { name: 'special', characters: '!@#$%&*()-_=+[]{}<>:?' },
] as const;

/** Go's default. */
const BCRYPT_COST = 10;

const DEFAULTS: ValueObject = {
  ...Object.fromEntries(CLASSES.map(({ name }) => [name, true])),
  ...Object.fromEntries(CLASSES.map(({ name }) => [`min_${name}`, 0])),
  number: true,
};

/** random_password: made once, kept in the state. */
export const password: ResourceType<null> = {
  schemaVersion: 3,
  sensitive: ['result', 'bcrypt_hash'],
  defaults: DEFAULTS,
  forceNew: ['length', 'override_special', 'keepers', ...Object.keys(DEFAULTS)],
  validate,
  // `number` is the older name of `numeric`.
  customizePlan: ({ config, planned }) => {
    if (config['numeric'] === null) planned['numeric'] = planned['number']!;
    planned['number'] = planned['numeric']!;
  },
  create: ({ planned }) => attributes(generate(planned)),
  read: ({ state }) => Promise.resolve(state),
  delete: () => Promise.resolve(),
  import: async ({ id }) => ({ ...DEFAULTS, length: id.length, ...(await attributes(id)) }),
};

async function attributes(result: string): Promise<ValueObject> {
  // Go writes the same hash with the older name of the algorithm.
  const bcryptHash = (await hash(result, BCRYPT_COST)).replace(/^\$2b\$/, '$2a$');
  return { id: 'none', result, bcrypt_hash: bcryptHash };
}

function validate(config: ValueObject): void {
  const { length } = config;
  if (typeof length === 'number' && length < Math.max(1, minimum(config))) {
    throw new ProviderError('Invalid length', 'It must be at least 1 and at least the sum of the minimums.', [
      'length',
    ]);
  }
  const { number, numeric } = config;
  if (typeof number === 'boolean' && typeof numeric === 'boolean' && number !== numeric) {
    throw new ProviderError('Number and numeric are both configured with different values', '', ['number']);
  }
  if (CLASSES.every(({ name }) => config[name] === false)) {
    throw new ProviderError('No characters', 'At least one of lower, upper, numeric and special must be true.');
  }
}

function minimum(config: ValueObject): number {
  return CLASSES.reduce((sum, { name }) => {
    const value = config[`min_${name}`];
    return sum + (typeof value === 'number' ? value : 0);
  }, 0);
}

/** The minimum of each class, the rest from all classes in use, in random order. */
export function generate(planned: ValueObject): string {
  const special = planned['override_special'];
  const classes = CLASSES.map(({ name, characters }) => ({
    characters: name === 'special' && typeof special === 'string' && special !== '' ? special : characters,
    used: planned[name] === true,
    minimum: planned[`min_${name}`] as number,
  }));
  const all = classes.map(({ used, characters }) => (used ? characters : '')).join('');
  const required = classes.flatMap(({ minimum, characters }) =>
    Array.from({ length: minimum }, () => pick(characters)),
  );
  const rest = Array.from({ length: (planned['length'] as number) - required.length }, () => pick(all));
  return shuffle([...required, ...rest]).join('');
}

function pick(characters: string): string {
  return characters[randomInt(characters.length)]!;
}

function shuffle(items: string[]): string[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
  return items;
}
