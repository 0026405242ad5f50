import { growth, spread } from '#bench/statistics';

describe('the spread of several runs', () => {
  it('is the smallest, the middle and the largest, in whatever order they came', () => {
    expect(spread([10, 9, 30])).toEqual({ min: 9, median: 10, max: 30 });
  });

  it('has the mean of the two in the middle of an even number', () => {
    expect(spread([4, 1, 2, 3]).median).toBe(2.5);
  });

  it('refuses a measurement without a run', () => {
    expect(() => spread([])).toThrow('no values');
  });
});

describe('the growth of a curve', () => {
  it.each([
    ['linear', 1, (x: number) => 3 * x],
    ['quadratic', 2, (x: number) => x * x],
    ['none', 0, () => 7],
  ])('is found: %s', (_, exponent, of) => {
    expect(growth([10, 50, 200].map((x) => ({ x, y: of(x) })))).toBeCloseTo(exponent);
  });

  it('is told by the end of the curve, where a fixed cost hides it least', () => {
    const fixedCostFirst = [1, 10, 1000, 10_000].map((x) => ({ x, y: x < 100 ? 5 : x }));
    expect(growth(fixedCostFirst)).toBeCloseTo(1);
  });

  it('is unknown from one point', () => {
    expect(growth([{ x: 1, y: 1 }])).toBeUndefined();
  });
});
