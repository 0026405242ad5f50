/** How Argo CD finds out how kinds are whose health it does not know, or sees too late. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns entries of the ConfigMap argocd-cm, each a Lua program */
export function healthChecks(): Readonly<Record<string, string>> {
  return {
    'resource.customizations.health.argoproj.io_Application': program('application'),
    'resource.customizations.health.apiextensions.k8s.io_CustomResourceDefinition':
      program('custom-resource-definition'),
    // A failed job of a CronJob is told by `forge status`; it must not hold a deploy.
    'resource.customizations.health.batch_CronJob': 'return { status = "Healthy" }',
  };
}

function program(name: string): string {
  return readFileSync(join(__dirname, 'health', `${name}.lua`), 'utf8');
}
