/** Reads user data the way cloud-init does. */
import { parse } from 'yaml';

export interface WrittenFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

interface CloudConfigFile {
  path: string;
  content: string;
  encoding?: string;
  permissions?: string;
}

export function cloudConfig(userData: string): Record<string, unknown> {
  return parse(userData) as Record<string, unknown>;
}

/** The files that cloud-init would write. Its default permissions are 0644. */
export function filesOf(userData: string): WrittenFile[] {
  const files = cloudConfig(userData).write_files as CloudConfigFile[];
  return files.map(({ path, content, encoding, permissions = '0644' }) => ({
    path,
    content: encoding === 'b64' ? Buffer.from(content, 'base64').toString() : content,
    mode: Number.parseInt(permissions, 8),
  }));
}

export function fileOf(userData: string, path: string): WrittenFile {
  const file = filesOf(userData).find((candidate) => candidate.path === path);
  if (file === undefined) throw new Error(`the user data does not write ${path}`);
  return file;
}
