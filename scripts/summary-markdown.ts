/** What a deploy leaves on its page at GitHub: addresses, nodes, layers, and what is in trouble. */
import { nameOf, type LayerStatus, type PlatformStatus } from '#cli/status/platform-status';

/** @param urls of the tools, as people open them */
export function summaryMarkdown(status: PlatformStatus, urls: readonly string[]): string {
  const { blocking, nodes, layers, troubles, certificates, warnings } = status;
  const expired = certificates.filter(({ valid }) => !valid);
  return [
    status.healthy ? '## Everything is healthy' : '## Not healthy',
    ...(blocking ? [`**${text(blocking.layer)}** holds the rest: ${text(blocking.message)}`] : []),
    list(urls),
    table(
      ['node', 'role', 'state', 'version'],
      nodes.map(({ name, role, ready, problem, version }) => [
        name,
        role,
        ready ? 'Ready' : `NotReady: ${problem ?? ''}`,
        version,
      ]),
    ),
    table(['layer', 'sync', 'health', 'commit'], layers.flatMap(layerRows)),
    table(
      ['in trouble', 'why'],
      troubles.map(({ object, reason, message }) => [nameOf(object), `${reason}: ${message}`]),
    ),
    table(
      ['certificate', 'why it is not valid'],
      expired.map(({ name, problem }) => [name, problem ?? '']),
    ),
    list(warnings.map(text)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function layerRows({ name, sync, health, revision, waitingFor, parts }: LayerStatus): string[][] {
  const state = waitingFor === undefined ? health : `waits for ${waitingFor}`;
  const inner = parts.flatMap(layerRows).map(([part, ...rest]) => [`- ${part ?? ''}`, ...rest]);
  return [[name, sync, state, revision?.slice(0, 7) ?? ''], ...inner];
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.map(text).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Messages come from the cluster: nothing in them is markup, and nobody is mentioned. */
function text(value: string): string {
  return value
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]()#!|~]/g, (mark) => `\\${mark}`)
    .replaceAll('@', '@\u200b');
}
