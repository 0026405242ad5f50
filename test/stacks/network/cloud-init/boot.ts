/** Starts the units that the user data writes, in the order and under the conditions that they state. */
import type { Machine, Run } from './machine';

const UNITS = '/etc/systemd/system';

/** All values of a directive, in the order of the unit file. */
export function directives(unit: string, name: string): string[] {
  return unit
    .split('\n')
    .filter((line) => line.startsWith(`${name}=`))
    .map((line) => line.slice(name.length + 1));
}

/** One boot: every unit is tried once. The code is that of the first unit that failed; the log is of all. */
export async function boot(machine: Machine, service: 'k3s.service' | 'k3s-agent.service'): Promise<Run> {
  const failures = new Map<string, Run>();
  let log = '';
  for (const name of ['forge-metadata-cutoff.service', 'forge-bootstrap.service', service]) {
    const unit = machine.read(`${UNITS}/${name}`);
    if (directives(unit, 'Requires').some((required) => failures.has(required))) continue;
    if (!directives(unit, 'ConditionPathExists').every((path) => isMet(machine, path))) continue;
    const run = await startUnit(machine, unit);
    log += run.log;
    if (run.code !== 0) failures.set(name, run);
  }
  const [failure] = failures.values();
  return { code: failure === undefined ? 0 : failure.code, log };
}

async function startUnit(machine: Machine, unit: string): Promise<Run> {
  let log = '';
  for (const folder of directives(unit, 'StateDirectory')) machine.makeFolder(`/var/lib/${folder}`);
  for (const command of directives(unit, 'ExecStart')) {
    // All disks of the machine that runs the test would be meant.
    if (command === '/usr/bin/sync') continue;
    const run = await machine.run(command.replace(/ \/var\//g, ` ${machine.root}/var/`));
    log += run.log;
    if (run.code !== 0) return { code: run.code, log };
  }
  return { code: 0, log };
}

function isMet(machine: Machine, condition: string): boolean {
  return condition.startsWith('!') ? !machine.has(condition.slice(1)) : machine.has(condition);
}
