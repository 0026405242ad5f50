import { createHash } from 'node:crypto';
import { ProviderError, type DataSourceType, type ValueObject } from '../engine/resource';
import type { RestClient } from '../rest-client';
import { blocks } from '../attributes';
import { failingAs, listOf } from './client';

export const sshKeysData: DataSourceType<RestClient> = {
  validate: (config) => {
    const asked = ['filter', 'sort'].find((name) => blocks(config, name).length > 0);
    if (asked !== undefined) throw new ProviderError(`The stand-in for the provider has no ${asked}`, '', [asked]);
  },
  read: async ({ client }) => {
    const words = 'Unable to load records: Error retrieving ssh keys';
    const keys = await failingAs(words, listOf<ValueObject>(client, '/v2/account/keys', 'ssh_keys'));
    const id = createHash('sha256').update(JSON.stringify(keys)).digest().readBigUInt64LE();
    return { id: `ssh_keys/${id}`, ssh_keys: keys };
  },
};
