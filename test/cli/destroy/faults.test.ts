/** `forge destroy` with one fault, at every call that it makes of every API. */
import { stateCommand } from '#cli/state/command';
import { injectFault, type Effect } from '#sandbox/cloud/http/faults';
import { CONFIRMED, sampleDestroy, type SampleDestroy } from './sample-destroy';

interface Place {
  readonly api: keyof SampleDestroy['faults'];
  readonly operation: string;
}

/** More than a destroy makes. */
const MANY = 100_000;
/** One for the fault, and two for what it broke. */
const RUNS = 3;
const REFUSED: Effect = { kind: 'error', status: 400, id: 'refused', message: 'a fault of the test' };
const LOST: Effect = { kind: 'crash-after' };

jest.setTimeout(15 * 60_000);

const everywhere: readonly Place[] = (['DigitalOcean', 'GitHub', 'Kubernetes', 'Spaces'] as const).map((api) => ({
  api,
  operation: '*',
}));
/** What is only asked of DigitalOcean is asked again: nothing can be done without being answered, or twice. */
const deletions: readonly Place[] = [
  ...['droplet', 'firewall', 'load_balancer', 'project', 'domain', 'spaces_key', 'tag', 'vpc'].map((kind): Place => ({
    api: 'DigitalOcean',
    operation: `${kind}:delete`,
  })),
  ...everywhere.slice(1),
];
const pastCluster = deletions.filter(({ api }) => api !== 'Kubernetes');
const WITHOUT_CLUSTER = ['--without-cluster'];

describe('forge destroy can be run again until everything is gone,', () => {
  beforeEach(() => {
    for (const stream of [process.stdout, process.stderr]) jest.spyOn(stream, 'write').mockReturnValue(true);
  });
  afterEach(() => jest.restoreAllMocks());

  it.each<[string, string, Effect, readonly Place[], readonly string[]]>([
    ['whichever of its calls', 'refused', REFUSED, everywhere, []],
    ['whichever of its calls', 'not answered', LOST, deletions, []],
    ['with a dead cluster whichever of its calls', 'refused', REFUSED, pastCluster, WITHOUT_CLUSTER],
  ])('%s is %s', async (_, _effect, effect, places, args) => {
    const calls = await countCalls(places, args);
    expect(calls.filter(({ made }) => made === 0)).toEqual([]);
    for (const { place, made } of calls) {
      for (let after = 0; after < made; after++) expect(await endAfter(place, effect, after, args)).toEqual([]);
    }
  });
});

async function inSample<T>(args: readonly string[], work: (sample: SampleDestroy) => Promise<T>): Promise<T> {
  const sample = await sampleDestroy();
  try {
    if (args === WITHOUT_CLUSTER) await sample.closeApi();
    return await work(sample);
  } finally {
    await sample.end();
  }
}

/** Calls that a destroy without a fault makes. */
function countCalls(places: readonly Place[], args: readonly string[]): Promise<{ place: Place; made: number }[]> {
  return inSample(args, async ({ faults, operator }) => {
    for (const { api, operation } of places) {
      injectFault(faults[api], { operation, effect: { kind: 'delay', ms: 0 }, times: MANY });
    }
    expect(await operator.run(...CONFIRMED, ...args)).toMatchObject({ code: 0 });
    const left = ({ api, operation }: Place) => faults[api].pending.find((one) => one.operation === operation)!.times!;
    return places.map((place) => ({ place, made: MANY - left(place) }));
  });
}

/** Fails at one call. Resolves with nothing when all is gone after some runs, otherwise with what is left and what was said. */
function endAfter(
  { api, operation }: Place,
  effect: Effect,
  after: number,
  args: readonly string[],
): Promise<string[]> {
  return inSample(args, async ({ faults, operator, left }) => {
    injectFault(faults[api], { operation, effect, after });
    const said = [`${api} ${operation}, call ${after + 1}`];
    for (let runs = 0; runs < RUNS; runs++) {
      const { code, output } = await operator.run(...CONFIRMED, ...args);
      said.push(output);
      await unlockAsTold(output, operator);
      if (code !== 0) continue;
      const things = await left();
      return things.length === 0 ? [] : [...said, ...things];
    }
    return said;
  });
}

async function unlockAsTold(output: string, { env }: SampleDestroy['operator']): Promise<void> {
  const stack = /npx forge state unlock (\S+)/.exec(output)?.[1];
  if (stack === undefined) return;
  const nobody = () => undefined;
  const command = stateCommand({ env, write: nobody, notify: nobody, ask: undefined });
  await command.parseAsync(['unlock', stack, '--force'], { from: 'user' });
}
