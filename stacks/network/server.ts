/** The machines of the control plane: one, or three with an etcd member each. */
import type { Droplet } from '@cdktf/provider-digitalocean/lib/droplet';
import { Construct } from 'constructs';
import { serverUserData, type ServerUserDataProps } from './cloud-init/render';
import { node, type NodePlacement } from './node';
import type { PkiFile } from './pki';

export interface ServersProps extends NodePlacement {
  readonly count: 1 | 3;
  readonly size: string;
  /** Name of a server by its number, counted from 1. */
  readonly nameOf: (number: number) => string;
  readonly tags: readonly string[];
  readonly userData: Omit<ServerUserDataProps, 'name' | 'role' | 'servers' | 'pki'>;
  /** Only the first server gets them: the others fetch them from it with their token. */
  readonly pki: readonly PkiFile[];
}

export class Servers extends Construct {
  readonly droplets: readonly Droplet[];

  constructor(scope: Construct, id: string, props: ServersProps) {
    super(scope, id);
    const { count, nameOf, userData, pki, ...common } = props;
    this.droplets = Array.from({ length: count }, (_, index) => {
      const name = nameOf(index + 1);
      const own = { ...userData, name, servers: count };
      return node(this, `${index + 1}`, {
        ...{ ...common, name },
        userData: serverUserData(index === 0 ? { ...own, role: 'seed', pki } : { ...own, role: 'joiner' }),
      });
    });
  }
}
