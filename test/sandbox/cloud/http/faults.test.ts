import { perform } from '#sandbox/cloud/http/call';
import { injectFault, latencyOf, noConditions, takeEffect } from '#sandbox/cloud/http/faults';

const call = { operation: 'vpc:create', method: 'POST', url: 'https://api.digitalocean.com/v2/vpcs' } as const;

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

describe('latency', () => {
  it('is the one of the closest pattern', () => {
    const conditions = { ...noConditions(), latency: { '*': 5, 'droplet:*': 20, 'droplet:create': 30 } };
    expect(latencyOf(conditions, 'droplet:create')).toBe(30);
    expect(latencyOf(conditions, 'droplet:read')).toBe(20);
    expect(latencyOf(conditions, 'vpc:read')).toBe(5);
    expect(latencyOf(noConditions(), 'vpc:read')).toBe(0);
  });
});

describe('a call', () => {
  it('is saved before it is answered, and only when it writes', async () => {
    const order: string[] = [];
    const work = (name: string) => () => void order.push(name);
    await perform(noConditions(), call, work('write'), () => order.push('save'));
    await perform(noConditions(), { ...call, method: 'GET' }, work('read'), () => order.push('save'));
    expect(order).toEqual(['write', 'save', 'read']);
  });

  it('that crashes after the write is saved', async () => {
    const conditions = noConditions();
    injectFault(conditions, { operation: 'vpc:create', effect: { kind: 'crash-after' } });
    const save = jest.fn();
    await expect(perform(conditions, call, () => 1, save)).rejects.toThrow('lost during vpc:create');
    expect(save).toHaveBeenCalledTimes(1);
  });
});
