/** The manifests of a folder without a tool, as Argo CD's repo-server finds them. */
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { isManifestFile, manifestDocuments } from '../../manifests/documents';
import type { DirectoryOptions } from '../application';
import type { FoundObject, Place } from './source';

/** With it anywhere in its text, a file is not read. */
const SKIP_MARKER = '+argocd:skip-file-rendering';
/** The repo-server's own limit on all files of a folder (reposerver.max.combined.directory.manifests.size). */
const LARGEST = 10 * 1024 * 1024;
const GLOB_TIME_MS = 1000;

/** @throws CommandFailure or Error where Argo CD would refuse the folder, or for Jsonnet */
export function directoryObjects({ tree, path }: Place, options: DirectoryOptions): FoundObject[] {
  const folder = join(tree.folder, path);
  const found: FoundObject[] = [];
  let size = 0;
  for (const name of namesIn(folder, options.recurse === true)) {
    const file = join(path, name);
    const text = textOf(join(folder, name), file);
    if (text === undefined || isLeftOut(name, text, options)) continue;
    if (name.endsWith('.jsonnet')) throw new Error(`${file} is Jsonnet, which is not rendered here: write it as YAML`);
    size += text.length;
    if (size > LARGEST) throw new Error(`${path} has more than 10 MiB of manifests, which Argo CD refuses`);
    found.push(...manifestDocuments(file, text).map((document) => ({ document, file })));
  }
  return found;
}

/** Folders behind links are not looked into. */
function namesIn(folder: string, recurse: boolean, prefix = ''): string[] {
  if (!lstatSync(folder).isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      if (!entry.isDirectory()) return [prefix + entry.name];
      return recurse ? namesIn(join(folder, entry.name), true, `${prefix}${entry.name}/`) : [];
    });
}

/** Undefined for what is no manifest by its name, and for a link to what is no file. */
function textOf(place: string, file: string): string | undefined {
  if (!isManifestFile(file) && !file.endsWith('.jsonnet')) return undefined;
  try {
    const real = realpathSync(place);
    return statSync(real).isFile() ? readFileSync(real, 'utf8') : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} is a link that leads into itself, and Argo CD refuses its layer. Make it a file`, {
      cause: error,
    });
  }
}

/** @param name from the source's folder */
function isLeftOut(name: string, text: string, { include, exclude }: DirectoryOptions): boolean {
  if (exclude && matches(exclude, name)) return true;
  if (include && !matches(include, name)) return true;
  return text.includes(SKIP_MARKER);
}

/** Argo CD's globs: a star also stands for slashes; a pattern that cannot be read matches nothing. */
function matches(pattern: string, name: string): boolean {
  let depth = 0;
  const parts = pattern.match(/\\.|\[!?[^\]]*\]|\*+|[^]/gu) ?? [];
  const expression = parts.map((part) => {
    if (part.startsWith('*')) return '.*';
    if (part === '?') return '.';
    if (part.startsWith('[') && part.length > 1) return part.replace(/^\[!/, '[^');
    if (part === '{') return (depth++, '(?:');
    if (part === '}' && depth > 0) return (depth--, ')');
    if (part === ',' && depth > 0) return '|';
    return (part.startsWith('\\') ? part.slice(1) : part).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return isMatch(expression.join(''), name, pattern);
}

/** In a context of its own only because the time of a match can be limited there: stars upon stars take for ever. */
function isMatch(expression: string, name: string, pattern: string): boolean {
  try {
    const found: unknown = runInNewContext(
      'new RegExp(`^${expression}$`, "su").test(name)',
      { expression, name },
      { timeout: GLOB_TIME_MS },
    );
    return found === true;
  } catch (error) {
    if ((error as Error).name === 'SyntaxError') return false;
    throw new Error(`the glob ${pattern} takes too long`, { cause: error });
  }
}
