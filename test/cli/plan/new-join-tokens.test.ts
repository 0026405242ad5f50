import { machinesWithNewTokens, tokenNote } from '#cli/plan/new-join-tokens';
import type { PlanFile } from '#cli/plan/plan-file';

/** A plan of the stack `network`, by what it does to a password of the join tokens and to a worker. */
function plan(password: readonly string[], worker: readonly string[]): PlanFile {
  return {
    format_version: '1.2',
    resource_changes: [
      { address: 'random_password.join_server', type: 'random_password', change: { actions: [...password] } },
      { address: 'random_password.login_argocd', type: 'random_password', change: { actions: ['delete', 'create'] } },
      {
        address: 'digitalocean_droplet.workers_general_1',
        type: 'digitalocean_droplet',
        change: { actions: [...worker] },
      },
    ],
  };
}

const ANEW = ['delete', 'create'];

describe('join tokens that a plan makes anew', () => {
  it('are told, with what is to be done', () => {
    expect(tokenNote(plan(ANEW, ['no-op']))).toMatch(/tell them .*docs\/rotation\.md/);
    expect(machinesWithNewTokens(plan(ANEW, ['no-op']))).toBeUndefined();
  });

  it.each([['create'], ['delete,create'], ['create,delete']])('are refused beside a machine: %s', (actions) => {
    expect(machinesWithNewTokens(plan(ANEW, actions.split(',')))).toMatch(
      /neither join nor restore a snapshot: digitalocean_droplet\.workers_general_1\.\nRaise `rotation\.joinTokens`/,
    );
  });

  it('are no matter where they stay, nor at the first deploy, which makes both', () => {
    for (const one of [plan(['no-op'], ANEW), plan(['create'], ['create'])])
      expect([machinesWithNewTokens(one), tokenNote(one)]).toEqual([undefined, undefined]);
  });

  it('are no matter for a machine that is changed or goes', () => {
    for (const actions of ['update', 'delete']) expect(machinesWithNewTokens(plan(ANEW, [actions]))).toBeUndefined();
  });
});
