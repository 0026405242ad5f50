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

describe('rare operations', () => {
  const importing = (imports: string, ...actions: Action[]) => ({ ...change('a.one', ...actions), imports });
  const moving = (from: string, ...actions: Action[]) => ({ ...change('a.one', ...actions), from });
  const later = (...actions: Action[]) => ({ ...change('a.one', ...actions), deferred: 'absent prereq' });
  const running = (trigger: string) => ({ ...change('action.a.one', 'invoke'), trigger });
  const reasons = (reviewed: PlannedChange[], planned: PlannedChange[]) =>
    notReviewed(network(...reviewed), network(...planned)).map(({ reason }) => reason);

  it.each([
    ['an import', [], [importing('1', 'no-op')], 'import 1 a.one (reviewed: no change)'],
    ['an import beside a change', [change('a.one', 'update')], [importing('1', 'update')], '(reviewed: update)'],
    ['another object', [importing('1', 'no-op')], [importing('2', 'no-op')], 'import 2 a.one (reviewed: import 1)'],
    ['an import that also changes', [importing('1', 'no-op')], [importing('1', 'update')], 'import 1 and update'],
    ['a new one instead of an import', [importing('1', 'no-op')], [change('a.one', 'create')], 'create a.one'],
    ['a move', [], [moving('a.zero', 'no-op')], 'move from a.zero a.one (reviewed: no change)'],
    ['a move from elsewhere', [moving('a.zero', 'no-op')], [moving('a.two', 'no-op')], '(reviewed: move from a.zero)'],
    ['forgetting', [change('a.one', 'delete')], [change('a.one', 'forget')], 'forget a.one (reviewed: delete)'],
    ['leaving one behind', [change('a.one', 'create')], [change('a.one', 'create', 'forget')], 'create and forget'],
    [
      'destroying it',
      [change('a.one', 'forget', 'create')],
      [change('a.one', 'delete', 'create')],
      'delete and create',
    ],
    ['an action of a provider', [], [running('a.two, AfterUpdate')], 'invoke [a.two, AfterUpdate] action.a.one'],
    ['its other event', [running('a.two, AfterCreate')], [running('a.two, AfterUpdate')], '[a.two, AfterCreate]'],
    ['what waits', [change('a.one', 'create')], [later('create')], 'create [later: absent prereq] a.one'],
    ['what waited', [later('create')], [change('a.one', 'create')], 'create a.one (reviewed: create [later'],
    ['an unknown action', [change('a.one', 'update')], [change('a.one', 'frobnicate')], 'frobnicate a.one'],
  ])('stop when nobody saw it: %s', (_, reviewed, planned, reason) => {
    expect(reasons(reviewed, planned)).toEqual([expect.stringContaining(reason)]);
    expect(reasons(planned, planned)).toEqual([]);
  });

  it.each([
    ['import', importing('1', 'update'), change('a.one', 'update')],
    ['move', moving('a.zero', 'update'), change('a.one', 'update')],
    ['forgetting before what is new', change('a.one', 'forget', 'create'), change('a.one', 'create')],
    ['what is new before forgetting', change('a.one', 'create', 'forget'), { ...old('a.one'), actions: ['forget'] }],
  ])('pass when their first half has happened: %s', (_, reviewed, planned) => {
    expect(reasons([reviewed], [planned])).toEqual([]);
  });

  const stack = (more: object): ReviewedPlans => ({ stacks: { ...network().stacks, network: { ...none, ...more } } });

  it.each([
    ['a check that fails', {}, { failing: ['check.a'] }, 'check.a fails (reviewed: it did not)'],
    ['another check', { failing: ['check.b'] }, { failing: ['check.a', 'check.b'] }, 'check.a fails'],
    ['a plan that is not complete', {}, { unfinished: 'incomplete' }, 'the plan is not complete (reviewed: it was)'],
    ['one that broke off', { unfinished: 'errored' }, { unfinished: 'errored' }, 'Terraform stopped on its way'],
    ['an output', {}, { outputs: { host: ['update'] } }, 'update output host (reviewed: no change)'],
    ['an output that goes', { outputs: { host: ['update'] } }, { outputs: { host: ['delete'] } }, '(reviewed: update)'],
  ])('stop at %s', (_, reviewed, planned, reason) => {
    expect(notReviewed(stack(reviewed), stack(planned))).toEqual([
      { stack: 'network', reason: expect.stringContaining(reason) },
    ]);
  });

  it.each([
    ['a check that failed then, too', { failing: ['check.a'] }, { failing: ['check.a'] }],
    ['a check that holds by now', { failing: ['check.a'] }, {}],
    ['a plan that was not complete then, too', { unfinished: 'incomplete' }, { unfinished: 'incomplete' }],
    [
      'an output that is there by now and still changes',
      { outputs: { a: ['create'] } },
      { outputs: { a: ['update'] } },
    ],
    ['an output of a stack that waited', { waitingFor: 'network' }, { outputs: { a: ['create'] } }],
  ])('pass %s', (_, reviewed, planned) => {
    expect(notReviewed(stack(reviewed), stack(planned))).toEqual([]);
  });
});
