/**
 * Events under way. A droplet and a reserved IP have one at a time, and the API refuses another: 422 "Droplet already
 * has a pending event" (issue 1034 of the provider), "The floating IP already has a pending event" (issue 493 of doctl).
 * Whether a move to a project is such an event is not documented: here it is. What ends one for real is time; here it is
 * that whoever caused it looks again, as the provider and doctl do before they go on.
 */
import { unprocessable } from './errors';
import { request, type Session } from './session';

/**
 * One event, from the request that causes it to the one that sees its end.
 *
 * @param urns droplets and reserved IPs that take part
 * @param cause refused when one of them takes part in another event
 * @param look scope and path of the request that sees the end
 */
export async function asEvent<T>(
  session: Session,
  urns: readonly string[],
  cause: (begin: () => void) => Promise<T>,
  look: { readonly scope: string; readonly path: string },
): Promise<T> {
  const { events } = session.account;
  let begun = false;
  const begin = () => {
    const busy = urns.find((one) => events.has(one));
    if (busy !== undefined) {
      const whose = busy.startsWith('do:droplet:') ? 'Droplet' : 'The Reserved IP';
      throw unprocessable(`${whose} already has a pending event.`);
    }
    for (const one of urns) events.add(one);
    begun = true;
  };
  try {
    const result = await cause(begin);
    await request(session, look.scope, 'GET', look.path, () => undefined);
    return result;
  } finally {
    if (begun) for (const one of urns) events.delete(one);
  }
}
