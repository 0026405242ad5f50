/** The environments of docs/delivery.md: which branches they take, and who must agree. */
import { BRANCH } from '../../plan/reviewed-run';
import { ifThere, type SetupContext, type Step } from './step';

interface Environment {
  readonly name: string;
  readonly onlyMain: boolean;
  /** Before what its reviewers are asked; without, it has none. */
  readonly asksBefore?: string;
}

const ENVIRONMENTS: readonly Environment[] = [
  // Holds no secret: so one approval is enough for all jobs of a deploy.
  { name: 'approval', onlyMain: true, asksBefore: 'a deploy' },
  { name: 'production', onlyMain: true },
  { name: 'drift', onlyMain: true },
  // Its key reads the states, which hold the authorities of the cluster; any branch may say what runs with it.
  { name: 'plan', onlyMain: false, asksBefore: 'a plan of a branch' },
];
const PLACE = '/repos/{owner}/{repo}/environments/{environment_name}';
const POLICIES = `${PLACE}/deployment-branch-policies`;

type Reviewers = readonly { readonly type: 'User' | 'Team'; readonly id: number }[];

interface Found {
  readonly reviewers: Reviewers;
  readonly onlyMain: boolean;
}

/** @param logins of those who may approve deploys and plans; none keeps those that are there */
export async function environmentSteps(context: SetupContext, logins: readonly string[]): Promise<Step[]> {
  const people = await Promise.all(logins.map((login) => personOf(context, login)));
  const steps = await Promise.all(
    ENVIRONMENTS.map(async ({ name, onlyMain, asksBefore }) => {
      const found = await find(context, name);
      const reviewers = people.length > 0 ? people : (found?.reviewers ?? []);
      const sought = { reviewers: asksBefore === undefined ? [] : reviewers, onlyMain };
      return [...difference(context, name, found, sought), ...nobodyAsked(asksBefore, sought)];
    }),
  );
  return steps.flat();
}

function difference(context: SetupContext, name: string, found: Found | undefined, sought: Found): Step[] {
  const ids = ({ reviewers }: Found) => [...reviewers.map(({ id }) => id)].sort().join();
  const isSame = found !== undefined && found.onlyMain === sought.onlyMain && ids(found) === ids(sought);
  if (isSame) return [];
  const rules = [
    sought.onlyMain ? `only ${BRANCH}` : 'every branch',
    sought.reviewers.length === 0 ? 'no reviewers' : `${sought.reviewers.length} reviewers`,
  ];
  const apply = () => write(context, name, sought);
  return [{ what: `${found === undefined ? 'make' : 'change'} the environment ${name}: ${rules.join(', ')}`, apply }];
}

function nobodyAsked(asksBefore: string | undefined, { reviewers }: Found): Step[] {
  if (asksBefore === undefined || reviewers.length > 0) return [];
  return [{ what: `nobody is asked before ${asksBefore}: name who may approve with --reviewer` }];
}

async function write({ client, place }: SetupContext, name: string, { reviewers, onlyMain }: Found): Promise<void> {
  const at = { ...place, environment_name: name };
  const branches = onlyMain ? { protected_branches: false, custom_branch_policies: true } : null;
  await client.request(`PUT ${PLACE}`, { ...at, reviewers: [...reviewers], deployment_branch_policy: branches });
  if (!onlyMain) return;
  const { data } = await client.request(`GET ${POLICIES}`, at);
  for (const { id, name: branch } of data.branch_policies) {
    if (branch !== BRANCH)
      await client.request(`DELETE ${POLICIES}/{branch_policy_id}`, { ...at, branch_policy_id: id! });
  }
  if (!data.branch_policies.some((one) => one.name === BRANCH)) {
    await client.request(`POST ${POLICIES}`, { ...at, name: BRANCH, type: 'branch' });
  }
}

async function find({ client, place }: SetupContext, name: string): Promise<Found | undefined> {
  const at = { ...place, environment_name: name };
  const found = await ifThere(client.request(`GET ${PLACE}`, at));
  if (found === undefined) return undefined;
  const rule = (found.protection_rules ?? []).find(({ type }) => type === 'required_reviewers');
  const listed = (rule as { reviewers?: { type?: string; reviewer?: { id?: number } }[] } | undefined)?.reviewers ?? [];
  const reviewers = listed.map(({ type, reviewer }) => ({ type: type as 'User' | 'Team', id: reviewer!.id! }));
  if (found.deployment_branch_policy?.custom_branch_policies !== true) return { reviewers, onlyMain: false };
  const { data } = await client.request(`GET ${POLICIES}`, at);
  return { reviewers, onlyMain: data.branch_policies.map((one) => one.name).join() === BRANCH };
}

async function personOf({ client }: SetupContext, login: string): Promise<Reviewers[number]> {
  const { data } = await client.request('GET /users/{username}', { username: login });
  return { type: 'User', id: data.id };
}
