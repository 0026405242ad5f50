import * as fc from 'fast-check';
import { isAgeRecipient } from '#config/age-recipient';

const KEY = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';
const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

describe('isAgeRecipient', () => {
  it('accepts a public key', () => {
    expect(isAgeRecipient(KEY)).toBe(true);
  });

  it.each([KEY.toUpperCase(), KEY.slice(0, -1), `${KEY}q`, `${KEY} `, KEY.replace('age1', 'bge1'), 'age1', ''])(
    'refuses %j',
    (text) => expect(isAgeRecipient(text)).toBe(false),
  );

  it('notices any one wrong character', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: KEY.length - 1 }), fc.constantFrom(...CHARSET), (index, character) => {
        const changed = KEY.slice(0, index) + character + KEY.slice(index + 1);
        expect(isAgeRecipient(changed)).toBe(changed === KEY);
      }),
    );
  });
});
