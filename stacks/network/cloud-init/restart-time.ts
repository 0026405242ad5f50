/** When a machine restarts k3s, so that it renews its certificates. Two that do it at once would be two missing at once. */
import { createHash } from 'node:crypto';

/** Every month has them. Without a common divisor with 24, so that the next number is another day and another hour. */
const DAYS = 25;
const HOURS = 24;

/**
 * Once a month, in systemd's words (OnCalendar). Machines of one kind, that is names that differ in their last number only,
 * have neither an hour of the month nor, with their neighbours, a day or an hour in common.
 *
 * @param name of the droplet, ending in its number
 */
export function restartTime(name: string): string {
  const [, kind = '', number] = /^(.+)-(\d+)$/.exec(name) ?? [];
  if (number === undefined) throw new Error(`user data: the name ${name} does not end in a number`);
  const place = createHash('sha256').update(kind).digest().readUInt32BE() + Number(number);
  const twoDigits = (value: number): string => `${value}`.padStart(2, '0');
  return `*-*-${twoDigits((place % DAYS) + 1)} ${twoDigits(place % HOURS)}:40:00 UTC`;
}
