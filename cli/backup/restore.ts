/** A restore is a change in Git like every other: the annotation forge/restore of the app's pods. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from '#clients/failure';
import { confirmByName } from '../output/confirm';
import type { Terminal } from '../output/terminal';

export const RESTORABLE = ['gitea', 'jenkins'] as const;

export interface RestoreRequest {
  readonly app: string;
  readonly at?: string;
  readonly into?: string;
  readonly confirm?: string;
}

const ANNOTATION = /^( +forge\/restore: ).*$/m;
const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?$/;
const NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;

const REPLACED: Readonly<Record<string, string>> = {
  gitea: 'the database and all repositories of Gitea',
  jenkins: 'the homes of all Jenkins, with their jobs and settings',
};

/** Writes the request into the manifest. @throws CommandFailure with exit code 2 for a request that nobody could fulfil */
export async function requestRestore(terminal: Terminal, checkout: string, request: RestoreRequest): Promise<void> {
  const { app, at, into } = request;
  check(request);
  const file = `k8s/03-apps/${app}.yaml`;
  const text = readManifest(join(checkout, file));
  if (into === undefined) {
    await confirmByName(
      terminal,
      app,
      `This replaces ${REPLACED[app]}; what is there now is saved first.`,
      request.confirm,
    );
  }
  const time = at ?? new Date().toISOString().slice(0, 16);
  const wanted = into === undefined ? time : `${time} into ${into}`;
  writeFileSync(join(checkout, file), text.replace(ANNOTATION, `$1'${wanted}'`));
  terminal.write(
    `${file} asks for the newest backup that is not younger than ${time} (UTC).\n` +
      `Next: git commit -am "Restore ${app}" && git push, then npx forge wait. The log of the step \`restore\` of its pod says what happens.\n`,
  );
}

function check({ app, at, into }: RestoreRequest): void {
  const wrong = (message: string) => new CommandFailure(message, { exitCode: 2 });
  if (!RESTORABLE.some((one) => one === app))
    throw wrong(`There are backups of ${RESTORABLE.join(' and ')}, not of ${JSON.stringify(app)}.`);
  if (at !== undefined && (!TIME.test(at) || Number.isNaN(Date.parse(at)))) {
    throw wrong(`--at ${JSON.stringify(at)} is no time such as 2026-11-24 or 2026-11-24T02:17.`);
  }
  if (into !== undefined && !NAME.test(into)) {
    throw wrong(`--into ${JSON.stringify(into)} is no name: up to 32 lower-case letters, digits and inner dashes.`);
  }
}

function readManifest(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CommandFailure(`${file} cannot be read. Run this in the checkout of your forge.`, { cause });
  }
  if (!ANNOTATION.test(text)) {
    throw new CommandFailure(
      `${file} has no annotation forge/restore on its pods: this version of it cannot be restored.`,
    );
  }
  return text;
}
