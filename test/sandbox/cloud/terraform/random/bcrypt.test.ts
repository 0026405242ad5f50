import { bcrypt } from '#sandbox/cloud/terraform/random/bcrypt';

/** Vectors of crypt_blowfish, by Solar Designer. */
const VECTORS = [
  ['U*U', 'CCCCCCCCCCCCCCCCCCCCC.', 'E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['U*U*', 'CCCCCCCCCCCCCCCCCCCCC.', 'VGOzA784oUp/Z0DY336zx7pLYAy0lwK'],
  ['U*U*U', 'XXXXXXXXXXXXXXXXXXXXXO', 'AcXxm9kjPGEMsLznoKqmqw7tc8WCx4a'],
] as const;

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

describe('bcrypt', () => {
  it.each(VECTORS)('of %s with the salt %s is as published', (password, salt, hash) => {
    expect(bcrypt(password, 5, decode(salt))).toBe(`$2a$05$${salt}${hash}`);
  });

  it('takes the first 72 bytes', () => {
    const salt = Buffer.alloc(16);
    const long = 'x'.repeat(72);
    expect(bcrypt(`${long}y`, 4, salt)).toBe(bcrypt(`${long}z`, 4, salt));
  });

  it('has another salt each time, and a cost of ten', () => {
    expect(bcrypt('a')).toMatch(/^\$2a\$10\$[./A-Za-z0-9]{53}$/);
    expect(bcrypt('a')).not.toBe(bcrypt('a'));
  });
});

function decode(salt: string): Buffer {
  const characters = [...salt].map((character) => BASE64[ALPHABET.indexOf(character)]);
  return Buffer.from(characters.join(''), 'base64').subarray(0, 16);
}
