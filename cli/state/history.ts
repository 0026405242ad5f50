import { Command } from 'commander';
import { STACKS } from '#stacks/stack-names';
import { SpacesFailure } from '#clients/spaces/failure';
import type { Terminal } from '../output/terminal';
import { listObjectVersions, readObject } from './bucket-object';
import { withSession, type StateSession } from './session';
import { knownStack, stateKeyOf } from './stacks';
import { json, lines, size, time } from '../output/text';
import { textTable } from '../output/text-table';

interface StateVersion {
  readonly versionId: string;
  /** ISO 8601. */
  readonly modified: string;
  /** Bytes; of a deletion 0. */
  readonly size: number;
  /** Null for a deletion, and for what is no state. */
  readonly serial: number | null;
  readonly current: boolean;
  readonly deleted: boolean;
}

const NEWEST = 20;
/** The serial stands in the first lines of a state. */
const HEAD = 'bytes=0-1023';

/** `forge state history <stack>`: the versions of the state that the bucket keeps. */
export function historyCommand(terminal: Terminal): Command {
  return new Command('history')
    .summary('list the versions of a state')
    .description('List the versions of a state in the bucket, the newest first, with their time, size and serial.')
    .argument('<stack>', STACKS.join(', '))
    .option('--limit <number>', 'how many to list', positiveInteger, NEWEST)
    .option('--json', 'print an array of {versionId, modified, size, serial, current, deleted}')
    .addHelpText('after', '\nExample:\n  $ npx forge state history network')
    .action((stack: string, options: { limit: number; json?: boolean }) => {
      knownStack(stack);
      return withSession(terminal, async (session) => {
        const key = stateKeyOf(session.config, stack);
        const listed = await listVersions(session, key);
        if (listed.length === 0) throw noHistory(session, stack, key);
        const newest = listed.slice(0, options.limit);
        const versions = await Promise.all(newest.map((version) => withSerial(session, key, version)));
        terminal.write(options.json ? json(versions) : describe(versions, listed.length));
      });
    });
}

type ListedVersion = Omit<StateVersion, 'serial'>;

async function listVersions({ spaces }: StateSession, key: string): Promise<ListedVersion[]> {
  const versions = await listObjectVersions(spaces, key);
  return versions.map(({ VersionId, LastModified, Size, IsLatest }) => ({
    versionId: VersionId ?? 'null',
    modified: (LastModified ?? new Date(0)).toISOString(),
    size: Size ?? 0,
    current: IsLatest ?? false,
    deleted: Size === undefined,
  }));
}

async function withSerial({ spaces }: StateSession, key: string, version: ListedVersion): Promise<StateVersion> {
  const { versionId, deleted, size: bytes } = version;
  const isReadable = !deleted && bytes > 0;
  const head = isReadable ? await readObject(spaces, key, { versionId, range: HEAD }) : undefined;
  const [, serial] = /"serial":\s*(\d+)/.exec(head?.text ?? '') ?? [];
  return { ...version, serial: serial === undefined ? null : Number(serial) };
}

function describe(versions: readonly StateVersion[], total: number): string {
  const rows = versions.map((version) => [
    time(new Date(version.modified)),
    version.deleted ? 'deleted' : size(version.size),
    version.serial === null ? '-' : String(version.serial),
    version.versionId,
    version.current ? 'current' : '',
  ]);
  const older = total - versions.length;
  const more = older > 0 ? `${older} older: --limit ${total} lists all.\n` : '';
  const unversioned = versions.every(({ versionId }) => versionId === 'null');
  const advice = unversioned ? 'The bucket keeps no versions. Turn them on with: npx forge bootstrap\n' : '';
  return lines(textTable([['TIME', 'SIZE', 'SERIAL', 'VERSION', ''], ...rows])) + more + advice;
}

function noHistory({ spaces }: StateSession, stack: string, key: string): SpacesFailure {
  return new SpacesFailure(
    `The stack ${stack} has no state yet: there is no ${key} in the bucket ${spaces.bucket}. Deploy it with: npx cdktf deploy ${stack}`,
  );
}

function positiveInteger(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new SpacesFailure(`--limit is a number from 1 on, not ${JSON.stringify(text)}.`, { exitCode: 2 });
}
