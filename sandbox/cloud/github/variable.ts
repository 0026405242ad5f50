/** Variables of Actions: everybody who can write to the repository can read them. */
import { z } from 'zod';
import { ApiError } from '../http/api-error';
import { counted, created, NO_CONTENT, ok, type GithubRoute } from './answers';
import { checked } from './errors';
import { collection, timestampAfter } from './github';
import { actionsName, actionsValue } from './names';
import { onRepository } from './repository';

const variable = z.object({
  name: actionsName,
  value: actionsValue,
  created_at: z.string(),
  updated_at: z.string(),
});
const createRequest = variable.pick({ name: true, value: true });
const changeRequest = createRequest.partial();

/** Documented, and smaller than that of other lists. */
const PAGE_SIZE = { usual: 10, most: 30 };

const variables = collection<z.infer<typeof variable>>('variables', 'name');

export const variableRoutes: readonly GithubRoute[] = [
  onRepository('GET /actions/variables', 'variables:read', ({ github }, request) =>
    counted(request, 'variables', variables.of(github), PAGE_SIZE),
  ),
  onRepository('POST /actions/variables', 'variables:write', ({ github }, request) => {
    const wanted = checked('Variable', request.body, createRequest);
    if (variables.of(github).some(({ name }) => name === wanted.name)) {
      throw new ApiError(409, 'already_exists', 'Already exists - Variable already exists');
    }
    const created_at = timestampAfter();
    variables.add(github, { ...wanted, created_at, updated_at: created_at });
    return created({});
  }),
  onRepository('GET /actions/variables/{name}', 'variables:read', ({ github }, { params }) =>
    ok(variables.find(github, params['name']!.toUpperCase())),
  ),
  onRepository('PATCH /actions/variables/{name}', 'variables:write', ({ github }, { params, body }) => {
    const found = variables.find(github, params['name']!.toUpperCase());
    Object.assign(found, checked('Variable', body, changeRequest), { updated_at: timestampAfter(found.updated_at) });
    return NO_CONTENT;
  }),
  onRepository('DELETE /actions/variables/{name}', 'variables:write', ({ github }, { params }) => {
    variables.remove(github, variables.find(github, params['name']!.toUpperCase()));
    return NO_CONTENT;
  }),
];
