import * as fc from 'fast-check';
import { addressCount, type Cidr, contains, formatCidr, overlaps, parseCidr } from '#config/cidr';

const cidr4: fc.Arbitrary<Cidr> = fc.record({
  version: fc.constant(4 as const),
  address: fc.bigInt(0n, (1n << 32n) - 1n),
  prefix: fc.nat(32),
});
const cidr6: fc.Arbitrary<Cidr> = fc.record({
  version: fc.constant(6 as const),
  address: fc.bigInt(0n, (1n << 128n) - 1n),
  prefix: fc.nat(128),
});
const anyCidr = fc.oneof(cidr4, cidr6);

const range = (text: string) => parseCidr(text)!;
const firstOf = (cidr: Cidr) => range(formatCidr(cidr)).address;
const lastOf = (cidr: Cidr) => firstOf(cidr) + addressCount(cidr) - 1n;

describe('parseCidr', () => {
  it.each(['10.0.0.0/8', '0.0.0.0/0', '203.0.113.7/32', '::/0', '2001:db8::/48', '::1/128', '1:2:3:4:5:6:7:8/64'])(
    'reads %s',
    (text) => expect(parseCidr(text)).toBeDefined(),
  );

  it.each(
    ['', '10.0.0.0', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/08', '010.0.0.0/8', '10.0.0.256/8', '10.0.0.0/-1'].concat([
      '2001:db8::/129',
      '2001:db8/32',
      ':::/8',
      'fe80::1%eth0/64',
      '10.0.0.0/8 ',
      'example.org/8',
    ]),
  )('refuses %j', (text) => expect(parseCidr(text)).toBeUndefined());

  it.each([
    ['10.110.5.7/20', '10.110.0.0/20'],
    ['2001:DB8:0:0:0:0:0:1/32', '2001:db8::/32'],
    ['::ffff:192.0.2.1/128', '::ffff:c000:201/128'],
  ])('and formatCidr turn %s into %s', (text, canonical) => expect(formatCidr(range(text))).toBe(canonical));

  it('reads back what formatCidr writes', () => {
    fc.assert(fc.property(anyCidr, (cidr) => formatCidr(range(formatCidr(cidr))) === formatCidr(cidr)));
  });
});

describe('overlaps', () => {
  it('is true exactly when an address is in both', () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(cidr4, cidr4), fc.tuple(cidr6, cidr6)), ([one, other]) => {
        const apart = lastOf(one) < firstOf(other) || lastOf(other) < firstOf(one);
        expect(overlaps(one, other)).toBe(!apart);
      }),
    );
  });

  it('is the same the other way round, and true of a range and itself', () => {
    fc.assert(
      fc.property(anyCidr, anyCidr, (one, other) => {
        expect(overlaps(one, other)).toBe(overlaps(other, one));
        expect(overlaps(one, one)).toBe(true);
      }),
    );
  });

  it('is never true of IPv4 and IPv6', () => {
    fc.assert(fc.property(cidr4, cidr6, (one, other) => !overlaps(one, other)));
  });
});

describe('contains', () => {
  it('is true exactly when the inner range begins and ends inside', () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(cidr4, cidr4), fc.tuple(cidr6, cidr6)), ([outer, inner]) => {
        const inside = firstOf(outer) <= firstOf(inner) && lastOf(inner) <= lastOf(outer);
        expect(contains(outer, inner)).toBe(inside);
      }),
    );
  });

  it('is true of a range cut out of another', () => {
    fc.assert(
      fc.property(cidr4, fc.nat(32), (inner, prefix) =>
        contains({ ...inner, prefix: Math.min(prefix, inner.prefix) }, inner),
      ),
    );
  });
});
