/** The status for people. */
import type { Colors } from 'picocolors/types';
import { daysUntil, isSound } from './certificates';
import {
  nameOf,
  type AppStatus,
  type CertificateStatus,
  type EtcdSnapshotStatus,
  type LayerStatus,
  type NodeStatus,
  type PlatformStatus,
  type Reason,
  type TokenStatus,
  type Trouble,
} from './platform-status';
import { age, lines } from '../output/text';
import { textTable, type Cell } from '../output/text-table';

type Row = readonly Cell[];

export function describeStatus(status: PlatformStatus, colors: Colors): string {
  const now = new Date(status.readAt);
  const table = (rows: readonly Row[]) => textTable(rows, colors);
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Nodes', table(status.nodes.map((node) => nodeRow(node, now)))],
    ['Layers', layerLines(status.layers, colors)],
    ['Apps', table(status.apps.map(appRow))],
    ['In trouble', table(status.troubles.map(troubleRow))],
    ['Certificates', table(status.certificates.map((one) => certificateRow(one, now)))],
    ['Tokens', table(status.tokens.map((one) => tokenRow(one, now)))],
    ['Saved', table(savedRows(status, now))],
    ['Warnings', table(status.warnings.map((text) => [[text, 'yellow']]))],
    ['Not to be seen from here', table(status.unseen.map((list) => [list]))],
  ];
  const parts = sections
    .filter(([, found]) => found.length > 0)
    .map(([title, found]) => lines([colors.bold(title), ...found.map((line) => `  ${line}`)]));
  return [...parts, ...(status.healthy ? [lines([colors.green('Everything is healthy.')])] : [])].join('\n');
}

/** What is not healthy, one line per part of the platform. */
export function describeFaults({
  blocking,
  nodes,
  apps,
  troubles,
  certificates,
  backups,
  etcdSnapshots,
  unseen,
}: PlatformStatus): string {
  const notReady = nodes.filter(({ ready, problem }) => !ready || problem !== undefined);
  const notRunning = apps.filter(({ healthy }) => !healthy);
  const inTrouble = troubles.map(({ object }) => ({ name: nameOf(object) }));
  const notSound = certificates.filter((one) => !isSound(one));
  const faults = [
    blocking && describeBlocking(blocking),
    listOf('nodes', notReady),
    listOf('apps', notRunning),
    listOf('in trouble', inTrouble),
    listOf('certificates', notSound),
    listOf(
      'late backups',
      backups.filter(({ late }) => late).map(({ app }) => ({ name: app })),
    ),
    etcdSnapshots?.late ? 'the snapshots of etcd are late' : undefined,
    nodes.length === 0 && !unseen.includes('nodes') ? 'no nodes' : undefined,
  ];
  return ['Not healthy.', ...faults.filter(Boolean).map((fault) => `  ${fault}`)].join('\n');
}

function listOf(title: string, things: readonly { readonly name: string }[]): string | undefined {
  return things.length === 0 ? undefined : `${title}: ${things.map(({ name }) => name).join(', ')}`;
}

/** One line that names the layer, the object or file, and why. */
export function describeBlocking({ layer, ...reason }: NonNullable<PlatformStatus['blocking']>): string {
  return `${layer}: ${reasonText(reason)}`;
}

export function reasonText({ message, object, file }: Reason): string {
  const place = object === undefined ? file : `${nameOf(object)}${file === undefined ? '' : ` (${file})`}`;
  return place === undefined ? message : `${place}: ${message}`;
}

function nodeRow({ name, role, ready, cordoned, version, createdAt, problem }: NodeStatus, now: Date): Row {
  const state: Cell = ready ? ['Ready', problem ? 'yellow' : 'green'] : ['NotReady', 'red'];
  const notes = [cordoned ? 'cordoned: takes no new pods' : undefined, problem].filter((note) => note !== undefined);
  return [name, role, state, version, age(new Date(createdAt), now), notes.join('; ')];
}

function savedRows({ etcdSnapshots, backups }: PlatformStatus, now: Date): Row[] {
  return [
    ...(etcdSnapshots === undefined ? [] : [savedRow('etcd', etcdSnapshots, now)]),
    ...backups.map((one) => savedRow(one.app, one, now)),
  ];
}

function savedRow(name: string, { savedAt, late, schedule }: EtcdSnapshotStatus, now: Date): Row {
  const saved = savedAt === undefined ? 'never yet' : `${age(new Date(savedAt), now)} old`;
  return [name, [late ? `late: ${saved}` : saved, late ? 'red' : savedAt === undefined ? 'yellow' : 'green'], schedule];
}

function tokenRow({ name, valid, expiresAt }: TokenStatus, now: Date): Row {
  const days = daysUntil(expiresAt, now);
  const until = expiresAt === undefined ? '' : `until ${expiresAt.slice(0, 10)}`;
  return [name, valid ? ['valid', 'green'] : ['not valid', 'red'], until, days === undefined ? '' : `${days} days`];
}

function layerLines(layers: readonly LayerStatus[], colors: Colors): string[] {
  const shown = layers.flatMap((layer) => [
    { layer, name: layer.name },
    ...layer.parts.filter(({ healthy }) => !healthy).map((part) => ({ layer: part, name: `  ${part.name}` })),
  ]);
  const layerTable = textTable(
    shown.map(({ layer, name }) => layerRow(layer, name)),
    colors,
  );
  return shown.flatMap(({ layer, name }, index) => {
    const indent = ' '.repeat(name.length - name.trimStart().length + 4);
    const reasons = textTable(ownReasons(layer).map(reasonRow), colors);
    return [layerTable[index]!, ...reasons.map((line) => indent + line)];
  });
}

/** One that only waits has nothing to add to those that it waits for. */
function ownReasons({ waitingFor, reasons, parts }: LayerStatus): readonly Reason[] {
  if (waitingFor !== undefined) return [];
  return parts.every(({ healthy }) => healthy) ? reasons : reasons.filter(({ failed }) => failed);
}

function layerRow({ sync, health, revision, healthy, waitingFor, reasons }: LayerStatus, name: string): Row {
  if (waitingFor !== undefined) return [name, [`waiting for ${waitingFor}`, 'dim']];
  const failed = reasons.some((reason) => reason.failed);
  const paint = healthy ? 'green' : failed ? 'red' : 'yellow';
  return [name, [sync, sync === 'Synced' ? 'green' : paint], [health, paint], revision?.slice(0, 7) ?? ''];
}

function reasonRow(reason: Reason): Row {
  return [[reasonText(reason), reason.failed ? 'red' : 'yellow']];
}

function appRow({ kind, name, ready, wanted, images, healthy }: AppStatus): Row {
  const paint = healthy ? 'green' : ready === 0 ? 'red' : 'yellow';
  const note = !healthy && ready >= wanted ? 'rolling out' : '';
  return [name, kind, [`${ready}/${wanted}`, paint], images.join(', '), note];
}

function troubleRow({ object, reason, message }: Trouble): Row {
  return [nameOf(object), [reason, 'red'], message];
}

function certificateRow({ name, expiresAt, valid, problem }: CertificateStatus, now: Date): Row {
  const days = daysUntil(expiresAt, now);
  const until = expiresAt === undefined ? '' : `until ${expiresAt.slice(0, 10)}`;
  const left = days === undefined || days < 0 ? '' : `${days} days`;
  const state: Cell = valid ? (problem ? ['ends soon', 'red'] : ['valid', 'green']) : ['not valid', 'red'];
  return [name, state, until, left, problem ?? ''];
}
