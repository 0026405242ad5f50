/** `npm run bench`: measures the project's targets and how things grow, and writes docs/performance.md. */
import { execFileSync } from 'node:child_process';
import { Command } from 'commander';
import { join } from 'node:path';
import type { Measurement, Results } from './measurement';
import { MEASUREMENTS } from './measurements';
import { ROOT } from './processes';
import { describeFigures } from './report/figure-table';
import { describeMachine } from './report/machine';
import { writeReport } from './report/report';
import { runMeasurements } from './run';

const WRONG_USE = 2;

export function benchCommand(): Command {
  const list = MEASUREMENTS.map(({ name, summary }) => `  ${name.padEnd(15)} ${summary}`).join('\n');
  return new Command('bench')
    .description(
      'Measure the targets of the project and how things grow, each several times. All of it takes up to 20 minutes on 2 cores and\n' +
        'writes docs/performance.md; single measurements only print their figures. A missed target is told, and is no failure; exit code 1 means\nthat something could not be measured.',
    )
    .argument('[names...]', 'measurements; all when there is none')
    .option('--json', 'print the figures as JSON; nothing is written')
    .addHelpText('after', `\nMeasurements:\n${list}\n\nExample:\n  $ npm run bench -- synth state-commands`)
    .action(async (names: string[], { json }: { json?: boolean }) => {
      const chosen = chosenMeasurements(names);
      const start = Date.now();
      const results = await runMeasurements(chosen, (line) => void process.stderr.write(`${line}\n`));
      const seconds = (Date.now() - start) / 1000;
      if (json) process.stdout.write(`${JSON.stringify({ machine: describeMachine(), ...results }, null, 2)}\n`);
      else process.stdout.write(describeFigures(results));
      if (!json && names.length === 0) finish(results, seconds);
      if (results.failures.length > 0) process.exitCode = 1;
    });
}

/** @throws an error with exit code 2 for a name that is none */
export function chosenMeasurements(names: readonly string[]): readonly Measurement[] {
  const known = new Map(MEASUREMENTS.map((measurement) => [measurement.name, measurement]));
  for (const name of names) {
    if (known.has(name)) continue;
    const message = `There is no measurement ${JSON.stringify(name)}. There are: ${[...known.keys()].join(', ')}`;
    throw Object.assign(new Error(message), { exitCode: WRONG_USE });
  }
  return names.length === 0 ? MEASUREMENTS : MEASUREMENTS.filter(({ name }) => names.includes(name));
}

function finish(results: Results, seconds: number): void {
  const file = writeReport(join(ROOT, 'docs'), results, seconds);
  execFileSync(process.execPath, [
    join(ROOT, 'node_modules/prettier/bin/prettier.cjs'),
    '--log-level',
    'warn',
    '--write',
    file,
  ]);
  process.stderr.write(`Written: ${file}\n`);
}

if (require.main === module) {
  benchCommand()
    .parseAsync()
    .catch((error: Error & { exitCode?: number }) => {
      process.stderr.write(`${error.exitCode === undefined ? String(error.stack) : error.message}\n`);
      process.exitCode = error.exitCode ?? 1;
    });
}
