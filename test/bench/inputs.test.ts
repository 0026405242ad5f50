/** What the benchmark feeds to the programs that it measures. */
import { largePlan } from '#bench/large-plan';
import { largeState } from '#bench/large-state';

describe('a large state', () => {
  it.each([10_000, 1_000_000])('has about %i bytes, in format 4', (bytes) => {
    const text = largeState(bytes);
    expect(Math.abs(text.length / bytes - 1)).toBeLessThan(0.3);
    const state = JSON.parse(text) as { version: number };
    expect(state.version).toBe(4);
  });
});

describe('a large plan', () => {
  it('has as many changes as asked for, of every kind', () => {
    const { resource_changes: changes } = largePlan(100) as { resource_changes: { change: { actions: string[] } }[] };
    expect(changes).toHaveLength(100);
    expect(new Set(changes.map(({ change }) => change.actions.join('+')))).toEqual(
      new Set(['create', 'update', 'delete', 'delete+create']),
    );
  });
});
