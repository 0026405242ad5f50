/** Fills the holes of a machine's configuration file. The result is a Terraform template. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fn, Token } from 'cdktf';

/** What stands for the holes: `@@NAME@@` takes one value, a line `# @@NAME@@` is replaced by lines, or by none. */
export interface Holes {
  readonly values: Readonly<Record<string, string>>;
  readonly lines?: Readonly<Record<string, readonly string[]>>;
}

const HOLE = /^([ ]*)# @@([A-Z_]+)@@\n|@@([^@\s]+)@@/gm;
const FILE_PREFIX = 'file:';
/** Quotes, backslashes, dollar signs, percent signs and line ends mean something to YAML, curl, systemd or Terraform. */
const UNSAFE = /["'\\$%\p{Cc}]/u;

/**
 * Reads a template from this folder and fills it. `@@file:NAME@@` takes another file of this folder, in base64.
 * A hole without a value, a value without a hole, and a value with a character that could break out of its place are
 * errors. Values that Terraform computes (CDKTF tokens) are taken as they are.
 */
export function fillTemplate(template: string, { values, lines = {} }: Holes): string {
  const unused = new Set([...Object.keys(values), ...Object.keys(lines)]);
  const take = <T>(holes: Readonly<Record<string, T>>, name: string): T => {
    unused.delete(name);
    const value = holes[name];
    if (value === undefined) throw new Error(`${template} has a hole @@${name}@@ that nothing fills`);
    return value;
  };
  const fill = (hole: string, indent: string, block: string | undefined): string => {
    if (block !== undefined) return indented(indent, take(lines, block));
    const name = hole.slice(2, -2);
    if (name.startsWith(FILE_PREFIX)) return read(name.slice(FILE_PREFIX.length)).toString('base64');
    return safe(`${template}, @@${name}@@`, take(values, name));
  };
  const text = escapeForTerraform(read(template).toString()).replace(HOLE, fill);
  if (unused.size > 0) throw new Error(`${template} has no hole for ${[...unused].join(', ')}`);
  return text;
}

/** A value in double quotes, for YAML. Throws like `fillTemplate`. */
export function quoted(what: string, value: string): string {
  return `"${safe(what, value)}"`;
}

/** Base64 of the exact bytes of a text, now or in Terraform. */
export function base64(text: string): string {
  return Token.isUnresolved(text) ? Fn.base64encode(text) : Buffer.from(text).toString('base64');
}

function read(file: string): Buffer {
  return readFileSync(join(__dirname, file));
}

function indented(indent: string, lines: readonly string[]): string {
  return lines.map((line) => `${indent}${line}\n`).join('');
}

function escapeForTerraform(text: string): string {
  return text.replace(/[$%](?=\{)/g, (sign) => sign + sign);
}

/** Never shows the value: it may be a secret. */
function safe(what: string, value: string): string {
  if (Token.isUnresolved(value)) return value;
  if (value === '') throw new Error(`user data: the value for ${what} is empty`);
  const unsafe = UNSAFE.exec(value)?.[0];
  if (unsafe === undefined) return value;
  throw new Error(`user data: the value for ${what} holds ${JSON.stringify(unsafe)}, which cannot stand there`);
}
