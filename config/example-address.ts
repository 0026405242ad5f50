/** The mail address of forge.yaml as it is delivered: good for the sandbox, refused by Let's Encrypt. */
import { ConfigError } from './config-error';
import type { Environment } from './environment';
import type { ForgeConfig } from './schema';

/** Reserved by RFC 2606 and RFC 6761: nobody reads mail there. */
const RESERVED = /[@.](example\.(com|net|org)|example|test|invalid|localhost)$/i;

/**
 * Stops before anything is made: with such an address the ClusterIssuer never becomes Ready, and the layers after 01-init
 * would wait for it for ever.
 *
 * @throws ConfigError unless nothing real can be reached from the environment
 */
export function refuseExampleAddress({ acmeEmail }: ForgeConfig, { configFile, isRealCloud }: Environment): void {
  if (!isRealCloud || !RESERVED.test(acmeEmail)) return;
  throw new ConfigError(
    `${configFile}: acmeEmail is ${acmeEmail}. Let's Encrypt gives no certificate to an address of an example domain, so the\n` +
      'layers of the cluster would never be Healthy. Put an address of yours there, run npx forge configure, and commit both.',
  );
}
