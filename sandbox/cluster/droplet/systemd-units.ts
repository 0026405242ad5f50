/** Follows what the user data starts on a droplet, and finds what would keep k3s from ever starting. */
import { BootFailure } from '../boot-failure';
import { serviceOf, UNITS } from './unit-file';
import type { UserData, WrittenFile } from './user-data';

const EXECUTABLE = 0o100;
/** Installed by the bootstrap script: the user data does not write it. */
const K3S = '/usr/local/bin/k3s';

/** @throws BootFailure if no started unit runs k3s, one starts what is not there or not executable, or a timer waits for the next boot */
export function requireUnits({ files, commands }: UserData): void {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const started = new Set<string>();
  const lines = commands.map((command) => (typeof command === 'string' ? command : command.join(' ')));
  const waiting = lines.flatMap(unitsStartedBy);
  let runsK3s = false;
  for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
    if (started.has(unit) || unit.startsWith('systemd-')) continue;
    started.add(unit);
    const file = byPath.get(`${UNITS}/${unit}`);
    if (file === undefined) throw new BootFailure(`The user data starts ${unit}, but writes no ${UNITS}/${unit}.`);
    const programs = programsOf(file);
    for (const program of programs) requireExecutable(unit, program, byPath);
    runsK3s ||= programs.includes(K3S);
    waiting.push(...unitsNeededBy(file, unit));
  }
  if (!runsK3s) throw new BootFailure('Nothing in the user data starts k3s: see runcmd and the systemd units.');
  const idle = timersOf(files).find((timer) => !started.has(timer));
  if (idle !== undefined)
    throw new BootFailure(`The user data writes ${idle}, which nothing starts before the next boot.`);
}

/** Units of a `systemctl start` or `restart`, anywhere in a line. `try-restart` starts nothing. */
function unitsStartedBy(line: string): string[] {
  const [, words = ''] = /\bsystemctl\b(.*\b(?:start|(?<!try-)restart|enable --now)\b.*)$/.exec(line) ?? [];
  return words.split(/\s+/).filter((word) => /\.(service|timer)$/.test(word));
}

function timersOf(files: readonly WrittenFile[]): string[] {
  const units = files
    .filter(({ path }) => path.startsWith(`${UNITS}/`))
    .map(({ path }) => path.slice(UNITS.length + 1));
  return units.filter((unit) => unit.endsWith('.timer'));
}

/** A timer needs the service of its name, unless it says another. */
function unitsNeededBy(file: WrittenFile, unit: string): string[] {
  const text = file.content.toString();
  const lines = text.split('\n');
  const required = lines.flatMap((line) => /^(?:Requires|Wants|BindsTo)=(.*)$/.exec(line)?.[1]?.split(/\s+/) ?? []);
  const executed = lines.filter((line) => line.startsWith('Exec')).flatMap(unitsStartedBy);
  const timed = unit.endsWith('.timer') ? [/^Unit=(.*)$/m.exec(text)?.[1] ?? serviceOf(unit)] : [];
  return [...required.filter((name) => name.endsWith('.service')), ...executed, ...timed];
}

function programsOf(file: WrittenFile): string[] {
  const lines = file.content.toString().split('\n');
  return lines.flatMap((line) => /^Exec\w+=[-@:+!]*(\S+)/.exec(line)?.[1] ?? []);
}

/** Only what lies where nothing but the user data writes; the rest comes with the system. */
function requireExecutable(unit: string, program: string, files: ReadonlyMap<string, WrittenFile>): void {
  if (!program.startsWith('/usr/local/') || program === K3S) return;
  const file = files.get(program);
  if (file === undefined) throw new BootFailure(`${unit} runs ${program}, which the user data does not write.`);
  if ((file.mode & EXECUTABLE) === 0) throw new BootFailure(`${unit} runs ${program}, which is not executable.`);
}
