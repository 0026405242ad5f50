/** Settings of the repository: what Actions may run, and what may become the branch that is deployed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BRANCH } from '../../plan/reviewed-run';
import { holds, ifThere, type SetupContext, type Step } from './step';

const ACTIONS = '/repos/{owner}/{repo}/actions/permissions';
const RULESETS = '/repos/{owner}/{repo}/rulesets';
const RULESET = `forge: ${BRANCH}`;
const CODEOWNERS = '.github/CODEOWNERS';
/** In the file as it is delivered. */
const NOBODY = '@your-organisation/';

/** Names of jobs; a test holds the workflows to them. */
export const REQUIRED_CHECKS = ['Lint and types', 'Tests', 'Stacks', 'Plan'];

/** The only action of others that a workflow uses. */
export const ALLOWED_ACTIONS = ['hashicorp/setup-terraform@*'];

const PERMISSIONS = { enabled: true, allowed_actions: 'selected' as const, sha_pinning_required: true };
const SELECTED = { github_owned_allowed: true, verified_allowed: false, patterns_allowed: ALLOWED_ACTIONS };
const WORKFLOW = { default_workflow_permissions: 'read' as const, can_approve_pull_request_reviews: false };

export async function actionsSteps({ client, place }: SetupContext): Promise<Step[]> {
  const { data: permissions } = await client.request(`GET ${ACTIONS}`, { ...place });
  const { data: workflow } = await client.request(`GET ${ACTIONS}/workflow`, { ...place });
  const isLimited = holds(permissions, PERMISSIONS);
  const selected = isLimited ? (await client.request(`GET ${ACTIONS}/selected-actions`, { ...place })).data : undefined;
  const limit = async () => {
    await client.request(`PUT ${ACTIONS}`, { ...place, ...PERMISSIONS });
    await client.request(`PUT ${ACTIONS}/selected-actions`, { ...place, ...SELECTED });
  };
  const read = () => client.request(`PUT ${ACTIONS}/workflow`, { ...place, ...WORKFLOW });
  return [
    ...(holds(selected, SELECTED)
      ? []
      : [{ what: `allow only actions by GitHub and ${ALLOWED_ACTIONS.join(', ')}, by their full SHA`, apply: limit }]),
    ...(holds(workflow, WORKFLOW) ? [] : [{ what: 'give jobs a token that only reads', apply: read }]),
  ];
}

/** A branch that is protected before it is pushed could not be made. */
export async function branchSteps({ client, place }: SetupContext): Promise<Step[]> {
  const branch = await ifThere(
    client.request('GET /repos/{owner}/{repo}/branches/{branch}', { ...place, branch: BRANCH }),
  );
  if (branch === undefined) return [{ what: `${BRANCH} is not protected yet: push it, then run this again` }];
  const { data: all } = await client.request(`GET ${RULESETS}`, { ...place });
  const known = all.find(({ name }) => name === RULESET);
  if (known === undefined) {
    return [{ what: `protect ${BRANCH}`, apply: () => client.request(`POST ${RULESETS}`, { ...place, ...ruleset() }) }];
  }
  const at = { ...place, ruleset_id: known.id };
  const { data: found } = await client.request(`GET ${RULESETS}/{ruleset_id}`, at);
  if (holds(found, ruleset())) return [];
  const apply = () => client.request(`PUT ${RULESETS}/{ruleset_id}`, { ...at, ...ruleset() });
  return [{ what: `protect ${BRANCH} as docs/delivery.md says`, apply }];
}

/** @param checkout its folder */
export function ownerSteps(checkout: string): Step[] {
  const file = join(checkout, CODEOWNERS);
  const isMeant = existsSync(file) && !readFileSync(file, 'utf8').includes(NOBODY);
  return isMeant ? [] : [{ what: `write whom you trust into ${CODEOWNERS}: it names ${NOBODY}… still` }];
}

/** No direct push, for nobody: a commit without a reviewed plan is not deployed. */
function ruleset() {
  return {
    name: RULESET,
    target: 'branch' as const,
    enforcement: 'active' as const,
    bypass_actors: [],
    conditions: { ref_name: { include: [`refs/heads/${BRANCH}`], exclude: [] } },
    rules: [
      { type: 'deletion' as const },
      { type: 'non_fast_forward' as const },
      {
        type: 'pull_request' as const,
        parameters: {
          required_approving_review_count: 1,
          require_code_owner_review: true,
          dismiss_stale_reviews_on_push: true,
          require_last_push_approval: false,
          required_review_thread_resolution: false,
        },
      },
      {
        type: 'required_status_checks' as const,
        parameters: {
          strict_required_status_checks_policy: true,
          required_status_checks: REQUIRED_CHECKS.map((context) => ({ context })),
        },
      },
    ],
  };
}
