/** What a deploy leaves on its page at GitHub: addresses, nodes, layers, and what is in trouble. */
import { codeSpan, markdownTable } from '../output/markdown';
import { nameOf, type LayerStatus, type PlatformStatus } from './platform-status';

const LONGEST_TEXT = 1000;

/** @param urls of the tools, as people open them */
export function summaryMarkdown(status: PlatformStatus, urls: readonly string[]): string {
  const { blocking, nodes, layers, troubles, certificates, warnings } = status;
  const expired = certificates.filter(({ valid }) => !valid);
  const parts = [
    status.healthy ? '## Everything is healthy' : '## Not healthy',
    blocking === undefined ? '' : `${text(blocking.layer)} holds the rest: ${text(blocking.message)}`,
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
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function layerRows({ name, sync, health, revision, waitingFor, parts }: LayerStatus): string[][] {
  const state = waitingFor === undefined ? health : `waits for ${waitingFor}`;
  const inner = parts.flatMap(layerRows).map(([part, ...rest]) => [`- ${part ?? ''}`, ...rest]);
  return [[name, sync, state, revision?.slice(0, 7) ?? ''], ...inner];
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return markdownTable(
    titles.map((title) => ({ title })),
    rows.map((row) => row.map(text)),
  );
}

/** What the cluster says, whatever it contains. */
function text(value: string): string {
  return codeSpan(value, LONGEST_TEXT);
}
