import { createHash } from 'node:crypto';
import { listSshKeys } from '#sandbox/cloud/account/ssh-keys';
import type { DataSourceType, ValueObject } from '../engine/resource';
import { blocks, flag, text, texts } from '../attributes';
import { calling, type DigitalOceanClient } from './client';

export const sshKeysData: DataSourceType<DigitalOceanClient> = {
  read: ({ client, config }) =>
    calling('Error retrieving SSH keys', async () => {
      const all: ValueObject[] = (await listSshKeys(client.session)).map(({ id, name, fingerprint, publicKey }) => ({
        id,
        name,
        fingerprint,
        public_key: publicKey,
      }));
      const wanted = all.filter((key) => blocks(config, 'filter').every((filter) => passes(key, filter)));
      const sorted = blocks(config, 'sort').reduceRight<ValueObject[]>(sortBy, wanted);
      const id = createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 20);
      return { id, ssh_keys: sorted };
    }),
};

function passes(key: ValueObject, filter: ValueObject): boolean {
  const found = `${key[text(filter, 'key')] as string | number}`;
  const matches = (wanted: string) => {
    if (text(filter, 'match_by') === 'substring') return found.includes(wanted);
    if (text(filter, 'match_by') === 're') return new RegExp(wanted).test(found);
    return found === wanted;
  };
  const wanted = texts(filter, 'values');
  return flag(filter, 'all') ? wanted.every(matches) : wanted.some(matches);
}

function sortBy(keys: readonly ValueObject[], sort: ValueObject): ValueObject[] {
  const name = text(sort, 'key');
  const direction = text(sort, 'direction') === 'desc' ? -1 : 1;
  const valueOf = (key: ValueObject) => key[name] as string | number;
  return [...keys].sort(
    (one, other) => direction * (valueOf(one) < valueOf(other) ? -1 : Number(valueOf(one) > valueOf(other))),
  );
}
