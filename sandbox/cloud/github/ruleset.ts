/** Rules of branches. Source: GitHub's REST API, "Rules". */
import { z } from 'zod';
import { created, listed, ok, type GithubRoute } from './answers';
import { checked, validationFailed } from './errors';
import { collection, nextId, type Github } from './github';
import { onRepository, repositoryOf } from './repository';

const ruleset = z.object({
  id: z.number(),
  name: z.string().min(1),
  target: z.enum(['branch', 'tag', 'push']).default('branch'),
  enforcement: z.enum(['disabled', 'active', 'evaluate']),
  conditions: z.object({
    ref_name: z.object({
      include: z.array(
        z.string().regex(/^(refs\/heads\/|~)/, 'must be refs/heads/<name>, or one of ~DEFAULT_BRANCH and ~ALL'),
      ),
      exclude: z.array(z.string()),
    }),
  }),
  rules: z.array(z.object({ type: z.string(), parameters: z.record(z.string(), z.unknown()).optional() })),
  bypass_actors: z.array(z.unknown()).default([]),
});
const request = ruleset.omit({ id: true });

export type Rule = z.infer<typeof ruleset>['rules'][number];

const rulesets = collection<z.infer<typeof ruleset>>('rulesets', 'id');

/** What is enforced on a branch. */
export function rulesFor(github: Github, branch: string): Rule[] {
  const isNamed = (names: readonly string[]) =>
    names.some(
      (name) =>
        name === '~ALL' ||
        name === `refs/heads/${branch}` ||
        (name === '~DEFAULT_BRANCH' && branch === repositoryOf(github).default_branch),
    );
  return rulesets
    .of(github)
    .filter(({ target, enforcement }) => target === 'branch' && enforcement === 'active')
    .filter(({ conditions: { ref_name } }) => isNamed(ref_name.include) && !isNamed(ref_name.exclude))
    .flatMap(({ rules }) => rules);
}

export const rulesetRoutes: readonly GithubRoute[] = [
  onRepository('GET /rulesets', 'metadata:read', ({ github }, incoming) =>
    listed(
      incoming,
      rulesets.of(github).map(({ id, name, target, enforcement }) => ({ id, name, target, enforcement })),
    ),
  ),
  onRepository('GET /rulesets/{id}', 'metadata:read', ({ github }, { params }) =>
    ok(rulesets.find(github, params['id'])),
  ),
  onRepository('POST /rulesets', 'administration:write', ({ github }, { body }) => {
    const wanted = checked('Ruleset', body, request);
    if (rulesets.of(github).some(({ name }) => name === wanted.name)) {
      throw validationFailed('Ruleset', 'name', 'must be unique');
    }
    return created(rulesets.add(github, { id: nextId(github, 'rulesets'), ...wanted }));
  }),
  onRepository('PUT /rulesets/{id}', 'administration:write', ({ github }, { params, body }) =>
    ok(Object.assign(rulesets.find(github, params['id']), checked('Ruleset', body, request))),
  ),
];
