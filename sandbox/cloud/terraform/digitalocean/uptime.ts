import { ProviderError, type ValueObject } from '../engine/resource';
import { number, text } from '../attributes';
import { apiResource } from './api-resource';
import { blockOfRecipients, recipientsOf } from './recipients';

export const uptimeCheck = apiResource({
  path: '/v2/uptime/checks',
  root: 'check',
  noun: 'Check',
  words: {
    read: 'Error retrieving check',
    update: 'Error updating uptime check',
  },
  defaults: { type: 'https', enabled: true },
  request: ({ name, target, type, enabled, regions }) => ({ name, target, type, enabled, regions }),
  attributes: (found) => found,
});

interface UptimeAlert extends ValueObject {
  readonly notifications: Parameters<typeof blockOfRecipients>[0];
}

export const uptimeAlert = {
  ...apiResource<UptimeAlert>({
    path: (state) => `/v2/uptime/checks/${text(state, 'check_id')}/alerts`,
    root: 'alert',
    noun: 'Uptime Alert',
    words: { read: 'Error retrieving check', update: 'Error updating Alert' },
    request: (planned) => ({
      name: text(planned, 'name'),
      type: text(planned, 'type'),
      notifications: recipientsOf(planned, 'notifications'),
      comparison: text(planned, 'comparison'),
      threshold: number(planned, 'threshold'),
      period: text(planned, 'period'),
    }),
    attributes: ({ notifications, ...alert }) => ({ ...alert, notifications: blockOfRecipients(notifications) }),
  }),
  import: ({ id: written }: { readonly id: string }): Promise<ValueObject> => {
    const [check_id, id] = written.split(',') as [string, string?];
    if (id === undefined) {
      throw new ProviderError('must use the IDs of the check and alert joined with a comma (e.g. `check_id,alert_id`)');
    }
    return Promise.resolve({ id, check_id });
  },
};
