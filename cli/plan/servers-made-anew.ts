/** What `servers.generation` does to the control plane, said before it is done. */
import { kindOf } from './change-kind';
import type { PlanFile, ResourceChange } from './plan-file';

type Changes = Pick<PlanFile, 'resource_changes'>;

const SERVER = /^digitalocean_droplet\.server_\d+$/;

interface ServersMadeAnew {
  /** Of the whole control plane. */
  readonly count: number;
  /** Addresses of those that are replaced because a generation was raised. */
  readonly replaced: readonly string[];
}

function serversMadeAnew({ resource_changes: all = [] }: Changes): ServersMadeAnew {
  const servers = all.filter(({ address }) => SERVER.test(address));
  return { count: servers.length, replaced: servers.filter(isMadeAnew).map(({ address }) => address) };
}

function isMadeAnew(server: ResourceChange): boolean {
  return kindOf(server) === 'replace' && server.action_reason === 'replace_by_triggers';
}

/** Undefined when the plan leaves enough of them. Terraform destroys all that it replaces before it makes the first again. */
export function tooManyServers(plan: Changes): string | undefined {
  const { count, replaced } = serversMadeAnew(plan);
  if (replaced.length < 2) return undefined;
  return (
    `This would destroy ${replaced.length} of ${count} servers before it makes the first of them anew, and with most of its members etcd is lost: ${replaced.join(', ')}.\n` +
    'Raise `servers.generation` in forge.yaml by one, deploy, wait until `npx forge status` shows every server Ready, and only then raise it again.'
  );
}

/** For people, before they approve; undefined when no server is made anew. */
export function serverNote(plan: Changes): string | undefined {
  const { count, replaced } = serversMadeAnew(plan);
  if (replaced.length === 0) return undefined;
  return count === 1
    ? '**The only server is made anew** from its newest snapshot: what Kubernetes was told since then is lost, so take one first (docs/maintenance.md). The API is away for some minutes; what runs on the workers goes on.'
    : '**One of three servers is made anew**, the other two go on. Before it `npx forge status` must show all three Ready.';
}
