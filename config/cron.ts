/**
 * Schedules as k3s reads them: the five fields of cron, or a name such as `@daily`. All times are UTC.
 * Source: ParseStandard and dayMatches of github.com/robfig/cron v3, which k3s uses. Of what that takes, only what says no
 * minute of the day is refused here: `@every`, which counts from k3s' start, a time zone, and a list without a value.
 */

interface Field {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  readonly of: (minute: Date) => number;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Minute, hour, day of the month, month, day of the week (0 is Sunday; k3s knows no 7). */
const FIELDS: readonly Field[] = [
  { min: 0, max: 59, of: (minute) => minute.getUTCMinutes() },
  { min: 0, max: 23, of: (minute) => minute.getUTCHours() },
  { min: 1, max: 31, of: (minute) => minute.getUTCDate() },
  { min: 1, max: 12, names: MONTHS, of: (minute) => minute.getUTCMonth() + 1 },
  { min: 0, max: 6, names: DAYS, of: (minute) => minute.getUTCDay() },
];
const DAY_OF_MONTH = 2;
const DAY_OF_WEEK = 4;

const NAMED: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

interface Values {
  readonly values: ReadonlySet<number>;
  /** Whether a star without a step is among them. */
  readonly star: boolean;
}

/** @returns whether a minute is one of the schedule's, or nothing if the text is no schedule */
export function cronSchedule(text: string): ((minute: Date) => boolean) | undefined {
  const parts = (NAMED.get(text) ?? text).split(/\s+/).filter((part) => part !== '');
  if (parts.length !== FIELDS.length) return undefined;
  const allowed = FIELDS.map((field, index) => listOf(parts[index]!, field));
  if (allowed.some(({ values }) => values.size === 0)) return undefined;
  return (minute) => {
    const matches = FIELDS.map((field, index) => allowed[index]!.values.has(field.of(minute)));
    const [day, weekday] = [matches[DAY_OF_MONTH]!, matches[DAY_OF_WEEK]!];
    const eitherDay = !allowed[DAY_OF_MONTH]!.star && !allowed[DAY_OF_WEEK]!.star;
    const onDay = eitherDay ? day || weekday : day && weekday;
    return onDay && matches.every((match, index) => match || index === DAY_OF_MONTH || index === DAY_OF_WEEK);
  };
}

const MINUTE_MS = 60_000;
/** Long enough for every schedule that comes once a month. */
const HORIZON_MINUTES = 70 * 24 * 60;

/**
 * The longest time between two minutes of a schedule, within the next weeks.
 *
 * @returns milliseconds; undefined if it is no schedule, or comes less than twice in that time
 */
export function longestGap(text: string, from: Date): number | undefined {
  const matches = cronSchedule(text);
  if (matches === undefined) return undefined;
  const start = Math.ceil(from.getTime() / MINUTE_MS) * MINUTE_MS;
  const times = Array.from({ length: HORIZON_MINUTES }, (_, index) => start + index * MINUTE_MS).filter((time) =>
    matches(new Date(time)),
  );
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  return gaps.length === 0 ? undefined : Math.max(...gaps);
}

const NOTHING: Values = { values: new Set(), star: false };

/** Items between commas; an empty one counts for nothing. No value at all if one of them is wrong. */
function listOf(text: string, field: Field): Values {
  const items = text.split(',').filter((item) => item !== '');
  const found = items.map((item) => itemOf(item, field));
  if (found.includes(NOTHING)) return NOTHING;
  return { values: new Set(found.flatMap(({ values }) => Array.from(values))), star: found.some(({ star }) => star) };
}

/** `*`, `?`, `5`, `1-5`, `mon-fri`, and each of them with a step: `*` followed by `/6`. `5/20` is `5-59/20`. */
function itemOf(text: string, field: Field): Values {
  const [range = '', stepText = '1', ...moreSteps] = text.split('/');
  const [low = '', high, ...moreEnds] = range.split('-');
  const all = low === '*' || low === '?';
  const step = numberOf(stepText);
  const from = all ? field.min : valueOf(low, field);
  const open = all || (high === undefined && text.includes('/'));
  const to = open ? field.max : valueOf(high ?? low, field);
  const inRange = from >= field.min && to <= field.max && from <= to;
  if (moreSteps.length > 0 || (moreEnds.length > 0 && !all) || !(step > 0) || !inRange) return NOTHING;
  const count = Math.floor((to - from) / step) + 1;
  const values = new Set(Array.from({ length: count }, (_, index) => from + index * step));
  return { values, star: all && step === 1 };
}

function valueOf(text: string, { min, names }: Field): number {
  const index = names?.indexOf(text.toUpperCase()) ?? -1;
  return index === -1 ? numberOf(text) : index + min;
}

function numberOf(text: string): number {
  return /^\+?\d+$/.test(text) ? Number(text) : NaN;
}
