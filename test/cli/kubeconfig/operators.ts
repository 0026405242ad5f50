/** People in a sample forge.yaml. */
import { readFileSync, writeFileSync } from 'node:fs';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { parseDocument } from 'yaml';
import type { Operator } from '../sample-operator';

/** @returns their private age keys */
export async function listOperators({ env }: Operator, names: readonly string[]): Promise<string[]> {
  const identities = await Promise.all(names.map(() => generateX25519Identity()));
  const recipients = await Promise.all(identities.map(identityToRecipient));
  const config = env['FORGE_CONFIG']!;
  const document = parseDocument(readFileSync(config, 'utf8'));
  document.set(
    'operators',
    recipients.map((ageRecipient, index) => ({ name: names[index], ageRecipient })),
  );
  writeFileSync(config, document.toString());
  return identities;
}
