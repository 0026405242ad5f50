/** The shape of forge.yaml. What several keys must fulfil together is in rules.ts. */
import { z } from 'zod';
import { alerts } from './schema/alerts';
import { acmeEmail, domain, environmentName, projectName, region, repository, revision } from './schema/identity';
import { maintenance } from './schema/maintenance';
import { access, dns, git, network } from './schema/network';
import { login } from './schema/login';
import { mail } from './schema/mail';
import { kubernetes, servers, workers } from './schema/nodes';
import { rotation } from './schema/rotation';
import { operators, secrets } from './schema/secrets';
import { backups, snapshots, state } from './schema/storage';

export const forgeSchema = z.strictObject({
  name: projectName,
  environment: environmentName,
  region,
  domain,
  acmeEmail,
  repository,
  revision,
  state,
  network,
  access,
  servers,
  workers,
  kubernetes,
  maintenance,
  snapshots,
  backups,
  dns,
  git,
  mail,
  alerts,
  login,
  operators,
  secrets,
  rotation,
});

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** A valid forge.yaml with every default filled in. */
export type ForgeConfig = DeepReadonly<z.output<typeof forgeSchema>>;
