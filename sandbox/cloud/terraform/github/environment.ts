import { deleteEnvironment, getEnvironment, putEnvironment } from '#sandbox/cloud/github/environments';
import type { ResourceType, Value, ValueObject } from '../engine/resource';
import type { Environment, EnvironmentSettings } from '#sandbox/cloud/github/resources/environment';
import { blocks, flag, number, numbers, optional, text } from '../attributes';
import { calling, deleting, idParts, reading, repositoryOf, type GithubClient } from './client';

export const repositoryEnvironment: ResourceType<GithubClient> = {
  forceNew: ['repository', 'environment'],
  defaults: { can_admins_bypass: true, prevent_self_review: false },
  create: ({ client, planned }) => calling(() => put(client, planned)),
  read: ({ client, state }) =>
    reading(async () => {
      const found = await getEnvironment(client.session, repositoryOf(client, state), text(state, 'environment'));
      return attributes(found, state);
    }),
  update: ({ client, planned }) => calling(() => put(client, planned)),
  delete: ({ client, state }) =>
    deleting(() => deleteEnvironment(client.session, repositoryOf(client, state), text(state, 'environment'))),
  import: ({ id }) => {
    const [repository, environment] = idParts(id, ':', '<repository>:<environment>') as [string, string];
    return Promise.resolve({ id, repository, environment });
  },
};

async function put(client: GithubClient, planned: ValueObject): Promise<ValueObject> {
  const repository = repositoryOf(client, planned);
  const made = await putEnvironment(client.session, repository, text(planned, 'environment'), settings(planned));
  return attributes(made, planned);
}

function settings(planned: ValueObject): EnvironmentSettings {
  const reviewers = blocks(planned, 'reviewers');
  const [policy] = blocks(planned, 'deployment_branch_policy');
  return {
    waitTimer: number(planned, 'wait_timer'),
    canAdminsBypass: flag(planned, 'can_admins_bypass'),
    preventSelfReview: flag(planned, 'prevent_self_review'),
    reviewers: {
      teams: reviewers.flatMap((block) => numbers(block, 'teams')),
      users: reviewers.flatMap((block) => numbers(block, 'users')),
    },
    branchPolicy: policy && {
      protectedBranches: flag(policy, 'protected_branches'),
      customPolicies: flag(policy, 'custom_branch_policies'),
    },
  };
}

function attributes(made: Environment, state: ValueObject): ValueObject {
  const { name, waitTimer, canAdminsBypass, preventSelfReview, reviewers, branchPolicy } = made;
  return {
    id: `${text(state, 'repository')}:${name}`,
    wait_timer: optional(state, 'wait_timer', waitTimer),
    can_admins_bypass: canAdminsBypass,
    prevent_self_review: preventSelfReview,
    reviewers: reviewerBlocks(reviewers, state),
    deployment_branch_policy:
      branchPolicy === undefined
        ? []
        : [
            {
              protected_branches: branchPolicy.protectedBranches,
              custom_branch_policies: branchPolicy.customPolicies,
            },
          ],
  };
}

function reviewerBlocks({ teams, users }: EnvironmentSettings['reviewers'], state: ValueObject): Value {
  if (teams.length + users.length === 0) return [];
  const [known = {}] = blocks(state, 'reviewers');
  return [{ teams: optional(known, 'teams', teams), users: optional(known, 'users', users) }];
}
