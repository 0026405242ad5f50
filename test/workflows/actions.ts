/** What the runner does in the place of an action. No code of an action runs; one that is not listed is refused. */
import { cpSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';

export interface ActionCall {
  readonly inputs: Readonly<Record<string, string>>;
  readonly workspace: string;
  /** One folder per artifact, shared by all runs. */
  readonly artifacts: string;
}

/** Throws when the action would fail; the result is what its log would say. */
export type Action = (call: ActionCall) => string;

/** The workspace is a checkout with its packages, and the tools are installed: nothing to prepare. */
const prepared: Action = () => 'nothing to do here';

const ACTIONS: Readonly<Record<string, Action>> = {
  './.github/actions/prepare': prepared,
  'actions/checkout': prepared,
  'actions/setup-node': prepared,
  'hashicorp/setup-terraform': prepared,
  'actions/upload-artifact': uploadArtifact,
  'actions/download-artifact': downloadArtifact,
};

/** @param uses as in the workflow, with its version. Throws for an action that the runner does not know. */
export function actionFor(uses: string): Action {
  const action = ACTIONS[uses.replace(/@.*/, '')];
  if (action === undefined) throw new Error(`The runner does not know the action ${uses}.`);
  return action;
}

/** Keeps the paths below their nearest common folder, as the action does. */
function uploadArtifact({ inputs, workspace, artifacts }: ActionCall): string {
  const name = inputs['name'] ?? 'artifact';
  const wanted = (inputs['path'] ?? '').split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  const paths = wanted.map((path) => resolve(workspace, path));
  const found = paths.filter((path) => existsSync(path));
  if (found.length === 0) {
    const text = `No files were found with the provided path: ${wanted.join(', ')}`;
    if (inputs['if-no-files-found'] === 'error') throw new Error(text);
    return text;
  }
  const target = join(artifacts, name);
  if (existsSync(target)) throw new Error(`An artifact with the name ${name} is there already.`);
  // A folder that is named alone is the artifact itself.
  const top = wanted.length === 1 && statSync(paths[0]!).isDirectory() ? paths[0]! : commonFolder(paths);
  mkdirSync(target, { recursive: true, mode: 0o700 });
  for (const path of found) cpSync(path, join(target, relative(top, path) || '.'), { recursive: true });
  return `uploaded ${found.map((path) => basename(path)).join(', ')}`;
}

function downloadArtifact({ inputs, workspace, artifacts }: ActionCall): string {
  const name = inputs['name'] ?? '';
  const source = join(artifacts, name);
  if (name === '' || !existsSync(source)) throw new Error(`Artifact not found for name: ${name}`);
  const target = resolve(workspace, inputs['path'] ?? '.');
  if (isAbsolute(relative(workspace, target)) || relative(workspace, target).startsWith('..')) {
    throw new Error(`The artifact ${name} would be written outside of the workspace, to ${target}.`);
  }
  cpSync(source, target, { recursive: true });
  return `downloaded ${readdirSync(source).join(', ')}`;
}

function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0]!);
  while (!paths.every((path) => path.startsWith(`${folder}/`))) folder = dirname(folder);
  return folder;
}
