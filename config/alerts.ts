/** Whom DigitalOcean's own checks tell. */
import type { ForgeConfig } from './schema';

/** The webhook of the Slack channel: an environment variable. */
export const SLACK_WEBHOOK_URL = 'SLACK_WEBHOOK_URL';

/** Without anybody, no checks are made. */
export function isSomebodyTold({ alerts }: Pick<ForgeConfig, 'alerts'>): boolean {
  return alerts.email.length > 0 || alerts.slack !== undefined;
}

/** Names of the variables that a deploy of `network` needs for it. */
export function alertVariables({ alerts }: Pick<ForgeConfig, 'alerts'>): string[] {
  return alerts.slack === undefined ? [] : [SLACK_WEBHOOK_URL];
}
