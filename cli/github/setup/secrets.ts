/** The secrets of each environment, sealed for GitHub. Values come from the environment or from a hidden prompt, and are never shown. */
import { CommandFailure } from '#clients/failure';
import { seal } from '#clients/github/seal';
import { alertVariables } from '#config/alerts';
import { GITHUB_ENVIRONMENTS, TOKEN_SECRETS, type GithubEnvironment } from '#config/delivery-access';
import { secretVariables } from '#config/environment';
import type { ForgeConfig } from '#config/schema';
import { BACKUP_PASSWORD, CLUSTER_TOKEN, tokenFault } from '#config/tokens';
import type { Terminal } from '../../output/terminal';
import { ifThere, type SetupContext, type Step } from './step';

const PLACE = '/repos/{owner}/{repo}/environments/{environment_name}/secrets';

interface WantedSecret {
  readonly environment: GithubEnvironment;
  readonly name: string;
}

/** Ends of names of what would let a reader write, were it the same as in production. */
const POWERFUL = TOKEN_SECRETS.filter((name) => name !== 'SPACES_ACCESS_KEY_ID');

/** @param renew names of secrets that are there and get a new value */
export async function secretSteps(
  context: SetupContext,
  terminal: Terminal,
  renew: readonly string[],
  asks: boolean,
): Promise<Step[]> {
  const lists = await Promise.all(
    GITHUB_ENVIRONMENTS.map(async (environment) => {
      const known = await namesIn(context, environment);
      const wanted = secretNames(context.config, environment);
      return wanted.filter((name) => !known.has(name) || renew.includes(name)).map((name) => ({ environment, name }));
    }),
  );
  const values = new Map<string, string>();
  const steps: Step[] = [];
  for (const wanted of lists.flat()) {
    const value = await valueOf(terminal, wanted, asks);
    if (value !== undefined) values.set(variableFor(wanted), value);
    steps.push(
      value === undefined ? missing(wanted) : { what: told(wanted), apply: () => put(context, wanted, value) },
    );
  }
  refuseShared(values);
  return steps;
}

/** What GitHub hands to the jobs of an environment. */
export function secretNames(config: ForgeConfig, environment: GithubEnvironment): readonly string[] {
  if (environment !== 'production') return TOKEN_SECRETS;
  return [...TOKEN_SECRETS, CLUSTER_TOKEN, ...alertVariables(config), ...secretVariables(config)];
}

function told({ environment, name }: WantedSecret): string {
  const kept = name === BACKUP_PASSWORD ? '; keep it somewhere else as well: without it no backup can be opened' : '';
  return `set the secret ${name} of ${environment}${kept}`;
}

function missing(wanted: WantedSecret): Step {
  return { what: `no value for the secret ${wanted.name} of ${wanted.environment}: set ${variableFor(wanted)}` };
}

/** The environment variable that holds a value for one environment. */
function variableFor({ environment, name }: WantedSecret): string {
  return `${environment.toUpperCase()}_${name}`;
}

async function valueOf(terminal: Terminal, wanted: WantedSecret, asks: boolean): Promise<string | undefined> {
  const { environment, name } = wanted;
  // A deploy at a keyboard has those of production under their own names.
  const variables = [variableFor(wanted), ...(environment === 'production' ? [name] : [])];
  const found = variables.find((variable) => terminal.env[variable]);
  if (found !== undefined) return sound(wanted, found, terminal.env[found]!);
  const question = `Value of ${name} for ${environment} (hidden; Enter leaves it out): `;
  const answer = asks ? await terminal.askHidden?.(question) : undefined;
  return answer ? sound(wanted, 'What was typed', answer) : undefined;
}

/** @throws CommandFailure for a token or password that cannot be right */
function sound({ name }: WantedSecret, source: string, value: string): string {
  const isToken = name === CLUSTER_TOKEN || TOKEN_SECRETS.some((token) => token === name);
  const fault = isToken || name === BACKUP_PASSWORD ? tokenFault(value, !isToken) : undefined;
  if (fault === undefined) return value;
  throw new CommandFailure(`${source} ${fault}. Set it again without that. Its value is not shown.`, { exitCode: 2 });
}

/** @throws CommandFailure where what only reads is the same as what deploys */
function refuseShared(values: ReadonlyMap<string, string>): void {
  for (const name of POWERFUL) {
    const deploys = values.get(`PRODUCTION_${name}`);
    const shared = ['PLAN', 'DRIFT'].find((one) => deploys !== undefined && values.get(`${one}_${name}`) === deploys);
    if (shared === undefined) continue;
    throw new CommandFailure(
      `${shared}_${name} is the same as that of production: whoever can push a branch could deploy. Make another one: docs/delivery.md.`,
      { exitCode: 2 },
    );
  }
}

async function put({ client, place }: SetupContext, { environment, name }: WantedSecret, value: string): Promise<void> {
  const at = { ...place, environment_name: environment };
  const { data } = await client.request(`GET ${PLACE}/public-key`, at);
  const sealed = { encrypted_value: await seal(value, data.key), key_id: data.key_id };
  await client.request(`PUT ${PLACE}/{secret_name}`, { ...at, secret_name: name, ...sealed });
}

async function namesIn({ client, place }: SetupContext, environment: string): Promise<ReadonlySet<string>> {
  const at = { ...place, environment_name: environment, per_page: 100 };
  const found = await ifThere(client.request(`GET ${PLACE}`, at));
  return new Set(found?.secrets.map(({ name }) => name));
}
