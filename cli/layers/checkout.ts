/** The repository as it is at a commit, and as the working tree would be committed, each as files in a folder of its own. */
import { copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join as joined } from 'node:path';
import { dirname, isAbsolute, join, normalize, relative } from 'node:path/posix';
import { parse } from 'yaml';
import { CommandFailure } from '#clients/failure';
import { runProgram } from '#clients/program';

export interface Tree {
  /** Absolute. */
  readonly folder: string;
  /** Paths of what Git keeps elsewhere: their folders are empty. */
  readonly submodules: readonly string[];
  /** `owner/name`, of its forge.yaml. Without one, every repository is taken for this one. */
  readonly repository: string | undefined;
  /** The branch that Argo CD follows. */
  readonly revision: string | undefined;
  /** Of Kubernetes, without the part after the plus. */
  readonly kubeVersion: string | undefined;
}

export interface Checkout {
  /** A Git working tree. */
  readonly folder: string;
  /** Absolute path of forge.yaml. */
  readonly configFile: string;
  /** Private, and empty: gets everything that is written. */
  readonly scratch: string;
}

/** More is no repository of manifests, and would fill the disk twice. */
const LARGEST_TREE = 512 * 1024 * 1024;
/** Nothing that a repository says makes Git start another program. */
const NO_PROGRAMS = [
  'core.fsmonitor=',
  'core.hooksPath=/dev/null',
  'filter.lfs.clean=',
  'filter.lfs.smudge=',
  'filter.lfs.process=',
];
const CONFIG = [...NO_PROGRAMS, 'filter.lfs.required=false', 'core.symlinks=true'].flatMap((set) => ['-c', set]);

/**
 * @param commit of the checkout; undefined for what Git tracks or would add, as it is on the disk
 * @throws CommandFailure when Argo CD would refuse the whole repository
 */
export async function treeAt(checkout: Checkout, commit: string | undefined): Promise<Tree> {
  const place = joined(checkout.scratch, commit === undefined ? 'change' : 'base');
  const folder = joined(place, 'files');
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, GIT_INDEX_FILE: joined(place, 'index'), GIT_LFS_SKIP_SMUDGE: '1' };
  const git = (args: readonly string[], more?: NodeJS.ProcessEnv) =>
    gitIn(checkout.folder, [...CONFIG, ...args], { ...env, ...more });
  const [tree, objects] = commit === undefined ? await added(checkout, place, git) : [commit, {}];
  const submodules = checkListing(await git(['ls-tree', '-r', '-l', '-z', '--full-tree', tree], objects));
  await git(['read-tree', tree], objects);
  await git(['checkout-index', '--all', `--prefix=${folder}/`], objects);
  checkLinks(folder);
  const config = relative(checkout.folder, checkout.configFile);
  return { folder, submodules, ...settingsIn(config.startsWith('..') ? checkout.configFile : joined(folder, config)) };
}

type Git = (args: readonly string[], env?: NodeJS.ProcessEnv) => Promise<string>;

/** The tree that a commit of everything would have. Its objects are kept outside of the repository. */
async function added({ folder }: Checkout, place: string, git: Git): Promise<[tree: string, env: NodeJS.ProcessEnv]> {
  const path = async (name: string) => joined(folder, (await git(['rev-parse', '--git-path', name])).trim());
  const objects = joined(place, 'objects');
  mkdirSync(objects);
  const env = { GIT_OBJECT_DIRECTORY: objects, GIT_ALTERNATE_OBJECT_DIRECTORIES: await path('objects') };
  const index = await path('index');
  if (existsSync(index)) copyFileSync(index, joined(place, 'index'));
  await git(['add', '--all', '--', '.'], env);
  return [(await git(['write-tree'], env)).trim(), env];
}

/** @returns the paths of submodules */
function checkListing(listing: string): string[] {
  const entries = listing.split('\0').filter((entry) => entry !== '');
  const size = entries.reduce((total, entry) => total + (Number(/^\S+ \S+ \S+ +(\d+)/.exec(entry)?.[1]) || 0), 0);
  if (size > LARGEST_TREE) throw new CommandFailure(`The repository has ${size} bytes of files: too many to look at.`);
  return entries.filter((entry) => entry.startsWith('160000 ')).map((entry) => entry.slice(entry.indexOf('\t') + 1));
}

/** Argo CD reads nothing of a repository in which a link is absolute or leads out of it on any of its steps. */
function checkLinks(root: string): void {
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) continue;
    const path = relative(root, join(entry.parentPath, entry.name));
    const target = readlinkSync(join(root, path));
    if (isAbsolute(target) || leadsOut(dirname(path), target)) {
      throw new CommandFailure(
        `${path} is a link that leads out of the repository, and Argo CD refuses the whole repository for it. Make it a file.`,
      );
    }
  }
}

function leadsOut(folder: string, target: string): boolean {
  const steps = target.split('/');
  return steps.some((_, count) => /^\.\.(\/|$)/.test(normalize(join(folder, ...steps.slice(0, count + 1)))));
}

function settingsIn(file: string): Pick<Tree, 'repository' | 'revision' | 'kubeVersion'> {
  const text = lstatSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, 'utf8') : '';
  try {
    const { repository, revision, kubernetes } = (parse(text) ?? {}) as Record<string, unknown>;
    const version = (kubernetes as { version?: unknown } | undefined)?.version;
    return {
      repository: textOf(repository)?.toLowerCase(),
      revision: textOf(revision),
      kubeVersion: textOf(version)?.replace(/\+.*/, ''),
    };
  } catch {
    throw new CommandFailure(`forge.yaml of one of the two revisions is not valid YAML.`);
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * The commit to compare with: where the checkout's branch left `revision`, so that what came to it later does not look removed.
 * Without a common ancestor, as in a shallow clone, the revision itself. Throws a CommandFailure when Git does not know it.
 */
export async function comparisonPoint(checkout: string, revision: string): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const commit = await gitIn(checkout, args).catch((cause: unknown) => {
    throw new CommandFailure(
      `Git does not know the revision ${revision}. Fetch it first: git fetch origin (in a workflow: fetch-depth: 0)`,
      { exitCode: 2, cause },
    );
  });
  const base = await gitIn(checkout, ['merge-base', commit.trim(), 'HEAD']).catch(() => commit);
  return base.trim();
}

async function gitIn(checkout: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
  const { code, stdout, stderr } = await runProgram('git', ['-C', checkout, ...args], env && { env });
  if (code === 0) return stdout;
  throw new CommandFailure(`git ${args.join(' ')} failed in ${checkout}: ${stderr.trim() || `exit code ${code}`}`);
}
