/** The machines of the control plane: one, or three with an etcd member each. */
import type { Droplet } from '@cdktf/provider-digitalocean/lib/droplet';
import { Construct } from 'constructs';
import { replacedByGeneration } from '../generation';
import { serverUserData, type ServerUserDataProps } from './cloud-init/render';
import { node, type NodePlacement } from './node';
import type { PkiFile } from './pki';

export interface ServersProps extends NodePlacement {
  readonly count: 1 | 3;
  readonly size: string;
  /** Raised by one, it makes one server anew: the next in turn. */
  readonly generation: number;
  /** Name of a server by its number, counted from 1. */
  readonly nameOf: (number: number) => string;
  readonly tags: readonly string[];
  readonly userData: Omit<ServerUserDataProps, 'name' | 'role' | 'servers' | 'pki'>;
  /** Only the first server gets them: the others fetch them from it with their token. */
  readonly pki: readonly PkiFile[];
}

export class Servers extends Construct {
  readonly droplets: readonly Droplet[];

  /** One after the other: a change of size powers them off, and etcd goes on while two of three are there. */
  constructor(scope: Construct, id: string, props: ServersProps) {
    super(scope, id);
    const { count, generation, nameOf, userData, pki, ...common } = props;
    const droplets: Droplet[] = [];
    for (let number = 1; number <= count; number += 1) {
      const own = { ...userData, name: nameOf(number), servers: count };
      const server = node(this, `${number}`, {
        ...common,
        name: own.name,
        after: droplets.at(-1),
        lifecycle: replacedByGeneration(this, generationOf(number, count, generation), `${number}-generation`),
        userData: serverUserData(number === 1 ? { ...own, role: 'seed', pki } : { ...own, role: 'joiner' }),
      });
      droplets.push(server);
    }
    this.droplets = droplets;
  }
}

/** etcd goes on while two of three are there, so a raised number is the turn of one: of the first, then of the next. */
function generationOf(number: number, count: number, generation: number): number {
  return 1 + Math.floor((generation - 1 + count - number) / count);
}
