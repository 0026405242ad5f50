/** Uses of a key that the stacks' certificates have, by the names that the tls provider gives them. */
import 'reflect-metadata';
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  type Extension,
} from '@peculiar/x509';

const KEY_USAGES: Readonly<Record<string, number>> = {
  digital_signature: KeyUsageFlags.digitalSignature,
  key_encipherment: KeyUsageFlags.keyEncipherment,
  cert_signing: KeyUsageFlags.keyCertSign,
};
const EXTENDED_USAGES: Readonly<Record<string, string>> = {
  server_auth: ExtendedKeyUsage.serverAuth,
  client_auth: ExtendedKeyUsage.clientAuth,
};

/** Usages that a certificate may name. */
export const USAGES = [...Object.keys(KEY_USAGES), ...Object.keys(EXTENDED_USAGES)];

/** An extension without any usage would be invalid: it is left out. */
export function usageExtensions(uses: readonly string[]): Extension[] {
  const flags = uses.reduce((sum, use) => sum | (KEY_USAGES[use] ?? 0), 0);
  const extended = uses.flatMap((use) => EXTENDED_USAGES[use] ?? []);
  return [
    ...(flags === 0 ? [] : [new KeyUsagesExtension(flags, true)]),
    ...(extended.length === 0 ? [] : [new ExtendedKeyUsageExtension(extended)]),
  ];
}
