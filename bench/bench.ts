/** `npm run bench`: measures the project's targets, and writes docs/performance.md. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { join } from 'node:path';
import { figureTable } from './figures';
import { describeMachine } from './machine';
import type { Measurement, Results } from './measurement';
import { cloud } from './measurements/cloud';
import { help } from './measurements/help';
import { planComment } from './measurements/plan-comment';
import { replicas } from './measurements/replicas';
import { sandboxStart } from './measurements/sandbox-start';
import { stateCommands } from './measurements/state-commands';
import { synth } from './measurements/synth';
import { typeCheck } from './measurements/type-check';
import { unitTests } from './measurements/unit-tests';
import { pageText } from './page';
import { ROOT } from './processes';
import { runMeasurements } from './run';

const WRONG_USE = 2;
const PAGE = join(ROOT, 'docs/performance.md');
/** In the order in which they run: those that need no sandbox first, the ones that share a sandbox last. */
const MEASUREMENTS: readonly Measurement[] = [
  synth,
  help,
  typeCheck,
  unitTests,
  planComment,
  cloud,
  sandboxStart,
  replicas,
  stateCommands,
];

export function benchCommand(): Command {
  const list = MEASUREMENTS.map(({ name, summary }) => `  ${name.padEnd(15)} ${summary}`).join('\n');
  return new Command('bench')
    .description(
      'Measure the targets of the project, each several times. All of it takes up to 15 minutes on 2 cores and writes\n' +
        'docs/performance.md; single measurements only print their figures. A missed target is told, and is no failure;\n' +
        'exit code 1 means that something could not be measured.',
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
      else process.stdout.write(`${figureTable(results.figures)}\n`);
      if (!json && names.length === 0) writePage(results, seconds);
      if (results.failures.length > 0) process.exitCode = 1;
    });
}

/** @throws an error with exit code 2 for a name that is none */
function chosenMeasurements(names: readonly string[]): readonly Measurement[] {
  const known = MEASUREMENTS.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const message = `There is no measurement ${JSON.stringify(unknown)}. There are: ${known.join(', ')}`;
    throw Object.assign(new Error(message), { exitCode: WRONG_USE });
  }
  return names.length === 0 ? MEASUREMENTS : MEASUREMENTS.filter(({ name }) => names.includes(name));
}

function writePage(results: Results, seconds: number): void {
  const remarks = readFileSync(join(__dirname, 'remarks.md'), 'utf8');
  writeFileSync(PAGE, pageText({ results, machine: describeMachine(), date: new Date(), seconds, remarks }));
  const prettier = join(ROOT, 'node_modules/prettier/bin/prettier.cjs');
  execFileSync(process.execPath, [prettier, '--log-level', 'warn', '--write', PAGE]);
  process.stderr.write(`Written: ${PAGE}\n`);
}

if (require.main === module) {
  benchCommand()
    .parseAsync()
    .catch((error: Error & { exitCode?: number }) => {
      process.stderr.write(`${error.exitCode === undefined ? String(error.stack) : error.message}\n`);
      process.exitCode = error.exitCode ?? 1;
    });
}
