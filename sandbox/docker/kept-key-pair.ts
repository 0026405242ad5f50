/** The certificate of the servers that machines find under the names of vendors. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '#config/private-file';
import { selfSigned, type KeyPair } from '../controllers/self-signed-certificate';

/** The same at every start: machines that are on trust it already. */
export async function keptKeyPair(folder: string, names: readonly string[]): Promise<KeyPair> {
  const [certificate, key] = [join(folder, 'authority.crt'), join(folder, 'authority.key')];
  if (!existsSync(key)) {
    const made = await selfSigned(names);
    writeFileSync(certificate, made.certificate);
    writePrivateFile(key, made.key);
  }
  return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
}
