/** Kubeconfigs with a certificate for one person, which ends by itself. */
import { CommandFailure } from '#clients/failure';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { KubernetesClient } from '#clients/kubernetes/client';
import { issueClientCertificate } from '#clients/kubernetes/client-certificate';
import { operatorNames, OPERATORS_GROUP } from '#config/people';
import type { ForgeConfig } from '#config/schema';
import { clusterAccess } from './cluster-access';
import type { Terminal } from '../output/terminal';

/** Longest, and the default for people whom forge.yaml names. */
export const MOST_DAYS = 30;
/** Where nobody is named, nobody in particular can lose the rights again. */
export const UNNAMED_DAYS = 7;

/** @throws CommandFailure for somebody who has no rights, or when it must be said who */
export function operatorNamed(config: Pick<ForgeConfig, 'operators'>, as: string | undefined): string {
  const [first, ...others] = operatorNames(config);
  if (as === undefined && others.length === 0) return first;
  if (as !== undefined && [first, ...others].includes(as)) return as;
  const names = [first, ...others].join(', ');
  const reason = as === undefined ? 'For whom? Say --as and a name' : `${as} is no operator in forge.yaml. There are`;
  throw new CommandFailure(`${reason}: ${names}`, { exitCode: 2 });
}

/** As long as they may last, unless `days` says less. */
export async function operatorsAccess(
  terminal: Terminal,
  { operators }: Pick<ForgeConfig, 'operators'>,
  users: readonly string[],
  days = operators.length === 0 ? UNNAMED_DAYS : MOST_DAYS,
): Promise<KubernetesAccess[]> {
  const admin = await clusterAccess(terminal);
  const client = new KubernetesClient(admin);
  try {
    const issue = (user: string) => issueClientCertificate(client, { user, group: OPERATORS_GROUP }, days);
    return await Promise.all(users.map(async (user) => Object.assign({}, admin, await issue(user))));
  } finally {
    client.close();
  }
}
