/** The emulated droplets and the addresses that lead to them. Each droplet brings up what its own user data asks for. */
import { join } from 'node:path';
import type { Machines, MayReach } from '../cloud/machines';
import { API_PORT } from './control-plane/api-server';
import type { Cluster } from './cluster';
import { clusterDirectory } from './cluster-directory';
import { resizeNode } from './nodes/cluster-nodes';
import { departures } from './boot/node-lifecycle';
import { DropletDisk } from './droplet/droplet-disk';
import { startMachine, type DropletMachine } from './droplet-machine';
import { createForwarding, type Forwarding, type TcpForwarder } from '../net/forwarder';
import type { KubernetesAccess } from '#clients/kubernetes/access';
import { ownsAddress } from './k3s/k3s-service';
import type { Site } from './machine';
import { nodeResources } from './nodes/node-object';
import { processStarter } from '../processes/process';
import { endLeftovers } from '../processes/process-record';
import { onSchedule, snapshotSaver } from './snapshots/snapshots';
import { spacesSnapshots } from './snapshots/spaces-snapshots';

/** The machines, and what the sandbox can do besides what the cloud asks for. */
export interface SandboxRuntime extends Machines {
  /** Every process ended and waited for. The disks stay: the droplets can be booted again. */
  stop(): Promise<void>;
  /**
   * Has one server of each cluster save a snapshot now, as `k3s etcd-snapshot save` would.
   *
   * @returns the snapshots' names; none where no server runs or none is told where to save
   */
  snapshot(): Promise<string[]>;
  /**
   * How a program of the sandbox reaches the cluster's API: as an administrator, whichever server answers. The address stays
   * while no server does. Undefined without a cluster; with two, it is one that answers.
   */
  administrator(name: string): Promise<KubernetesAccess | undefined>;
}

export interface ClusterRuntimeOptions {
  /** For disks, logs and process records; holds secrets, so for the owner only. */
  readonly folder: string;
  /** Paths of kube-apiserver, kube-controller-manager, kube-scheduler, etcd, etcdutl and kwok by name. */
  readonly tools: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
  /** URL of the emulated Spaces. */
  readonly spaces: string;
  /** How long a new worker is on before it has k3s, so before it can become a node. Default: 0. */
  readonly installMs?: number;
  /** The cloud's firewalls; without them everybody is let in. */
  readonly mayReach?: MayReach;
}

export function createClusterRuntime(options: ClusterRuntimeOptions): SandboxRuntime {
  const { folder, log, spaces, installMs = 0, mayReach = () => true } = options;
  const snapshots = spacesSnapshots(spaces);
  const saveSnapshot = snapshotSaver(snapshots, log);
  const machines = new Map<number, DropletMachine>();
  const forwardings = new Map<string, Forwarding>();
  const starter = processStarter(folder);
  const cleaned = endLeftovers(folder);
  // Whoever boots first is told.
  cleaned.catch(() => undefined);
  const clusters = clusterDirectory((pki) => ({
    ...{ folder, pki, log, kwok: options.tools['kwok'] ?? 'kwok', processes: starter },
    onKubeletsLost: (reason) => {
      for (const machine of machines.values()) machine.crash(`The kubelets' stand-in is lost: ${reason}`);
    },
  }));
  const site: Site = {
    ...{ tools: options.tools, clusters, spaces, snapshots, saveSnapshot, installMs, mayReach, log },
    dropletIds: () => [...machines.keys()],
    bootedIn: (cluster) =>
      [...machines.values()].flatMap(({ booted }) => (booted?.cluster === cluster ? [booted] : [])),
  };
  const departure = departures(clusters, log);
  const endSchedule = onSchedule(
    () => clusters.all(),
    (server) => {
      saveSnapshot(server).catch((error: Error) =>
        log(`${server.nodeName}: no snapshot could be saved: ${error.message}`),
      );
    },
  );

  /**
   * Whether a machine takes part, as after a balancer's first good health checks. k3s takes connections long before its API
   * server is ready, so behind a network load balancer it is the address alone that keeps requests away until then.
   */
  const isHealthy = (target: string, port: number, { address, keepsAddress }: TcpForwarder): boolean => {
    const machine = [...machines.values()].find(({ droplet }) => droplet.publicAddress === target);
    if (keepsAddress && (machine === undefined || !ownsAddress(machine.disk, address))) return false;
    if (port !== API_PORT || machine?.status().role !== 'server') return true;
    const server = clusters.ofServer(machine.droplet.id)?.servers.get(machine.droplet.id);
    return keepsAddress && machine.status().state === 'booting' ? server !== undefined : (server?.ready ?? false);
  };

  return {
    async boot(droplet) {
      await cleaned;
      if (machines.has(droplet.id) && machines.get(droplet.id)?.status().state !== 'off')
        throw new Error(`droplet ${droplet.id} is on already`);
      const disk = new DropletDisk(join(folder, 'droplets', `${droplet.id}`));
      const onCrash = (id: number) => {
        departure.takeOutOfRotation(id);
        const booted = machines.get(id)?.booted;
        if (booted !== undefined) void departure.loseKubelet(booted);
      };
      machines.set(droplet.id, startMachine({ droplet, disk, site, starter, onCrash }));
    },
    async shutDown(id) {
      await cleaned;
      await departure.leaveCluster(id);
      await machines.get(id)?.shutDown();
    },
    async destroy(id) {
      await cleaned;
      const machine = machines.get(id);
      if (machine === undefined) return;
      await departure.leaveCluster(id);
      await machine.stop();
      machines.delete(id);
      await departure.forgetServer(id);
      await departure.removeNode(`${machine.droplet.name}-${id}`);
      machine.disk.remove('/');
      await departure.closeClusters((cluster) => cluster.servers.size === 0 && site.bootedIn(cluster).length === 0);
    },
    async resize(id, size) {
      const machine = machines.get(id);
      if (machine === undefined) return;
      machine.droplet = { ...machine.droplet, size };
      if (machine.booted === undefined) return;
      const { cluster, nodeName, kubeletArgs } = machine.booted;
      await resizeNode(cluster.api, nodeName, size.slug, nodeResources(size, kubeletArgs));
    },
    async forward(id, forwarder) {
      const forwarding = forwardings.get(id);
      if (forwarder === undefined) {
        forwardings.delete(id);
        await forwarding?.close();
      } else if (forwarding !== undefined) {
        await forwarding.update(forwarder);
      } else {
        forwardings.set(id, await createForwarding(forwarder, { isHealthy, log }));
      }
    },
    status: () => ({ droplets: [...machines.values()].map((machine) => machine.status()) }),
    async snapshot() {
      const servers = clusters
        .all()
        .flatMap((cluster) => [...cluster.servers.values()].find(({ ready }) => ready) ?? []);
      const names = await Promise.all(servers.map((server) => saveSnapshot(server)));
      return names.filter((name) => name !== undefined);
    },
    async administrator(name) {
      const isReady = ({ servers }: Cluster) => [...servers.values()].some(({ ready }) => ready);
      const cluster = clusters.all().find(isReady) ?? clusters.all()[0];
      return cluster?.administrator(name);
    },
    async stop() {
      endSchedule();
      await cleaned;
      // All at once: an API server does not end as long as somebody watches it.
      await Promise.all([
        ...[...machines.values()].map((machine) => machine.stop()),
        departure.closeClusters(() => true),
        ...[...forwardings.values()].map((forwarding) => forwarding.close()),
      ]);
      machines.clear();
      forwardings.clear();
    },
  };
}
