/** The status for people. */
import type { Colors } from 'picocolors/types';
import { daysUntil, isSound } from './certificates';
import {
  nameOf,
  type AppStatus,
  type CertificateStatus,
  type LayerStatus,
  type NodeStatus,
  type PlatformStatus,
  type Reason,
  type Trouble,
} from './platform-status';
import { textTable, type Cell } from '../output/text-table';

type Row = readonly Cell[];

export function describeStatus(status: PlatformStatus, colors: Colors): string {
  const now = new Date(status.readAt);
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [
      'Nodes',
      textTable(
        status.nodes.map((node) => nodeRow(node, now)),
        colors,
      ),
    ],
    ['Layers', layerLines(status.layers, colors)],
    ['Apps', textTable(status.apps.map(appRow), colors)],
    ['In trouble', textTable(status.troubles.flatMap(troubleRows), colors)],
    [
      'Certificates',
      textTable(
        status.certificates.map((one) => certificateRow(one, now)),
        colors,
      ),
    ],
    [
      'Warnings',
      textTable(
        status.warnings.map((text): Row => [[text, 'yellow']]),
        colors,
      ),
    ],
    [
      'Not to be seen with this certificate',
      textTable(
        status.unseen.map((list): Row => [list]),
        colors,
      ),
    ],
  ];
  return [
    ...sections
      .filter(([, lines]) => lines.length > 0)
      .map(([title, lines]) => `${colors.bold(title)}\n${lines.join('\n')}\n`),
    ...(status.healthy ? [`${colors.green('Everything is healthy.')}\n`] : []),
  ].join('\n');
}

/** What is not healthy, one line per part of the platform. */
export function describeFaults({ blocking, nodes, apps, troubles, certificates, unseen }: PlatformStatus): string {
  const faults = [
    blocking && describeBlocking(blocking),
    listOf(
      'nodes',
      nodes.filter(({ ready, problem }) => !ready || problem !== undefined).map(({ name }) => name),
    ),
    listOf(
      'apps',
      apps.filter(({ healthy }) => !healthy).map(({ name }) => name),
    ),
    listOf(
      'in trouble',
      troubles.map(({ object }) => nameOf(object)),
    ),
    listOf(
      'certificates',
      certificates.filter((one) => !isSound(one)).map(({ name }) => name),
    ),
    nodes.length === 0 && !unseen.includes('nodes') ? 'no nodes' : undefined,
  ];
  return `Not healthy.\n${faults
    .filter(Boolean)
    .map((fault) => `  ${fault}`)
    .join('\n')}`;
}

function listOf(title: string, names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : `${title}: ${names.join(', ')}`;
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
  return [name, role, state, version, ageOf(createdAt, now), notes.join('; ')];
}

function layerLines(layers: readonly LayerStatus[], colors: Colors): string[] {
  const shown = layers.flatMap((layer) => [
    { layer, name: layer.name },
    ...layer.parts.filter(({ healthy }) => !healthy).map((part) => ({ layer: part, name: `  ${part.name}` })),
  ]);
  const lines = textTable(
    shown.map(({ layer, name }) => layerRow(layer, name)),
    colors,
  );
  return shown.flatMap(({ layer, name }, index) => {
    const indent = ' '.repeat(name.length - name.trimStart().length + 6);
    const reasons = ownReasons(layer);
    return [lines[index]!, ...textTable(reasons.map(reasonRow), colors).map((line) => indent + line.trimStart())];
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

function troubleRows({ object, reason, message }: Trouble): Row[] {
  return [[nameOf(object), [reason, 'red'], message]];
}

function certificateRow({ name, expiresAt, valid, problem }: CertificateStatus, now: Date): Row {
  const days = daysUntil(expiresAt, now);
  const until = expiresAt === undefined ? '' : `until ${expiresAt.slice(0, 10)}`;
  const left = days === undefined || days < 0 ? '' : `${days} days`;
  const state: Cell = valid ? (problem ? ['ends soon', 'red'] : ['valid', 'green']) : ['not valid', 'red'];
  return [name, state, until, left, problem ?? ''];
}

/** `3 d`, in the largest unit. */
function ageOf(createdAt: string, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - new Date(createdAt).getTime()) / 1000));
  if (Number.isNaN(seconds)) return '';
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
