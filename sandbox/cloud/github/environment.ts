/**
 * Environments of the repository, with who must agree to their jobs and which branches they take.
 * Rules: GitHub's REST API, "Deployment environments" and "Deployment branch policies".
 */
import { z } from 'zod';
import { validationFailed, checked, notFound } from './errors';
import { counted, NO_CONTENT, ok, type GithubRoute } from './answers';
import { collection, nextId, timestampAfter, type Github } from './github';
import { onRepository } from './repository';

const branchPolicy = z.object({ id: z.number(), name: z.string().min(1), type: z.enum(['branch', 'tag']) });
type BranchPolicy = z.infer<typeof branchPolicy>;
const policyRequest = branchPolicy.pick({ name: true }).extend({ type: branchPolicy.shape.type.default('branch') });

/** One of the two, or null for every branch. */
const branches = z
  .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
  .refine((one) => one.protected_branches !== one.custom_branch_policies, 'the two cannot have the same value')
  .nullable();
const reviewer = z.object({ type: z.enum(['User', 'Team']), id: z.number() });

export const environment = z.object({
  id: z.number(),
  name: z.string().min(1).max(255),
  reviewers: z.array(reviewer).max(6, 'at most six reviewers'),
  deployment_branch_policy: branches,
  policies: z.array(branchPolicy),
  created_at: z.string(),
});
export type Environment = z.infer<typeof environment>;

/** What is left out of a request is removed, as the real API does it. */
const putRequest = z.object({
  reviewers: environment.shape.reviewers.nullish(),
  deployment_branch_policy: branches.default(null),
});

export const environments = collection<Environment>('environments', 'name');

export const environmentRoutes: readonly GithubRoute[] = [
  onRepository('GET /environments/{name}', 'actions:read', ({ github }, { params }) =>
    ok(body(environments.find(github, params['name']))),
  ),
  onRepository('PUT /environments/{name}', 'administration:write', ({ github }, { params, body: sent }) => {
    const wanted = checked('Environment', sent, putRequest);
    const held = named(github, params['name']!) ?? environments.add(github, newEnvironment(github, params['name']!));
    held.reviewers = wanted.reviewers ?? [];
    held.deployment_branch_policy = wanted.deployment_branch_policy;
    if (wanted.deployment_branch_policy?.custom_branch_policies !== true) held.policies = [];
    return ok(body(held));
  }),
  onRepository('GET /environments/{name}/deployment-branch-policies', 'actions:read', ({ github }, request) =>
    counted(request, 'branch_policies', environments.find(github, request.params['name']).policies),
  ),
  onRepository(
    'POST /environments/{name}/deployment-branch-policies',
    'administration:write',
    ({ github }, { params, body: sent }) => {
      const held = environments.find(github, params['name']);
      // The real API: "Branch policies are not enabled", as 404.
      if (held.deployment_branch_policy?.custom_branch_policies !== true) throw notFound();
      const wanted = checked('DeploymentBranchPolicy', sent, policyRequest);
      if (held.policies.some(({ name }) => name === wanted.name)) {
        throw validationFailed('DeploymentBranchPolicy', 'name', 'exists already');
      }
      const policy: BranchPolicy = { id: nextId(github, 'branch_policies'), ...wanted };
      held.policies.push(policy);
      return ok(policy);
    },
  ),
  onRepository(
    'DELETE /environments/{name}/deployment-branch-policies/{id}',
    'administration:write',
    ({ github }, { params }) => {
      const held = environments.find(github, params['name']);
      held.policies = held.policies.filter(({ id }) => `${id}` !== params['id']);
      return NO_CONTENT;
    },
  ),
];

function named(github: Github, name: string): Environment | undefined {
  return environments.of(github).find((one) => one.name.toLowerCase() === name.toLowerCase());
}

function newEnvironment(github: Github, name: string): Environment {
  const id = nextId(github, 'environments');
  return { id, name, reviewers: [], deployment_branch_policy: null, policies: [], created_at: timestampAfter() };
}

function body({ id, name, reviewers, deployment_branch_policy, created_at }: Environment): unknown {
  const people = reviewers.map(({ type, id: reviewerId }) => ({ type, reviewer: { id: reviewerId } }));
  const rules = [
    ...(people.length > 0 ? [{ type: 'required_reviewers', reviewers: people }] : []),
    ...(deployment_branch_policy === null ? [] : [{ type: 'branch_policy' }]),
  ];
  return { id, name, created_at, deployment_branch_policy, protection_rules: rules };
}
