/** Throws without values: a measurement that measured nothing is a mistake. */
export function spread(values: readonly number[]): { min: number; median: number; max: number } {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (index: number): number => {
    const value = sorted[index];
    if (value === undefined) throw new Error('there are no values');
    return value;
  };
  const middle = (sorted.length - 1) / 2;
  return {
    min: at(0),
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    max: at(sorted.length - 1),
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The exponent with which the last step of a curve grows: 1 is linear, 2 quadratic.
 *
 * @returns undefined for fewer than two points
 */
export function growth(points: readonly Point[]): number | undefined {
  const [before, last] = points.slice(-2);
  if (before === undefined || last === undefined) return undefined;
  return Math.log(last.y / before.y) / Math.log(last.x / before.x);
}
