/**
 * Has Terraform end in order when CDKTF is interrupted. CDKTF tells it to stop, and hangs up on it a moment later: what is being
 * made then would be in no state, and the lock would stay.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, signal } from './other-process';
import { until } from './until';

/** Terraform that survives it, and notes that it runs. */
const TERRAFORM = join(__dirname, 'terraform.sh');
const POLL_MS = 100;

export interface Ending {
  readonly notify: (line: string) => void;
  /** Milliseconds that Terraform has to end. Default: as long as it takes, or until another Ctrl-C. */
  readonly patience?: number;
}

/**
 * @param work runs CDKTF; is given what its environment needs besides
 * @returns what `work` returns, when no Terraform that it started is left
 */
export async function untilTerraformEnds<T>(
  work: (env: NodeJS.ProcessEnv) => Promise<T>,
  { notify, patience = Infinity }: Ending,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'forge-terraform-'));
  const running = () => readdirSync(folder).map(Number).filter(isAlive);
  try {
    return await work({ TERRAFORM_BINARY_NAME: TERRAFORM, FORGE_TERRAFORM_RUNS: folder });
  } finally {
    if (running().length > 0) {
      notify(
        'Terraform finishes what it has begun, and writes it down. Ctrl-C again ends it at once: that may be lost then.\n',
      );
      await ended(running, patience);
    }
    rmSync(folder, { recursive: true });
  }
}

async function ended(running: () => number[], patience: number): Promise<void> {
  // Told a second time, it drops everything.
  const insist = () => running().forEach((pid) => signal(pid, 'SIGINT'));
  const isOver = () => running().length === 0;
  process.on('SIGINT', insist);
  try {
    await until(isOver, { every: POLL_MS, limit: patience, what: 'the end of Terraform' }).catch(insist);
    await until(isOver, { every: POLL_MS, what: 'the end of Terraform' });
  } finally {
    process.off('SIGINT', insist);
  }
}
