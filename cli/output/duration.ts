import { InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `90s`, `15m` or `1h30m`. Throws commander's InvalidArgumentError for anything else. */
export function durationMs(text: string): number {
  if (!/^(\d+[smh])+$/.test(text)) {
    throw new InvalidArgumentError('Write a number and a unit: 90s, 15m, 1h30m.');
  }
  const parts = [...text.matchAll(/(\d+)([smh])/g)];
  return parts.reduce((total, [, number, unit]) => total + Number(number) * UNIT_MS[unit!]!, 0);
}

/** `90 s` or `15 min` */
export function durationText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
