import type { PlanFile } from '#cli/plan/plan-file';
import { changesOf, parseReviewed } from '#cli/plan/reviewed';

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
    expect(changesOf(plan)).toEqual([
      { address: 'a.one', actions: ['create'] },
      { address: 'a.four', actions: ['delete'], deposed: 'beef' },
    ]);
    expect(JSON.stringify(changesOf(plan))).not.toContain('planted');
  });

  it('is empty for a plan without resources', () => {
    expect(changesOf({})).toEqual([]);
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
