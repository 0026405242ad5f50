/** Every sandbox has a /16 of the loopback range to itself, so real ports work and several sandboxes do not meet. */
import { CommandFailure } from '#clients/failure';
import { canListen } from '../net/listen';
import { SPACES_PORT } from './environment';

const FIRST = 16;
const LAST = 199;

/** The second octet of a free 127.x.0.0/16. Throws when all are taken. */
export async function freeNetwork(): Promise<number> {
  const candidates = Array.from({ length: LAST - FIRST + 1 }, (_, index) => FIRST + index);
  // Two sandboxes that start at once should not look at the same one first.
  const start = Math.floor(Math.random() * candidates.length);
  for (const network of [...candidates.slice(start), ...candidates.slice(0, start)]) {
    if (await canListen(`127.${network}.0.1`, SPACES_PORT)) return network;
  }
  throw new CommandFailure(
    `every network from 127.${FIRST}.0.0 to 127.${LAST}.0.0 is in use; stop a sandbox that you no longer need`,
  );
}
