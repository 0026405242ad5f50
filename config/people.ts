/** Who people are to Kubernetes: the names and groups of client certificates. */
import type { ForgeConfig } from './schema';

/** In every operator's certificate: what operators may not do goes by it (k8s/01-init/operators-backup.yaml). */
export const OPERATORS_GROUP = 'forge:operators';
/** In the administrator's certificate. Kubernetes gives it nothing by itself. */
export const ADMINISTRATORS_GROUP = 'forge:administrators';
/** Who works where forge.yaml names nobody. With a colon, which no name in forge.yaml can have. */
const UNNAMED_OPERATOR = 'forge:operator';

/** Users that k8s/01-init/operators.yaml gives rights to. What is taken from this list loses them at once. */
export function operatorNames({ operators }: Pick<ForgeConfig, 'operators'>): readonly [string, ...string[]] {
  const [first = UNNAMED_OPERATOR, ...others] = operators.map(({ name }) => name);
  return [first, ...others];
}

/** The user of the administrator's certificate. Another generation is another user, whom nobody knew before. */
export function administrator({ rotation }: Pick<ForgeConfig, 'rotation'>): string {
  return `forge:admin-${rotation.adminCertificate}`;
}
