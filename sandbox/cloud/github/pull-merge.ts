/**
 * Merging a pull request. Source: GitHub's REST API, "Merge a pull request"; what a rule's refusal says is known from
 * akuity/kargo#6397 (one check) and from pushes that are refused ("2 of 2 required status checks are expected").
 */
import { z } from 'zod';
import { ApiError } from '../http/api-error';
import { ok, type GithubRoute } from './answers';
import { checked } from './errors';
import type { Merge } from './contents';
import { timestampAfter, type Github } from './github';
import { issues } from './issue';
import { commitsOf, isOpen, pulls, type Pull } from './pull';
import { onRepository, repositoryOf, userOf } from './repository';
import { rulesFor, type Rule } from './ruleset';

const mergeRequest = z.object({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
});
type MergeRequest = z.infer<typeof mergeRequest>;

export const mergeRoutes: readonly GithubRoute[] = [
  onRepository('PUT /pulls/{number}/merge', 'contents:write', async (caller, { params, body }) => {
    const { github } = caller;
    const pull = pulls.find(github, params['number']);
    const wanted = checked('PullRequest', body, mergeRequest);
    const { head, base } = await commitsOf(github, pull);
    if (!isOpen(github, pull) || head === undefined || base === undefined) throw notMergeable();
    if (wanted.sha !== undefined && wanted.sha !== head) {
      throw new ApiError(409, 'conflict', 'Head branch was modified. Review and try the merge again.');
    }
    refuseByRules(rulesFor(github, pull.base), wanted);
    if (!(await github.contents.fit(base, head))) throw notMergeable();
    const [by, method, into] = [userOf(caller), wanted.merge_method, pull.base];
    const message = await messageOf(github, pull, wanted, { head, base });
    const commit = await github.contents.merge({ method, into, base, head, message, author: by });
    if (commit === undefined) throw notAllowed('Base branch was modified. Review and try the merge again.');
    close(github, pull, { head, base, commit, by });
    return ok({ sha: commit, merged: true, message: 'Pull Request successfully merged' });
  }),
];

function notAllowed(message: string): ApiError {
  return new ApiError(405, 'method_not_allowed', message);
}

function notMergeable(): ApiError {
  return notAllowed('Pull Request is not mergeable');
}

/** No check ever reports here and nobody reviews, so what is required is missing. */
function refuseByRules(rules: readonly Rule[], { merge_method }: MergeRequest): void {
  const broken = rules.flatMap(({ type, parameters = {} }) => {
    if (type === 'required_status_checks') return missingChecks(parameters['required_status_checks']);
    if (type === 'required_linear_history' && merge_method === 'merge')
      return ['This branch must not contain merge commits.'];
    if (type !== 'pull_request') return [];
    const reviews = Number(parameters['required_approving_review_count'] ?? 0);
    const some = `At least ${reviews} approving review${reviews === 1 ? ' is' : 's are'} required by reviewers with write access.`;
    return reviews === 0 ? [] : [some];
  });
  if (broken.length > 0) throw notAllowed(`Repository rule violations found\n\n${broken.join('\n\n')}\n\n`);
}

function missingChecks(required: unknown): string[] {
  const checks = (required ?? []) as readonly { context: string }[];
  if (checks.length < 2) return checks.map(({ context }) => `Required status check "${context}" is expected.`);
  return [`${checks.length} of ${checks.length} required status checks are expected.`];
}

/** By default a merge names the pull request, and a squash what it puts together. */
async function messageOf(
  github: Github,
  { number, head: branch }: Pull,
  { merge_method, commit_title, commit_message }: MergeRequest,
  { head, base }: Pick<Merge, 'head' | 'base'>,
): Promise<string> {
  const { title } = issues.find(github, number);
  const commits = await github.contents.between(base, head);
  const [only] = commits.length === 1 ? commits : [];
  const list = commits.map(({ subject, body }) => `* ${subject}${body === '' ? '' : `\n\n${body}`}`).join('\n\n');
  const [subject, body] =
    merge_method === 'merge'
      ? [`Merge pull request #${number} from ${repositoryOf(github).owner.login}/${branch}`, title]
      : [`${only?.subject ?? title} (#${number})`, only?.body ?? list];
  return `${commit_title ?? subject}\n\n${commit_message ?? body}`.trimEnd();
}

function close(github: Github, pull: Pull, merged: NonNullable<Pull['merged']>): void {
  const issue = issues.find(github, pull.number);
  const now = timestampAfter();
  pull.merged = merged;
  Object.assign(issue, { state: 'closed', closed_at: now, updated_at: now });
  Object.assign(issue.pull_request!, { merged_at: now });
}
