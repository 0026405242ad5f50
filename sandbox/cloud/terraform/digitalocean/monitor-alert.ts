import type { ValueObject } from '../engine/resource';
import { flag, number, text, texts } from '../attributes';
import { apiResource } from './api-resource';
import { blockOfRecipients, recipientsOf } from './recipients';

interface AlertPolicy extends ValueObject {
  readonly alerts: Parameters<typeof blockOfRecipients>[0];
}

export const monitorAlert = apiResource<AlertPolicy>({
  path: '/v2/monitoring/alerts',
  root: 'policy',
  key: 'uuid',
  noun: 'Alert Policy',
  words: { read: 'Error reading Alert', update: 'Error updating monitoring alert' },
  defaults: { enabled: true },
  request: (planned) => ({
    type: text(planned, 'type'),
    description: text(planned, 'description'),
    compare: text(planned, 'compare'),
    window: text(planned, 'window'),
    value: number(planned, 'value'),
    enabled: flag(planned, 'enabled'),
    tags: texts(planned, 'tags'),
    entities: texts(planned, 'entities'),
    alerts: recipientsOf(planned, 'alerts'),
  }),
  // The provider has an attribute `uuid` and never sets it (resource_monitor_alert.go).
  attributes: ({ alerts, ...policy }) => ({ ...policy, uuid: null, alerts: blockOfRecipients(alerts) }),
});
