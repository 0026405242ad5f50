import type { PlanFile, ResourceChange } from '#cli/plan/plan-file';
import { isUnchanged, parseReviewed, reviewedStackOf } from '#cli/plan/reviewed';

describe('what is kept of a plan', () => {
  it('is addresses and actions: no value leaves the machine', () => {
    const plan = {
      resource_changes: [
        { address: 'a.one', change: { actions: ['create'], after: { password: 'planted' } } },
        { address: 'a.two', change: { actions: ['no-op'] } },
        { address: 'data.a.three', change: { actions: ['read'] } },
        { address: 'a.four', deposed: 'beef', change: { actions: ['delete'] } },
      ],
    } as unknown as PlanFile;
    expect(reviewedStackOf(plan).changes).toEqual([
      { address: 'a.one', actions: ['create'] },
      { address: 'a.four', actions: ['delete'], deposed: 'beef' },
    ]);
    expect(JSON.stringify(reviewedStackOf(plan))).not.toContain('planted');
  });

  it('is empty for a plan without resources', () => {
    expect(reviewedStackOf({})).toEqual({ changes: [] });
  });

  const SAME = { address: 'a.one', type: 'a', change: { actions: ['no-op'] } } satisfies ResourceChange;
  const ACTION = { address: 'action.a.one', type: 'a' };
  const RARE: Record<string, Partial<PlanFile>> = {
    'an import': { resource_changes: [{ ...SAME, change: { actions: ['no-op'], importing: { id: 'planted' } } }] },
    'an import by identity': {
      resource_changes: [{ ...SAME, change: { actions: ['no-op'], importing: { identity: { id: 'planted' } } } }],
    },
    'an import whose id is not known yet': {
      resource_changes: [{ ...SAME, change: { actions: ['no-op'], importing: { unknown: true } } }],
    },
    'a move': { resource_changes: [{ ...SAME, previous_address: 'a.zero' }] },
    'what is forgotten': { resource_changes: [{ ...SAME, change: { actions: ['forget'] } }] },
    'an action of a later Terraform': { resource_changes: [{ ...SAME, change: { actions: ['frobnicate'] } }] },
    'an action of a later Terraform on data': {
      resource_changes: [{ ...SAME, mode: 'data', change: { actions: ['frobnicate'] } }],
    },
    'no action at all': { resource_changes: [{ ...SAME, change: { actions: [] } }] },
    'an action of a provider': { action_invocations: [ACTION] },
    'an action of a provider for later': { deferred_action_invocations: [{ action_invocation: ACTION }] },
    'what is not planned yet': { deferred_changes: [{ reason: 'provider_config_unknown', resource_change: SAME }] },
    'a check that fails': { checks: [{ address: { to_display: 'check.a' }, status: 'fail' }] },
    'a check that is an error': { checks: [{ address: { to_display: 'check.a' }, status: 'error' }] },
    'one instance of a check': { checks: [{ status: 'unknown', instances: [{ status: 'fail' }] }] },
    'a plan that is not complete': { complete: false },
    'a plan on whose way Terraform stopped': { errored: true },
    'an output': { output_changes: { address: { actions: ['update'], before: 'planted', after: 'planted' } } },
    'an output that goes': { output_changes: { address: { actions: ['delete'], before: 'planted' } } },
  };

  it.each(Object.keys(RARE))('is never taken for no change, holds no value, and is read again: %s', (name) => {
    const reviewed = reviewedStackOf(RARE[name]!);
    expect(isUnchanged(reviewed)).toBe(false);
    const text = JSON.stringify({ stacks: { network: reviewed } });
    expect(text).not.toContain('planted');
    expect(parseReviewed(text, 'reviewed.json')).toEqual({ stacks: { network: reviewed } });
  });

  it.each([
    ['what is as it should be', { resource_changes: [SAME], complete: true, errored: false }],
    ['data that is read', { resource_changes: [{ ...SAME, mode: 'data', change: { actions: ['read'] } }] }],
    ['a move to where it is', { resource_changes: [{ ...SAME, previous_address: SAME.address }] }],
    ['checks that pass or cannot be told yet', { checks: [{ status: 'pass' }, { status: 'unknown' }] }],
    ['an output that stays', { output_changes: { address: { actions: ['no-op'] } } }],
  ] satisfies [string, Partial<PlanFile>][])('is no change for %s', (_, plan) => {
    expect(isUnchanged(reviewedStackOf(plan))).toBe(true);
  });

  it.each([
    ['no JSON', 'oops'],
    ['a stack without changes', '{"stacks":{"network":{}}}'],
    ['a stack that does not exist', '{"stacks":{"other":{"changes":[]}}}'],
    [
      'an action that is none',
      '{"stacks":{"network":{"changes":[{"address":"a","actions":["\\n::stop-commands::x"]}]}}}',
    ],
  ])('is refused when the file is something else: %s', (_, text) => {
    expect(() => parseReviewed(text, 'reviewed.json')).toThrow('reviewed.json is not what');
  });
});
