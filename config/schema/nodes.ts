/** The machines. */
import { z } from 'zod';
import { SIZES } from '../digitalocean';
import { DEFAULT_K3S_VERSION, K3S_VERSIONS } from '../k3s-releases';
import { dnsLabel, labelKey, labelValue, taint } from './kubernetes-names';
import { integer, oneOf, oneOfMany } from './values';

const SERVER_COUNT =
  '1 or 3: etcd works while most of its members do, so an even number of servers survives no more losses than one less';
const POOL_NAME =
  'lower-case letters, digits and inner dashes; at most 16 characters, as node names start with it; not server, which is the name of the servers';

const size = oneOfMany(
  SIZES.map(({ slug }) => slug),
  'a droplet size of config/digitalocean-catalogue.json',
);

export const servers = z
  .strictObject({
    count: z
      .literal([1, 3], SERVER_COUNT)
      .default(1)
      .describe('Servers (control plane): 1, or 3 to survive the loss of one. For life.'),
    size: size.default('s-2vcpu-4gb').describe('DigitalOcean size of a server, at least 4 GiB of memory.'),
    generation: integer(1, 999, 'a whole number, 1 to 999')
      .default(1)
      .describe(
        'Raise it by one to make one server anew: the next in turn of three, or the only one, which comes back from its newest snapshot.',
      ),
  })
  .prefault({})
  .describe('The machines that run the Kubernetes control plane. They take no workloads.');

const workerPool = z.strictObject({
  name: dnsLabel(16, POOL_NAME)
    .refine((name) => name !== 'server', POOL_NAME)
    .describe('Name of the pool. A pool with another name is another pool, with new machines.'),
  count: integer(0, 99, 'a whole number of nodes, 0 to 99').describe('How many nodes.'),
  size: size.describe('DigitalOcean size of a node. A change resizes the nodes in place, with a restart.'),
  generation: integer(1, 999, 'a whole number, 1 to 999')
    .default(1)
    .describe('Raise it to replace every node of the pool by a new one, the new ones first.'),
  labels: z
    .record(labelKey, labelValue)
    .refine((labels) => Object.keys(labels).length <= 16, 'at most 16 labels')
    .default({})
    .describe('Labels of the Kubernetes nodes. Only new nodes get a change: raise generation.'),
  taints: z
    .array(taint)
    .max(8, 'at most 8 taints')
    .default([])
    .describe('Taints of the Kubernetes nodes, as key=value:Effect. Only new nodes get a change: raise generation.'),
});

export const workers = z
  .array(workerPool)
  .max(20, 'at most 20 pools')
  .describe('Pools of machines that run the workloads.');

export const kubernetes = z
  .strictObject({
    version: oneOf(K3S_VERSIONS)
      .default(DEFAULT_K3S_VERSION)
      .describe(
        'k3s release of every node. New nodes install it, running ones are upgraded to it one after the other.',
      ),
  })
  .prefault({})
  .describe('Kubernetes.');
