/** Webhooks of the repository. */
import { z } from 'zod';
import type { RestRequest } from '../http/routes';
import { apiAddress, created, listed, NO_CONTENT, ok, type GithubRoute } from './answers';
import { checked, validationFailed } from './errors';
import { collection, nextId, timestampAfter, type Github } from './github';
import { onRepository } from './repository';

const config = z.object({
  url: z.url({ protocol: /^https?$/, error: 'must be a http or https URL' }),
  /** Empty when the caller does not say: GitHub sends a form then. */
  content_type: z.enum(['json', 'form', ''], 'must be json or form').default('form'),
  /** Signs deliveries. Nobody can read it back. */
  secret: z.string().default(''),
  /** Do not check the receiver's certificate. */
  insecure_ssl: z.coerce
    .string()
    .pipe(z.enum(['0', '1']))
    .default('0'),
});
const hook = z.object({
  id: z.number(),
  type: z.literal('Repository'),
  name: z.literal('web'),
  active: z.boolean(),
  events: z.array(z.string()).min(1, 'must name at least one event'),
  config,
  created_at: z.string(),
  updated_at: z.string(),
});
export type Hook = z.infer<typeof hook>;

const createRequest = hook
  .pick({ config: true })
  .extend({ active: hook.shape.active.default(true), events: hook.shape.events.default(['push']) });
const changeRequest = hook.pick({ config: true, active: true, events: true }).partial();

export const hooks = collection<Hook>('hooks', 'id');

export const hookRoutes: readonly GithubRoute[] = [
  onRepository('POST /hooks', 'webhooks:write', ({ github }, request) => {
    const wanted = checked('Hook', request.body, createRequest);
    checkUrl(github, wanted.config.url, undefined);
    const created_at = timestampAfter();
    const kind = { type: 'Repository', name: 'web' } as const;
    const added: Hook = { id: nextId(github, 'hooks'), ...kind, ...wanted, created_at, updated_at: created_at };
    hooks.add(github, added);
    return created(body(request, added));
  }),
  onRepository('GET /hooks', 'webhooks:read', ({ github }, request) =>
    listed(
      request,
      hooks.of(github).map((one) => body(request, one)),
    ),
  ),
  onRepository('GET /hooks/{id}', 'webhooks:read', ({ github }, request) =>
    ok(body(request, hooks.find(github, request.params['id']))),
  ),
  onRepository('PATCH /hooks/{id}', 'webhooks:write', ({ github }, request) => {
    const found = hooks.find(github, request.params['id']);
    // A configuration replaces the whole one, with its secret.
    const change = checked('Hook', request.body, changeRequest);
    if (change.config !== undefined) checkUrl(github, change.config.url, found);
    return ok(body(request, Object.assign(found, change, { updated_at: timestampAfter(found.updated_at) })));
  }),
  onRepository('DELETE /hooks/{id}', 'webhooks:write', ({ github }, { params }) => {
    hooks.remove(github, hooks.find(github, params['id']));
    return NO_CONTENT;
  }),
];

function checkUrl(github: Github, url: string, own: Hook | undefined): void {
  if (hooks.of(github).some((other) => other.config.url === url && other !== own)) {
    throw validationFailed('Hook', 'url', 'Hook already exists on this repository');
  }
}

function body(request: RestRequest, found: Hook): unknown {
  const { secret, ...open } = found.config;
  const url = apiAddress(request, `/hooks/${found.id}`);
  return { ...found, config: secret === '' ? open : { ...open, secret: '********' }, url };
}
