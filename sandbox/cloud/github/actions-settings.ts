/** What Actions may do in the repository. Source: GitHub's REST API, "GitHub Actions permissions". */
import { z } from 'zod';
import { ApiError } from '../http/api-error';
import { NO_CONTENT, ok, type GithubRoute } from './answers';
import { checked } from './errors';
import { collection, type Github } from './github';
import { onRepository } from './repository';

const permissions = z.object({
  enabled: z.boolean(),
  allowed_actions: z.enum(['all', 'local_only', 'selected']).default('all'),
  sha_pinning_required: z.boolean().default(false),
});
const selected = z.object({
  github_owned_allowed: z.boolean(),
  verified_allowed: z.boolean(),
  patterns_allowed: z.array(z.string()),
});
const workflow = z.object({
  default_workflow_permissions: z.enum(['read', 'write']),
  can_approve_pull_request_reviews: z.boolean(),
});

interface Settings {
  readonly id: 'actions';
  permissions: z.infer<typeof permissions>;
  selected: z.infer<typeof selected>;
  workflow: z.infer<typeof workflow>;
}

const settings = collection<Settings>('actions_settings', 'id');

export const actionsSettingsRoutes: readonly GithubRoute[] = [
  onRepository('GET /actions/permissions', 'administration:read', ({ github }) => ok(settingsOf(github).permissions)),
  onRepository('PUT /actions/permissions', 'administration:write', ({ github }, { body }) => {
    settingsOf(github).permissions = checked('ActionsPermissions', body, permissions);
    return NO_CONTENT;
  }),
  onRepository('GET /actions/permissions/selected-actions', 'administration:read', ({ github }) => {
    requireSelected(github);
    return ok(settingsOf(github).selected);
  }),
  onRepository('PUT /actions/permissions/selected-actions', 'administration:write', ({ github }, { body }) => {
    requireSelected(github);
    settingsOf(github).selected = checked('SelectedActions', body, selected);
    return NO_CONTENT;
  }),
  onRepository('GET /actions/permissions/workflow', 'administration:read', ({ github }) =>
    ok(settingsOf(github).workflow),
  ),
  onRepository('PUT /actions/permissions/workflow', 'administration:write', ({ github }, { body }) => {
    settingsOf(github).workflow = checked('WorkflowPermissions', body, workflow);
    return NO_CONTENT;
  }),
];

/** As a new repository has them. */
function settingsOf(github: Github): Settings {
  const [held] = settings.of(github);
  if (held !== undefined) return held;
  return settings.add(github, {
    id: 'actions',
    permissions: { enabled: true, allowed_actions: 'all', sha_pinning_required: false },
    selected: { github_owned_allowed: true, verified_allowed: false, patterns_allowed: [] },
    workflow: { default_workflow_permissions: 'read', can_approve_pull_request_reviews: false },
  });
}

function requireSelected(github: Github): void {
  if (settingsOf(github).permissions.allowed_actions === 'selected') return;
  throw new ApiError(409, 'conflict', 'Actions are not limited to selected ones');
}
