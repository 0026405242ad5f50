import type { PlanFile } from '#cli/plan/plan-file';
import { serverNote, tooManyServers } from '#cli/plan/servers-made-anew';

/** A plan of a control plane. @param fates such as `replace_by_triggers`; undefined for one that stays */
function plan(...fates: (string | undefined)[]): PlanFile {
  const servers = fates.map((reason, index) => ({
    address: `digitalocean_droplet.server_${index + 1}`,
    type: 'digitalocean_droplet',
    change: { actions: reason === undefined ? ['no-op'] : ['delete', 'create'] },
    ...(reason !== undefined && { action_reason: reason }),
  }));
  const worker = {
    address: 'digitalocean_droplet.workers_general_1',
    type: 'digitalocean_droplet',
    action_reason: 'replace_by_triggers',
    change: { actions: ['create', 'delete'] },
  };
  return { format_version: '1.2', resource_changes: [...servers, worker] };
}

const RAISED = 'replace_by_triggers';

describe('servers that a plan makes anew', () => {
  it('are told, with what it means: one of three, or the only one', () => {
    expect(serverNote(plan(undefined, RAISED, undefined))).toMatch(/One of three .* all three Ready/);
    expect(serverNote(plan(RAISED))).toMatch(/only server .* newest snapshot/);
    expect(serverNote(plan(undefined, undefined, undefined))).toBeUndefined();
  });

  it('are refused when they are several: etcd would be lost', () => {
    expect(tooManyServers(plan(RAISED, RAISED, undefined))).toMatch(
      /destroy 2 of 3 servers .*server_1, digitalocean_droplet\.server_2\.\nRaise `servers\.generation`/,
    );
    expect(tooManyServers(plan(undefined, RAISED, undefined))).toBeUndefined();
    expect(tooManyServers(plan(RAISED))).toBeUndefined();
  });

  it('are another matter when something else replaces them, which the comment shows', () => {
    const moved = plan('replace_because_cannot_update', 'replace_because_cannot_update', undefined);
    expect([tooManyServers(moved), serverNote(moved)]).toEqual([undefined, undefined]);
  });
});
