/** The Node of a droplet, as its kubelet and the cloud controller manager would make it together. */
import { createHash } from 'node:crypto';
import { BootFailure } from '../boot-failure';
import { KUBELET_PORT } from './kubelet-port';
import type { NodeSettings } from '../k3s/k3s-settings';
import type { KubernetesObject } from '#clients/kubernetes/object';
import type { MachineOrder, MachineSize } from '#sandbox/cloud/machines';

export interface NodeFacts {
  readonly droplet: MachineOrder;
  readonly settings: NodeSettings;
  /** Labels that k3s gives by the node's role. */
  readonly roleLabels: Readonly<Record<string, string>>;
  /** Release of k3s. */
  readonly k3sVersion: string;
}

export type Quantities = Readonly<Record<string, string>>;

const MEBIBYTE = 1024 * 1024;
const MAX_PODS = 110;
/** Kept free by a kubelet unless told otherwise. Source: Kubernetes documentation, node-pressure eviction. */
const EVICTION_MEMORY_MIB = 100;

export interface RegisteredNode extends KubernetesObject {
  readonly status: {
    readonly capacity: Quantities;
    readonly allocatable: Quantities;
    readonly [field: string]: unknown;
  };
}

/** @throws BootFailure for reservations that a kubelet would refuse */
export function nodeObject({ droplet, settings, roleLabels, k3sVersion }: NodeFacts): RegisteredNode {
  const { region, size, privateAddress, publicAddress } = droplet;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: settings.nodeName,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': settings.nodeName,
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': size.slug,
        'topology.kubernetes.io/region': region,
        ...roleLabels,
        ...settings.labels,
      },
    },
    spec: { providerID: providerId(droplet.id), ...(settings.taints.length === 0 ? {} : { taints: settings.taints }) },
    status: {
      ...nodeResources(droplet.size, settings.kubeletArgs),
      addresses: [
        { type: 'Hostname', address: settings.nodeName },
        { type: 'InternalIP', address: privateAddress },
        { type: 'ExternalIP', address: publicAddress },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: KUBELET_PORT } },
      nodeInfo: nodeInfo(settings.nodeName, k3sVersion),
    },
  };
}

export function providerId(dropletId: number): string {
  return `digitalocean://${dropletId}`;
}

/** What the machine has, and what is left for pods. */
export function nodeResources(
  size: MachineSize,
  kubeletArgs: ReadonlyMap<string, string>,
): { capacity: Quantities; allocatable: Quantities } {
  const pods = kubeletArgs.get('max-pods') ?? `${MAX_PODS}`;
  const reserved = [reservation(kubeletArgs, 'system-reserved'), reservation(kubeletArgs, 'kube-reserved')];
  const milliCpu = size.vcpus * 1000 - sum(reserved.map(({ milliCpu }) => milliCpu));
  const memoryMiB = size.memoryMiB - EVICTION_MEMORY_MIB - sum(reserved.map(({ memoryMiB }) => memoryMiB));
  const storage = size.diskGiB * 1024 * MEBIBYTE;
  return {
    capacity: { cpu: `${size.vcpus}`, memory: `${size.memoryMiB}Mi`, 'ephemeral-storage': `${storage}`, pods },
    allocatable: {
      cpu: `${milliCpu}m`,
      memory: `${memoryMiB}Mi`,
      'ephemeral-storage': `${Math.floor(storage * 0.9)}`,
      pods,
    },
  };
}

/** A flag like `cpu=200m,memory=300Mi`. */
function reservation(kubeletArgs: ReadonlyMap<string, string>, flag: string): { milliCpu: number; memoryMiB: number } {
  const items = (kubeletArgs.get(flag) ?? '').split(',').filter((item) => item !== '');
  const total = { milliCpu: 0, memoryMiB: 0 };
  for (const item of items) {
    const [, cpu, milli] = /^cpu=(\d+)(m?)$/.exec(item) ?? [];
    const [, memory, unit] = /^memory=(\d+)(Mi|Gi)$/.exec(item) ?? [];
    if (cpu !== undefined) total.milliCpu = Number(cpu) * (milli === 'm' ? 1 : 1000);
    else if (memory !== undefined) total.memoryMiB = Number(memory) * (unit === 'Gi' ? 1024 : 1);
    else if (!/^(ephemeral-storage|pid)=\w+$/.test(item))
      throw new BootFailure(`kubelet-arg ${flag}: "${item}" is not understood.`);
  }
  return total;
}

function nodeInfo(nodeName: string, k3sVersion: string): Record<string, string> {
  const id = createHash('sha256').update(nodeName).digest('hex').slice(0, 32);
  const uuid = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return {
    architecture: 'amd64',
    operatingSystem: 'linux',
    osImage: 'Ubuntu 24.04 LTS',
    // Says plainly that no machine is behind it.
    kernelVersion: 'emulated',
    containerRuntimeVersion: 'kwok://emulated',
    kubeletVersion: k3sVersion,
    kubeProxyVersion: k3sVersion,
    machineID: id,
    systemUUID: uuid,
    bootID: uuid,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
