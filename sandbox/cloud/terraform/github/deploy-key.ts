import { createHash } from 'node:crypto';
import { createDeployKey, deleteDeployKey, getDeployKey, withoutComment } from '#sandbox/cloud/github/deploy-keys';
import type { PlanChange, ResourceType, ValueObject } from '../engine/resource';
import type { DeployKey } from '#sandbox/cloud/github/resources/deploy-key';
import { flag, text } from '../attributes';
import { calling, deleting, idParts, reading, repositoryOf, type GithubClient } from './client';

const FORMAT = '<repository>:<id>';

export const repositoryDeployKey: ResourceType<GithubClient> = {
  forceNew: ['repository', 'title', 'key', 'read_only'],
  defaults: { read_only: true },
  customizePlan: ignoreComment,
  create: ({ client, planned }) =>
    calling(async () => {
      const wanted = { title: text(planned, 'title'), key: text(planned, 'key'), readOnly: flag(planned, 'read_only') };
      return attributes(await createDeployKey(client.session, repositoryOf(client, planned), wanted), planned);
    }),
  read: ({ client, state }) =>
    reading(async () =>
      attributes(await getDeployKey(client.session, repositoryOf(client, state), idOf(state)), state),
    ),
  delete: ({ client, state }) =>
    deleting(() => deleteDeployKey(client.session, repositoryOf(client, state), idOf(state))),
  import: ({ id }) => {
    const [repository] = idParts(id, ':', FORMAT) as [string, string];
    return Promise.resolve({ id, repository });
  },
};

/** GitHub drops the comment of a key, so a key that differs in it only is the same. */
function ignoreComment({ prior, planned }: PlanChange): void {
  const key = planned['key'];
  if (prior === null || typeof key !== 'string') return;
  const bare = withoutComment(key);
  if (bare !== undefined && bare === prior['key']) planned['key'] = bare;
}

function attributes(made: DeployKey, state: ValueObject): ValueObject {
  return {
    id: `${text(state, 'repository')}:${made.id}`,
    title: made.title,
    key: made.key,
    read_only: made.readOnly,
    etag: `W/"${createHash('sha256').update(JSON.stringify(made)).digest('hex')}"`,
  };
}

function idOf(state: ValueObject): number {
  const [, id] = idParts(text(state, 'id'), ':', FORMAT);
  return Number(id);
}
