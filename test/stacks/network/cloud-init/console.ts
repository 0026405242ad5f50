/** What a machine's console shows: a double of journald, which forwards lines by their level (journald.conf(5), systemd.exec(5)). */
import { directives } from './boot';
import { fileOf } from './user-data-files';

const JOURNALD = '/etc/systemd/journald.conf.d/90-forge.conf';
const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];

/** The lines of a unit's log that reach the console. None of the units marks its lines with a level of their own. */
export function onConsole(userData: string, unit: string, log: string): string {
  const journald = fileOf(userData, JOURNALD).content;
  const [forward] = directives(journald, 'ForwardToConsole');
  const [most = 'info'] = directives(journald, 'MaxLevelConsole');
  const [level = 'info'] = directives(fileOf(userData, `/etc/systemd/system/${unit}`).content, 'SyslogLevel');
  return forward === 'yes' && LEVELS.indexOf(level) <= LEVELS.indexOf(most) ? log : '';
}

/** The terminal that the lines are written to. */
export function consoleOf(userData: string): string | undefined {
  return directives(fileOf(userData, JOURNALD).content, 'TTYPath')[0];
}

/** The least level that the console shows. */
export function consoleLevel(userData: string): string | undefined {
  return directives(fileOf(userData, JOURNALD).content, 'MaxLevelConsole')[0];
}
