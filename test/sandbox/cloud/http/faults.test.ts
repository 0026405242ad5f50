import { injectFault, noConditions, takeEffect, underConditions } from '#sandbox/cloud/http/faults';

describe('faults', () => {
  it('hit the named operation, a kind, or everything, as often as asked', () => {
    const conditions = noConditions();
    const effect = { kind: 'delay', ms: 1 } as const;
    injectFault(conditions, { operation: 'vpc:*', effect, times: 2 });
    expect(takeEffect(conditions, 'droplet:create')).toBeUndefined();
    expect(takeEffect(conditions, 'vpc:create')).toBe(effect);
    expect(takeEffect(conditions, 'vpc:delete')).toBe(effect);
    expect(takeEffect(conditions, 'vpc:create')).toBeUndefined();
    injectFault(conditions, { operation: '*', effect });
    expect(takeEffect(conditions, 'anything:read')).toBe(effect);
  });
});

describe('work under a fault', () => {
  it('is done although nobody is told, when the connection is lost after it', async () => {
    const conditions = noConditions();
    injectFault(conditions, { operation: 'vpc:create', effect: { kind: 'crash-after' } });
    const work = jest.fn(() => Promise.resolve());
    await expect(underConditions(conditions, 'vpc:create', work)).rejects.toThrow('lost during vpc:create');
    expect(work).toHaveBeenCalledTimes(1);
  });
});
