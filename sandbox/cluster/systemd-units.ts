/** Follows what the user data starts on a droplet, and finds what would keep k3s from ever starting. */
import { BootFailure } from './boot-failure';
import type { UserData, WrittenFile } from './user-data';

const UNITS = '/etc/systemd/system/';
const EXECUTABLE = 0o100;
/** Installed at boot, not written. */
const K3S = '/usr/local/bin/k3s';

/** @throws BootFailure if no started unit runs k3s, or one starts what is not there or not executable */
export function requireUnits({ files, commands }: UserData): void {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const started = new Set<string>();
  const waiting = commands.flatMap((command) =>
    unitsStartedBy(typeof command === 'string' ? command : command.join(' ')),
  );
  let runsK3s = false;
  for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
    if (started.has(unit) || unit.startsWith('systemd-')) continue;
    started.add(unit);
    const file = byPath.get(`${UNITS}${unit}`);
    if (file === undefined) throw new BootFailure(`The user data starts ${unit}, but writes no ${UNITS}${unit}.`);
    const programs = programsOf(file);
    for (const program of programs) requireExecutable(unit, program, byPath);
    runsK3s ||= programs.includes(K3S);
    waiting.push(...unitsNeededBy(file));
  }
  if (!runsK3s) throw new BootFailure('Nothing in the user data starts k3s: see runcmd and the systemd units.');
}

/** Units of a `systemctl start` or `restart`, anywhere in a line. */
function unitsStartedBy(line: string): string[] {
  const [, words = ''] = /\bsystemctl\b(.*\b(?:start|restart|enable --now)\b.*)$/.exec(line) ?? [];
  return words.split(/\s+/).filter((word) => /\.(service|timer)$/.test(word));
}

function unitsNeededBy(file: WrittenFile): string[] {
  const lines = file.content.toString().split('\n');
  const required = lines.flatMap((line) => /^(?:Requires|Wants|BindsTo)=(.*)$/.exec(line)?.[1]?.split(/\s+/) ?? []);
  const executed = lines.filter((line) => line.startsWith('Exec')).flatMap(unitsStartedBy);
  return [...required.filter((unit) => unit.endsWith('.service')), ...executed];
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
