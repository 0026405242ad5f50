/** Schedules as k3s reads them: the five fields of cron, without seconds, `@daily` or a time zone. */

interface Field {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Minute, hour, day of the month, month, day of the week (0 is Sunday; k3s knows no 7). */
const FIELDS: readonly Field[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: DAYS },
];

export function isCronSchedule(text: string): boolean {
  const parts = text.split(' ');
  return parts.length === FIELDS.length && FIELDS.every((field, index) => isList(parts[index]!, field));
}

function isList(text: string, field: Field): boolean {
  return text.split(',').every((item) => isItem(item, field));
}

/** `*`, `5`, `1-5`, and each of them with a step: `*` followed by `/6`. */
function isItem(text: string, field: Field): boolean {
  const [range = '', step, ...rest] = text.split('/');
  if (rest.length > 0 || (step !== undefined && !/^[1-9]\d?$/.test(step))) return false;
  if (range === '*') return true;
  const ends = range.split('-').map((end) => valueOf(end, field));
  const [from = NaN, to = from] = ends;
  return ends.length <= 2 && from >= field.min && to <= field.max && from <= to;
}

function valueOf(text: string, { min, names }: Field): number {
  const index = names?.indexOf(text.toUpperCase()) ?? -1;
  if (index !== -1) return index + min;
  return /^\d{1,2}$/.test(text) ? Number(text) : NaN;
}
