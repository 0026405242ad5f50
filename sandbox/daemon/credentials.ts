/** Tokens and keys as an owner makes them for the workflows: what docs/delivery.md says, and no more. */
import { DELIVERY_ACCESS, GITHUB_ENVIRONMENTS } from '#config/delivery-access';
import type { ForgeConfig } from '#config/schema';
import { controlPanel } from '../cloud/account/session';
import { createSpacesKey } from '../cloud/account/spaces-keys';
import { makeToken } from '../cloud/account/tokens';
import type { EmulatedCloud } from './emulated-cloud';
import type { SandboxSettings } from '../place/settings';

/** Makes the secrets of an environment of GitHub. @returns their values, by name */
export async function makeCredentials(
  { account, github }: EmulatedCloud,
  settings: SandboxSettings,
  { state }: ForgeConfig,
  name: string,
): Promise<Record<string, string>> {
  const environment = GITHUB_ENVIRONMENTS.find((one) => one === name);
  if (environment === undefined) throw new Error(`there is no environment ${name}`);
  const access = DELIVERY_ACCESS[environment];
  const key = await spacesKey();
  return {
    DIGITALOCEAN_TOKEN: makeToken(account.tokens, environment, access.digitalOcean),
    SPACES_ACCESS_KEY_ID: key.accessKey,
    SPACES_SECRET_ACCESS_KEY: key.secretKey,
    FORGE_GITHUB_TOKEN: github.makeToken('personal', access.github),
    ...(environment === 'production' && { FORGE_CLUSTER_TOKEN: settings.clusterToken }),
  };

  function spacesKey() {
    const grant =
      access.spaces === 'full'
        ? { bucket: '', permission: 'fullaccess' }
        : { bucket: state.bucket, permission: 'read' };
    return createSpacesKey(controlPanel(account), `workflow ${environment}`, [grant]);
  }
}

/** The token that GitHub gives a job. @param permissions such as `contents:read,issues:write` */
export function makeJobToken({ github }: EmulatedCloud, permissions: string): string {
  const granted = permissions.split(',').map((permission) => permission.replaceAll('-', '_'));
  return github.makeToken('actions', granted);
}
