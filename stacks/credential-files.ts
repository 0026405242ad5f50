import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '#config/environment';
import { writePrivateFile } from '#config/private-file';

/** AWS credentials file beside a synthesised stack; the S3 backend reads it, so no other variable names are needed. */
export const CREDENTIALS_FILE = 'spaces.credentials';
/** AWS settings file beside it: no secret. */
export const S3_SETTINGS_FILE = 'spaces.config';
/** Profile in both files. Naming one makes them win over AWS_* variables meant for something else. */
export const PROFILE = 'spaces';
/** Values of ephemeral Terraform variables; Terraform loads it by its name. */
export const VARIABLES_FILE = 'secrets.auto.tfvars.json';

// Spaces (Ceph) refuses aws-chunked bodies, which the SDK sends over TLS unless told so here.
const S3_SETTINGS = `[profile ${PROFILE}]
request_checksum_calculation = when_required
response_checksum_validation = when_required
`;

/**
 * Writes what Terraform needs from the environment beside each synthesised stack, readable by the owner only.
 * Absent values leave no file, so a plan without secrets finds none of an earlier deploy.
 */
export function writeCredentialFiles(outdir: string, environment: Environment): void {
  const stacks = join(outdir, 'stacks');
  for (const stack of readdirSync(stacks)) {
    const folder = join(stacks, stack);
    writeFileSync(join(folder, S3_SETTINGS_FILE), S3_SETTINGS);
    writeSecret(join(folder, CREDENTIALS_FILE), credentials(environment));
    writeSecret(join(folder, VARIABLES_FILE), variables(folder, environment));
  }
}

/** Of `cdktf diff` and `cdktf deploy`: every value in clear, secrets too, and of use only until the next. */
const PLAN_FILE = 'plan';

/** Removes what holds a secret beside the synthesised stacks: another synthesis writes it again. */
export function removeSecretFiles(outdir: string): void {
  const stacks = join(outdir, 'stacks');
  const folders = existsSync(stacks) ? readdirSync(stacks) : [];
  for (const stack of folders) {
    for (const file of [CREDENTIALS_FILE, VARIABLES_FILE, PLAN_FILE])
      rmSync(join(stacks, stack, file), { force: true });
  }
}

function credentials({ spacesCredentials }: Environment): string | undefined {
  if (spacesCredentials === undefined) return undefined;
  const { accessKeyId, secretAccessKey } = spacesCredentials;
  return `[${PROFILE}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
}

/** The values of those variables that the stack declares. */
function variables(folder: string, { secretValues }: Environment): string | undefined {
  const { variable = {} } = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')) as { variable?: object };
  const present = [...secretValues].filter(([name]) => name in variable);
  return present.length === 0 ? undefined : JSON.stringify(Object.fromEntries(present));
}

function writeSecret(file: string, content: string | undefined): void {
  if (content === undefined) rmSync(file, { force: true });
  else writePrivateFile(file, content);
}
