import type { Variable } from '#sandbox/cloud/github/resources/variable';
import { createVariable, deleteVariable, getVariable, updateVariable } from '#sandbox/cloud/github/variables';
import type { ResourceType, ValueObject } from '../engine/resource';
import { text } from '../attributes';
import { calling, deleting, goTime, idParts, reading, repositoryOf, type GithubClient } from './client';
import { checkName } from './names';

export const actionsVariable: ResourceType<GithubClient> = {
  forceNew: ['variable_name'],
  changesOnUpdate: ['updated_at'],
  validate: (config) => checkName(config, 'variable_name'),
  create: ({ client, planned }) =>
    calling(async () => {
      const [name, value] = [text(planned, 'variable_name'), text(planned, 'value')];
      return attributes(await createVariable(client.session, repositoryOf(client, planned), name, value), planned);
    }),
  read: ({ client, state }) =>
    reading(async () => {
      const name = text(state, 'variable_name');
      return attributes(await getVariable(client.session, repositoryOf(client, state), name), state);
    }),
  update: ({ client, planned }) =>
    calling(async () => {
      const [name, value] = [text(planned, 'variable_name'), text(planned, 'value')];
      return attributes(await updateVariable(client.session, repositoryOf(client, planned), name, value), planned);
    }),
  delete: ({ client, state }) =>
    deleting(() => deleteVariable(client.session, repositoryOf(client, state), text(state, 'variable_name'))),
  import: ({ id }) => {
    const [repository, name] = idParts(id, ':', '<repository>:<variable_name>') as [string, string];
    return Promise.resolve({ id, repository, variable_name: name });
  },
};

function attributes({ value, createdAt, updatedAt }: Variable, state: ValueObject): ValueObject {
  return {
    id: `${text(state, 'repository')}:${text(state, 'variable_name')}`,
    value,
    created_at: goTime(createdAt),
    updated_at: goTime(updatedAt),
  };
}
