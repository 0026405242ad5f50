import { decode, encode, ExtData } from '@msgpack/msgpack';
import * as fc from 'fast-check';
import { decodeValue, encodeValue, isUnknown } from '#sandbox/cloud/terraform/protocol/values';
import type { AttributeType } from '#sandbox/cloud/terraform/schema/schema';

const TYPE: AttributeType = [
  'object',
  {
    text: 'string',
    count: 'number',
    on: 'bool',
    list: ['list', 'string'],
    set: ['set', 'number'],
    map: ['map', ['list', 'bool']],
    inner: ['list', ['object', { name: 'string' }]],
  },
];

const known = fc.record({
  text: fc.option(fc.string()),
  count: fc.option(
    fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
    ),
  ),
  on: fc.option(fc.boolean()),
  list: fc.option(fc.array(fc.option(fc.string()))),
  set: fc.option(fc.array(fc.integer())),
  map: fc.option(
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.array(fc.boolean()),
      { noNullPrototype: true },
    ),
  ),
  inner: fc.option(fc.array(fc.record({ name: fc.option(fc.string()) }))),
});

describe('a value on the wire', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(known, (value) => {
        expect(decodeValue(encodeValue(value, TYPE), TYPE)).toEqual(value);
      }),
    );
  });

  it('is unknown also when Terraform says more about it', () => {
    const refined = encode(new ExtData(12, encode({ 1: false })));
    expect(isUnknown(decodeValue(refined, 'string'))).toBe(true);
  });

  it('has its decimals as text, since a float would be another number', () => {
    expect(decode(encodeValue(0.00893, 'number'))).toBe('0.00893');
    expect(decode(encodeValue(12, 'number'))).toBe(12);
    expect(decodeValue(encode('0.1'), 'number')).toBe(0.1);
  });

  it('names every field, those that are missing too, and no others', () => {
    expect(decode(encodeValue({ text: 'a', other: 1 }, TYPE))).toEqual({
      text: 'a',
      count: null,
      on: null,
      list: null,
      set: null,
      map: null,
      inner: null,
    });
  });
});
