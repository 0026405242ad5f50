/** Sizes of volumes, as claims write them. */
import { ConfigError } from './config-error';

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
 * @param place of the claim, for the message: `k8s/03-apps/gitea.yaml:12`
 * @throws ConfigError for a quantity that no claim would ask for
 */
export function gibibytes(quantity: string, place = 'a claim'): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(quantity) ?? [];
  const scale = UNITS[unit ?? '-'];
  if (scale === undefined)
    throw new ConfigError(`${place}: ${JSON.stringify(quantity)} is no size of a volume: write one such as 10Gi.`);
  return Math.max(1, Math.ceil((Number(number) * scale) / 2 ** 30));
}
