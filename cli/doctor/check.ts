/** One thing that must be right before a deploy. */
export interface Check {
  readonly name: string;
  /** Resolves with what was found; rejects or returns a problem when it is not right. */
  readonly run: () => Promise<Finding>;
}

export type Finding =
  | { readonly level: 'ok'; readonly found: string }
  /** `todo` says what to do. */
  | { readonly level: 'warning' | 'failure'; readonly found: string; readonly todo: string };

export type Outcome = { readonly check: string } & Finding;

/** A check that takes longer is as good as failed. */
const LIMIT_MS = 20_000;

export function ok(found: string): Finding {
  return { level: 'ok', found };
}

export function warning(found: string, todo: string): Finding {
  return { level: 'warning', found, todo };
}

export function failure(found: string, todo: string): Finding {
  return { level: 'failure', found, todo };
}

/** Runs all at once; the outcomes are in the order of the checks. */
export function runChecks(checks: readonly Check[]): Promise<Outcome[]> {
  return Promise.all(checks.map(async ({ name, run }) => ({ check: name, ...(await limited(run)) })));
}

async function limited(run: Check['run']): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(
      () => resolve(failure('no answer in 20 s', 'Look at the network, then run this again.')),
      LIMIT_MS,
    );
  });
  try {
    return await Promise.race([run(), late]);
  } catch (error) {
    const [found = '', ...rest] = (error as Error).message.split('\n');
    return failure(found, rest.join(' ').trim() || 'Put this right, then run this again.');
  } finally {
    clearTimeout(timer);
  }
}
