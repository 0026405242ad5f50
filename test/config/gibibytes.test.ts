import { gibibytes } from '#config/gibibytes';

describe('the size of a volume', () => {
  it.each([
    ['10Gi', 10],
    ['1500Mi', 2],
    ['1Ti', 1024],
    ['20G', 19],
    ['1.5Gi', 2],
    ['1073741824', 1],
    ['1Mi', 1],
  ])('%s is %d GiB', (quantity, size) => {
    expect(gibibytes(quantity)).toBe(size);
  });

  it.each(['10Xi', 'much', '', '-1Gi'])('%j is none', (quantity) => {
    expect(() => gibibytes(quantity)).toThrow('is no size of a volume');
  });
});
