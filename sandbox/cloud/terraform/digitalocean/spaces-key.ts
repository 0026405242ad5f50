import { apiResource } from './api-resource';

/** The provider cannot import one: only the answer to its making has the secret. */
export const spacesKey = {
  ...apiResource({
    path: '/v2/spaces/keys',
    root: 'key',
    key: 'access_key',
    noun: 'Spaces key',
    words: { read: 'Error reading Spaces key' },
    request: ({ name, grant }) => ({ name, grants: grant }),
    attributes: ({ grants = [], ...key }) => ({ ...key, grant: grants }),
  }),
  import: undefined,
};
