/** Tokens and keys as an owner makes them for the workflows: what docs/delivery.md says, and no more. */
import { digitalOcean } from '#clients/digitalocean/client';
import { DELIVERY_ACCESS, GITHUB_ENVIRONMENTS } from '#config/delivery-access';
import type { ForgeConfig } from '#config/schema';
import { plansBucketName, snapshotBucketName } from '#stacks/network/names';
import type { Cloud } from '../cloud/cloud';
import type { SandboxSettings } from '../place/settings';

interface SpacesKey {
  readonly access_key: string;
  readonly secret_key: string;
}

/** Makes the secrets of an environment of GitHub. @returns their values, by name */
export async function makeCredentials(
  cloud: Cloud,
  settings: SandboxSettings,
  config: ForgeConfig,
  name: string,
): Promise<Record<string, string>> {
  const environment = GITHUB_ENVIRONMENTS.find((one) => one === name);
  if (environment === undefined) throw new Error(`there is no environment ${name}`);
  const access = DELIVERY_ACCESS[environment];
  const client = digitalOcean({
    DIGITALOCEAN_TOKEN: settings.digitalOceanToken,
    DIGITALOCEAN_API_URL: cloud.digitalOcean,
  });
  const buckets =
    access.spaces === 'read-copies' ? [plansBucketName(config)] : [config.state.bucket, snapshotBucketName(config)];
  const grants =
    access.spaces === 'full'
      ? [{ bucket: '', permission: 'fullaccess' }]
      : buckets.map((bucket) => ({ bucket, permission: 'read' }));
  const wanted = { name: `workflow ${environment}`, grants };
  const { key } = await client.post<{ key: SpacesKey }>('/v2/spaces/keys', wanted);
  return {
    DIGITALOCEAN_TOKEN: cloud.makeToken(environment, access.digitalOcean),
    SPACES_ACCESS_KEY_ID: key.access_key,
    SPACES_SECRET_ACCESS_KEY: key.secret_key,
    FORGE_GITHUB_TOKEN: cloud.github.makeToken('personal', access.github),
    ...(environment === 'production' && { FORGE_CLUSTER_TOKEN: settings.clusterToken }),
  };
}

/** The token that GitHub gives a job. @param permissions such as `contents:read,issues:write` */
export function makeJobToken({ github }: Cloud, permissions: string): string {
  const granted = permissions.split(',').map((permission) => permission.replaceAll('-', '_'));
  return github.makeToken('actions', granted);
}
