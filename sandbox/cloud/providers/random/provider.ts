/** The random provider: values made once and kept in the state. */
import { randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { ProviderDefinition, ResourceType, ValueObject } from '../../engine/resource';
import { readSchemaFile } from '../../schema/terraform-json';

const SCHEMAS = join(__dirname, '../../../../schemas');

const CLASSES = [
  { name: 'lower', characters: 'abcdefghijklmnopqrstuvwxyz' },
  { name: 'upper', characters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
  { name: 'numeric', characters: '0123456789' },
  { name: 'special', characters: '!@#$%&*()-_=+[]{}<>:?' },
] as const;

const password: ResourceType<null> = {
  schemaVersion: 3,
  sensitive: ['result', 'bcrypt_hash'],
  defaults: {
    ...Object.fromEntries(CLASSES.map(({ name }) => [name, true])),
    ...Object.fromEntries(CLASSES.map(({ name }) => [`min_${name}`, 0])),
  },
  forceNew: ['length', 'override_special', 'keepers', ...CLASSES.flatMap(({ name }) => [name, `min_${name}`])],
  create: ({ planned }) => Promise.resolve({ id: 'none', result: generate(planned) }),
  read: ({ state }) => Promise.resolve(state),
  delete: () => Promise.resolve(),
};

const id: ResourceType<null> = {
  forceNew: ['byte_length', 'prefix', 'keepers'],
  create: ({ planned }) => {
    const bytes = randomBytes(planned['byte_length'] as number);
    const prefix = (planned['prefix'] as string | null) ?? '';
    const url = bytes.toString('base64url');
    return Promise.resolve({
      id: url,
      b64_url: prefix + url,
      b64_std: prefix + bytes.toString('base64'),
      hex: prefix + bytes.toString('hex'),
      dec: prefix + BigInt(`0x${bytes.toString('hex')}`).toString(),
    });
  },
  read: ({ state }) => Promise.resolve(state),
  delete: () => Promise.resolve(),
};

export function randomProvider(): ProviderDefinition<null> {
  return {
    schema: readSchemaFile(join(SCHEMAS, 'random@3.7.2.json')),
    configure: () => null,
    resources: { random_password: password, random_id: id },
    dataSources: {},
  };
}

/** The minimum of each class, the rest from all classes in use, in random order. */
function generate(planned: ValueObject): string {
  const special = (planned['override_special'] as string | null) ?? CLASSES[3].characters;
  const classes = CLASSES.map(({ name, characters }) => ({
    characters: name === 'special' ? special : characters,
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
