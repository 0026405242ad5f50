/** Cron expressions of five fields, as k3s' snapshot schedule takes them. All times are UTC. */

const FIELDS = [
  { name: 'minute', from: 0, to: 59, of: (date: Date) => date.getUTCMinutes() },
  { name: 'hour', from: 0, to: 23, of: (date: Date) => date.getUTCHours() },
  { name: 'day of month', from: 1, to: 31, of: (date: Date) => date.getUTCDate() },
  { name: 'month', from: 1, to: 12, of: (date: Date) => date.getUTCMonth() + 1 },
  { name: 'day of week', from: 0, to: 6, of: (date: Date) => date.getUTCDay() },
];
const DAY_OF_MONTH = 2;
const DAY_OF_WEEK = 4;

/**
 * @returns whether a minute is one of the schedule's
 * @throws if the expression is not five fields of numbers, ranges, lists, steps and stars
 */
export function cronSchedule(expression: string): (minute: Date) => boolean {
  const texts = expression.trim().split(/\s+/);
  if (texts.length !== FIELDS.length) throw new Error(`"${expression}" is not a cron expression of five fields`);
  const allowed = FIELDS.map((field, index) => valuesOf(texts[index]!, field));
  return (minute) => {
    const matches = FIELDS.map((field, index) => allowed[index]!.has(field.of(minute)));
    const [day, weekday] = [matches[DAY_OF_MONTH], matches[DAY_OF_WEEK]];
    // Where both days are restricted, one of them is enough. Source: crontab(5).
    const bothRestricted = !texts[DAY_OF_MONTH]!.startsWith('*') && !texts[DAY_OF_WEEK]!.startsWith('*');
    const onDay = bothRestricted ? day || weekday : day && weekday;
    return Boolean(onDay) && matches.every((match, index) => match || index === DAY_OF_MONTH || index === DAY_OF_WEEK);
  };
}

function valuesOf(text: string, { name, from, to }: (typeof FIELDS)[number]): Set<number> {
  const values = text.split(',').flatMap((part) => {
    const [, star, low, high, step] = /^(?:(\*)|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part) ?? [];
    const first = star === undefined ? Number(low) : from;
    const last = star === undefined && high === undefined && step === undefined ? first : Number(high ?? to);
    if (!(first >= from && last <= to && first <= last) || step === '0') {
      throw new Error(`"${part}" is not a ${name} of a cron expression`);
    }
    const count = Math.floor((last - first) / Number(step ?? 1)) + 1;
    return Array.from({ length: count }, (_, index) => first + index * Number(step ?? 1));
  });
  return new Set(values);
}
