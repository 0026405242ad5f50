import type { Condition, NodeObject } from './api-objects';
import type { NodeStatus } from './platform-status';

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];

/** Servers first, by name. */
export function nodeStatuses(nodes: readonly NodeObject[]): NodeStatus[] {
  return nodes
    .map(nodeStatus)
    .sort((one, other) => one.role.localeCompare(other.role) || one.name.localeCompare(other.name));
}

function nodeStatus({ metadata, spec, status }: NodeObject): NodeStatus {
  const conditions = status?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === 'Ready');
  const problem = ready?.status === 'True' ? pressureOf(conditions) : notReady(ready);
  return {
    name: metadata.name,
    role: metadata.labels?.[CONTROL_PLANE] === undefined ? 'worker' : 'server',
    ready: ready?.status === 'True',
    cordoned: spec?.unschedulable === true,
    version: status?.nodeInfo?.kubeletVersion ?? '',
    createdAt: metadata.creationTimestamp ?? '',
    ...(problem !== undefined && { problem }),
  };
}

function notReady(ready: Condition | undefined): string {
  if (ready === undefined) return 'has not reported yet';
  return ready.message || ready.reason || 'not Ready';
}

function pressureOf(conditions: readonly Condition[]): string | undefined {
  const short = conditions.filter(({ type, status }) => PRESSURES.includes(type) && status === 'True');
  return short.length === 0 ? undefined : short.map(({ type, message }) => `${type}: ${message ?? ''}`).join('; ');
}
