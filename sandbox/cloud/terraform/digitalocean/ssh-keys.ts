import { createHash } from 'node:crypto';
import type { DataSourceType, ValueObject } from '../engine/resource';
import type { RestClient } from '../rest-client';
import { failingAs, listOf } from './client';

export const sshKeysData: DataSourceType<RestClient> = {
  arguments: [],
  read: async ({ client }) => {
    const words = 'Unable to load records: Error retrieving ssh keys';
    const keys = await failingAs(words, listOf<ValueObject>(client, '/v2/account/keys', 'ssh_keys'));
    const id = createHash('sha256').update(JSON.stringify(keys)).digest().readBigUInt64LE();
    return { id: `ssh_keys/${id}`, ssh_keys: keys };
  },
};
