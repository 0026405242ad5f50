/** `forge sandbox tour`: the guide's operations one after the other, on the sandbox that runs. */
import pc from 'picocolors';
import { CommandFailure } from '#clients/failure';
import type { SandboxFolder } from '#sandbox/place/folder';
import { ensureRealSandboxTools, ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';
import type { Operation } from '#sandbox/tour/operation';
import { OPERATIONS } from '#sandbox/tour/operations';
import { startTour, type Actor, type Tour } from '#sandbox/tour/tour';
import { runningSandbox } from '#sandbox/up';

/** Width of the longest name of an actor. */
const ACTOR_WIDTH = 12;

/** @param only numbers of the operations, from 1; all when empty */
export async function tour(folder: SandboxFolder, only: readonly number[]): Promise<void> {
  refuseUnknown(only);
  const sandbox = await runningSandbox(folder);
  const isReal = sandbox.settings.real !== undefined;
  const elsewhere = isReal ? 'processes' : 'containers';
  const chosen = OPERATIONS.map((operation, index) => ({ operation, number: index + 1 }))
    .filter(({ number }) => only.length === 0 || only.includes(number))
    .filter(({ operation }) => operation.on !== elsewhere);
  if (chosen.length === 0) {
    throw new CommandFailure(`These need ${isReal ? 'the quick' : 'the real'} sandbox (docs/sandbox.md).`);
  }
  const { kubectl } = await (isReal ? ensureRealSandboxTools : ensureSandboxTools)(() => undefined);
  const tell = (actor: Actor, line: string) => console.log(`   ${pc.cyan(actor.padEnd(ACTOR_WIDTH))} ${line}`);
  const tour = await startTour({ sandbox, kubectl, tell });
  const failed: number[] = [];
  try {
    for (const { operation, number } of chosen) {
      if (!(await performed(tour, operation, number))) failed.push(number);
    }
  } finally {
    tour.close();
  }
  if (failed.length > 0)
    throw new CommandFailure(`Not as promised: ${failed.join(', ')}. The log: npx forge sandbox logs`);
  console.log(
    pc.green(
      chosen.length === 1 ? 'It did what the guide promises.' : `All ${chosen.length} did what the guide promises.`,
    ),
  );
}

function refuseUnknown(only: readonly number[]): void {
  const unknown = only.filter((number) => number < 1 || number > OPERATIONS.length);
  if (unknown.length === 0) return;
  const which = `There is no operation ${unknown.join(', ')}: they are 1 to ${OPERATIONS.length}.`;
  throw new CommandFailure(which, { exitCode: 2 });
}

/** @returns false when the operation failed; Git is put back in any case */
async function performed(tour: Tour, operation: Operation, number: number): Promise<boolean> {
  const start = Date.now();
  console.log(pc.bold(`\n${number}. ${operation.title}`) + pc.dim(`  docs/${operation.page}`));
  let kept = true;
  try {
    await operation.run(tour);
  } catch (error) {
    kept = false;
    console.log(`   ${pc.red('failed'.padEnd(ACTOR_WIDTH))} ${(error as Error).message}`);
  }
  const commit = await tour.clone.restore();
  if (commit !== undefined) await tour.untilHealthy(commit);
  const seconds = Math.round((Date.now() - start) / 1000);
  console.log(pc.dim(`   ${commit === undefined ? '' : `everything is put back at ${commit}, `}${seconds} s in all`));
  return kept;
}
