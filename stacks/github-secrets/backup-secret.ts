/** What the backups need inside the cluster: where they go, the key of their buckets, and the password that encrypts them. */
import { BACKUP_PASSWORD } from '#config/environment';
import type { ForgeConfig } from '#config/schema';
import type { OutputsOf } from '../contract';
import { backupBucketName, cloudNames, secondBackupBucketName, spacesHost } from '../network/names';
import type { networkOutputs } from '../network/outputs';
import type { SecretEntry } from './kubernetes-secret';

/** k8s/03-apps/backup.yaml reads it. Without a store nothing is saved. */
export function backupSecret(config: ForgeConfig, network: OutputsOf<typeof networkOutputs>): SecretEntry {
  const { enabled, retention, secondRegion } = config.backups;
  const entry = { name: 'backup-secret', namespace: 'rt', layer: 'layer-03-apps', type: 'Opaque' } as const;
  if (!enabled) return { ...entry, data: {}, known: { STORE: '' } };
  const folder = cloudNames(config.name, config.environment).cluster;
  const store = (region: string, bucket: string) => `s3:https://${spacesHost(region)}/${bucket}/${folder}`;
  return {
    ...entry,
    data: { RESTIC_PASSWORD: BACKUP_PASSWORD },
    known: {
      STORE: store(config.state.region, backupBucketName(config)),
      SECOND_STORE: secondRegion === undefined ? '' : store(secondRegion, secondBackupBucketName(config)),
      KEEP_DAYS: String(retention),
    },
    references: { ACCESS_KEY_ID: network.backupKeyId, SECRET_ACCESS_KEY: network.backupKeySecret },
  };
}
