/** Sizes of volumes, as claims write them. */

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/**
 * A quantity such as `10Gi` in whole GiB, rounded up, at least 1, as DigitalOcean sells them.
 *
 * @throws for a quantity that no claim would ask for
 */
export function gibibytes(quantity: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(quantity) ?? [];
  const scale = UNITS[unit ?? '-'];
  if (scale === undefined) throw new Error(`${quantity} is no size of a volume`);
  return Math.max(1, Math.ceil((Number(number) * scale) / 2 ** 30));
}
