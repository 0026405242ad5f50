import { spacesTarget, type SpacesTarget } from '#clients/spaces/client';
import type { ForgeConfig } from '#config/schema';
import { backupBucketName, secondBackupBucketName } from '#stacks/network/names';

/** The buckets of the backups that forge.yaml asks for: none when they are off, two with a second region. */
export function backupTargets(config: ForgeConfig, env: NodeJS.ProcessEnv): SpacesTarget[] {
  const { enabled, secondRegion } = config.backups;
  if (!enabled) return [];
  const first = { ...spacesTarget(config, env), bucket: backupBucketName(config) };
  if (secondRegion === undefined) return [first];
  const elsewhere = { ...config, state: { ...config.state, region: secondRegion } };
  return [first, { ...spacesTarget(elsewhere, env), bucket: secondBackupBucketName(config) }];
}
