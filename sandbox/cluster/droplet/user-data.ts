/** Reads a droplet's user data as cloud-init would, but refuses what cloud-init would only warn about. */
import { gunzipSync } from 'node:zlib';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { BootFailure } from '../boot-failure';

/** A file that the user data puts on the machine's disk. */
export interface WrittenFile {
  /** Absolute. */
  readonly path: string;
  readonly content: Buffer;
  /** Permission bits, for example 0o644. */
  readonly mode: number;
}

export interface UserData {
  readonly files: readonly WrittenFile[];
  /** `runcmd`: lists of words, or a line for the shell. */
  readonly commands: readonly (string | readonly string[])[];
}

const HEADER = '#cloud-config';
/** DigitalOcean's limit. Source: its documentation, "Provide user data". */
const MAX_BYTES = 64 * 1024;
const DEFAULT_MODE = 0o644;
const PLAIN = 'text/plain';
/** Source: cloud-init's documentation of the module write_files. */
const BASE64 = ['b64', 'base64'];
const GZIP_BASE64 = ['gz+b64', 'gzip+b64', 'gz+base64', 'gzip+base64'];

/** Top-level keys of cloud-init's modules. It passes over others without a word, so a typing error would stay unseen. */
const OTHER_MODULES = `
  apt ca_certs chpasswd disable_root disk_setup final_message fqdn fs_setup groups growpart hostname keyboard
  locale manage_etc_hosts merge_how mounts no_ssh_fingerprints ntp output package_reboot_if_required
  package_update package_upgrade packages password power_state prefer_fqdn_over_hostname preserve_hostname
  resize_rootfs resolv_conf rsyslog snap ssh ssh_authorized_keys ssh_deletekeys ssh_genkeytypes ssh_import_id
  ssh_keys ssh_pwauth swap system_info timezone users vendor_data`
  .trim()
  .split(/\s+/);

const command = z.union([z.string(), z.array(z.union([z.string(), z.number().transform(String)])).min(1)]);
const writtenFile = z.strictObject({
  path: z.string().startsWith('/', 'must be an absolute path'),
  content: z.string().default(''),
  encoding: z.enum([PLAIN, ...BASE64, ...GZIP_BASE64]).default(PLAIN),
  permissions: z.union([z.string().regex(/^[0-7]{3,5}$/, 'must be octal digits'), z.int()]).default(DEFAULT_MODE),
  owner: z.string().optional(),
  append: z.literal(false, 'is not emulated').optional(),
  defer: z.boolean().optional(),
});
const cloudConfig = z.strictObject({
  write_files: z.array(writtenFile).default([]),
  runcmd: z.array(command).default([]),
  bootcmd: z.array(command).default([]),
  ...Object.fromEntries(OTHER_MODULES.map((key) => [key, z.unknown().optional()])),
});

/** @throws BootFailure saying what is wrong and where */
export function parseUserData(text: string): UserData {
  if (text.trim() === '') throw new BootFailure('The droplet has no user data, so nothing was installed on it.');
  if (Buffer.byteLength(text) > MAX_BYTES) throw new BootFailure('The user data has more than 64 KiB.');
  if (!new RegExp(`^${HEADER}\\s`).test(text)) {
    throw new BootFailure(`The user data does not start with ${HEADER}: cloud-init would not read it.`);
  }
  const config = cloudConfig.safeParse(parseYaml(text));
  if (!config.success) throw new BootFailure(`The user data is wrong: ${describe(config.error)}.`);
  const files = config.data.write_files.map(decodeFile);
  refuseDuplicates(files);
  return { files, commands: config.data.runcmd };
}

/** cloud-init reads YAML 1.1, where 0644 is octal and `yes` is true. */
function parseYaml(text: string): unknown {
  const document = parseDocument(text, { version: '1.1' });
  const error = document.errors[0];
  if (error === undefined) return document.toJS() ?? {};
  const line = error.linePos?.[0].line;
  throw new BootFailure(`The user data is not YAML, line ${line ?? '?'}: ${error.message.split('\n', 1)[0]}`);
}

function describe(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'the document'}: ${message}`).join('; ');
}

function decodeFile({ path, content, encoding, permissions }: z.infer<typeof writtenFile>): WrittenFile {
  const mode = typeof permissions === 'number' ? permissions : parseInt(permissions, 8);
  if (encoding === PLAIN) return { path, mode, content: Buffer.from(content) };
  const bytes = decodeBase64(path, content);
  return { path, mode, content: GZIP_BASE64.includes(encoding) ? decompress(path, bytes) : bytes };
}

function decodeBase64(path: string, content: string): Buffer {
  const characters = content.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(characters) || characters.length % 4 !== 0) {
    throw new BootFailure(`The user data is wrong: the content of ${path} is not base64.`);
  }
  return Buffer.from(characters, 'base64');
}

function decompress(path: string, bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes);
  } catch {
    throw new BootFailure(`The user data is wrong: the content of ${path} is not gzip.`);
  }
}

function refuseDuplicates(files: readonly WrittenFile[]): void {
  const paths = files.map(({ path }) => path);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) throw new BootFailure(`The user data is wrong: it writes ${twice} twice.`);
}
