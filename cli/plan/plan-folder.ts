/** The folder that `forge plan run` fills, and everything else about plans reads. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { CommandFailure } from '#clients/failure';
import { writePrivateFile } from '#config/private-file';
import { STACKS, type StackName } from '#stacks/stack-names';
import { parseReviewed, type ReviewedPlans } from './reviewed';

/** What `<stack>.meta.json` says of a stack. */
export interface PlanMeta {
  /** False: planned from the state, because the Kubernetes API is closed. */
  readonly refreshed: boolean;
  /** The stack that must be deployed before this one can be planned: there is no plan. */
  readonly waitingFor?: StackName;
}

/** Addresses and actions of all plans. */
export const REVIEWED_FILE = 'reviewed.json';
const WORK_FOLDER = '.plan-';

const planMeta = z.object({ refreshed: z.boolean(), waitingFor: z.enum(STACKS).optional() });

/** Makes a folder that only its owner can enter, without the files of an earlier run: they would be taken for this one's. */
export function emptyPlanFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const names = STACKS.flatMap((stack) => ['json', 'meta.json', 'log'].map((ending) => `${stack}.${ending}`));
  const interrupted = readdirSync(folder).filter((name) => name.startsWith(WORK_FOLDER));
  for (const name of [...names, REVIEWED_FILE, ...interrupted])
    rmSync(join(folder, name), { recursive: true, force: true });
}

/** Does something with a folder that only the owner can enter, and removes it. */
export async function withWorkFolder<T>(folder: string, work: (path: string) => Promise<T>): Promise<T> {
  // Terraform runs in another folder.
  const path = mkdtempSync(resolve(folder, WORK_FOLDER));
  try {
    return await work(path);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

/** Writes a file that only its owner can read: plans hold secrets in clear, and logs may. */
export function writePrivate(folder: string, name: string, content: string | object): void {
  const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
  writePrivateFile(join(folder, name), text);
}

/**
 * Stops where there is nothing about any stack.
 *
 * @throws an error with exitCode 1 and how to make plans
 */
export function requirePlans(plans: string, errors: string): void {
  const files = STACKS.flatMap((stack) => [
    join(plans, `${stack}.json`),
    join(plans, `${stack}.meta.json`),
    join(errors, `${stack}.log`),
  ]);
  if (files.some(isFile)) return;
  throw new CommandFailure(`${plans} holds no plans. Make them: npx forge plan run --out ${plans}`);
}

/**
 * Addresses and actions.
 *
 * @param place the folder, or its reviewed.json under any name
 */
export function readPlans(place: string): ReviewedPlans {
  const isFolder = statSync(place, { throwIfNoEntry: false })?.isDirectory();
  const file = isFolder ? join(place, REVIEWED_FILE) : place;
  if (isFile(file)) return parseReviewed(readFileSync(file, 'utf8'), file);
  throw new CommandFailure(`There is no ${file}: \`npx forge plan run\` writes it when it gets to its end.`);
}

/** Undefined for a stack that was not asked for. */
export function readMeta(folder: string, stack: StackName): PlanMeta | undefined {
  const file = join(folder, `${stack}.meta.json`);
  if (!isFile(file)) return undefined;
  const { refreshed, waitingFor } = planMeta.parse(JSON.parse(readFileSync(file, 'utf8')));
  return { refreshed, ...(waitingFor && { waitingFor }) };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
