/** When the tokens of the environment end, where the vendor tells: GitHub does, DigitalOcean does not. */
import { GITHUB_TOKEN } from '#config/tokens';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import { github } from '#clients/github/client';
import type { Terminal } from '../output/terminal';
import { daysUntil } from './certificates';
import type { TokenStatus } from './platform-status';

/** Its value is a time such as `2026-12-31 23:59:59 UTC`. Source: go-github, TokenExpiration of Response. */
const END = 'github-authentication-token-expiration';
const UNKNOWN = 401;
const WARNING_DAYS = 30;

/** None for a token that has no end, without one, and while GitHub cannot be asked. */
export async function readTokens({ env, notify }: Terminal): Promise<TokenStatus[]> {
  if (!env[GITHUB_TOKEN]) return [];
  const { repository } = loadConfig(configFile(env));
  try {
    // Every token may read it.
    const { headers } = await github(env, notify).request(`GET /repos/${repository}`);
    const end = new Date(String(headers[END] ?? ''));
    return Number.isNaN(end.getTime()) ? [] : [{ name: GITHUB_TOKEN, valid: true, expiresAt: end.toISOString() }];
  } catch (error) {
    return (error as { status?: number }).status === UNKNOWN ? [{ name: GITHUB_TOKEN, valid: false }] : [];
  }
}

export function tokenWarnings(tokens: readonly TokenStatus[], now: Date): string[] {
  return tokens.flatMap(({ name, valid, expiresAt }) => {
    if (!valid) return [`${name} is not valid any more: docs/secrets.md, "Rotate tokens and keys"`];
    const days = daysUntil(expiresAt, now);
    if (days === undefined || days >= WARNING_DAYS) return [];
    return [`${name} ends in ${days} days: docs/secrets.md, "Rotate tokens and keys"`];
  });
}
