/** The tools at the login of the sample configuration, with secrets for tests. */
import { LOGIN_CLIENTS, type LoginClient } from '#config/login';
import { sampleConfig } from '../stacks/sample';
import type { Tool } from './browser';

export const CLIENTS = Object.keys(LOGIN_CLIENTS) as LoginClient[];

export function toolOf(id: LoginClient): Tool {
  const callback = `https://${id}.${sampleConfig.domain}${LOGIN_CLIENTS[id].callback}`;
  return { id, secret: `secret-of-${id}`, callback };
}

/** As the login's container gets them. */
export const CLIENT_SECRETS = Object.fromEntries(
  CLIENTS.map((id) => [`${id.toUpperCase()}_CLIENT_SECRET`, toolOf(id).secret]),
);
