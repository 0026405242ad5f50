import { notReviewed } from '#cli/plan/check';
import type { PlannedChange, ReviewedPlans } from '#cli/plan/reviewed';

type Action = PlannedChange['actions'][number];

const change = (address: string, ...actions: Action[]): PlannedChange => ({ address, actions });
const old = (address: string): PlannedChange => ({ address, actions: ['delete'], deposed: 'beef' });
const none = { changes: [] };
const network = (...changes: PlannedChange[]): ReviewedPlans => ({
  stacks: { network: { changes }, cluster: none, 'github-secrets': none },
});
const cluster = (plan: ReviewedPlans['stacks']['cluster']): ReviewedPlans => ({
  stacks: { network: none, ...(plan && { cluster: plan }), 'github-secrets': none },
});
const WAITING = cluster({ waitingFor: 'network', changes: [] });

describe('the comparison with what was reviewed', () => {
  const REVIEWED = network(change('a.one', 'create'), change('a.two', 'update'));

  it('passes the same changes, in any order', () => {
    expect(notReviewed(REVIEWED, REVIEWED)).toEqual([]);
    expect(notReviewed(REVIEWED, network(change('a.two', 'update'), change('a.one', 'create')))).toEqual([]);
  });

  it('passes when a reviewed change has happened in the meantime', () => {
    expect(notReviewed(REVIEWED, network(change('a.two', 'update')))).toEqual([]);
    expect(notReviewed(REVIEWED, network())).toEqual([]);
  });

  it('stops at a change that nobody saw', () => {
    expect(notReviewed(REVIEWED, network(change('a.one', 'create'), change('a.three', 'delete')))).toEqual([
      { stack: 'network', reason: 'delete a.three (reviewed: no change)' },
    ]);
  });

  it('stops when a change became another one', () => {
    expect(notReviewed(REVIEWED, network(change('a.two', 'delete', 'create')))).toEqual([
      { stack: 'network', reason: 'delete and create a.two (reviewed: update)' },
    ]);
  });

  it('stops when the order of a replacement changed', () => {
    const reviewed = network(change('a.one', 'create', 'delete'));
    expect(notReviewed(reviewed, network(change('a.one', 'delete', 'create')))[0]!.reason).toBe(
      'delete and create a.one (reviewed: create and delete)',
    );
  });

  it('tells stacks apart', () => {
    const moved = cluster({ changes: [change('a.one', 'create')] });
    expect(notReviewed(REVIEWED, moved)).toEqual([{ stack: 'cluster', reason: 'create a.one (reviewed: no change)' }]);
  });
});

describe('a replacement that was interrupted half way', () => {
  it('may make the new resource when the old one is gone', () => {
    const reviewed = network(change('a.one', 'delete', 'create'));
    expect(notReviewed(reviewed, network(change('a.one', 'create')))).toEqual([]);
  });

  it('may destroy the old resource when the new one is there', () => {
    const reviewed = network(change('a.one', 'create', 'delete'));
    expect(notReviewed(reviewed, network(old('a.one')))).toEqual([]);
  });

  it('may not destroy the new one', () => {
    for (const reviewed of [change('a.one', 'create', 'delete'), change('a.one', 'delete', 'create')]) {
      expect(notReviewed(network(reviewed), network(change('a.one', 'delete')))).toHaveLength(1);
    }
  });

  it('may not destroy an old resource that nobody wanted to replace', () => {
    expect(notReviewed(network(change('a.one', 'update')), network(old('a.one')))[0]!.reason).toBe(
      'delete a.one (deposed beef) (reviewed: update)',
    );
  });
});

describe('a stack without a plan', () => {
  it('stops everything when it cannot be planned now', () => {
    expect(notReviewed(network(), { stacks: {} }).map(({ stack }) => stack)).toEqual([
      'network',
      'cluster',
      'github-secrets',
    ]);
  });

  it('may have no change that the review did not show', () => {
    const reviewed = cluster(undefined);
    expect(notReviewed(reviewed, cluster({ changes: [] }))).toEqual([]);
    expect(notReviewed(reviewed, cluster({ changes: [change('a.one', 'create')] }))).toEqual([
      { stack: 'cluster', reason: 'create a.one (it could not be planned for the review)' },
    ]);
  });

  it('passes when it waited in the review and still does', () => {
    expect(notReviewed(WAITING, WAITING)).toEqual([]);
  });

  it('may only make what is new when its upstream has been deployed since', () => {
    const planned = cluster({ changes: [change('a.one', 'create'), change('a.two', 'update')] });
    expect(notReviewed(WAITING, planned)).toEqual([
      { stack: 'cluster', reason: 'update a.two (it waited for network when it was reviewed)' },
    ]);
  });

  it('stops when its upstream has disappeared since', () => {
    for (const reviewed of [cluster({ changes: [] }), cluster(undefined)]) {
      expect(notReviewed(reviewed, WAITING)).toEqual([
        { stack: 'cluster', reason: 'waits for network now, and did not when it was reviewed' },
      ]);
    }
  });
});
