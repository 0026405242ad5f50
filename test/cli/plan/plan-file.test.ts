import { parsePlan } from '#cli/plan/plan-file';

describe('a plan in JSON', () => {
  it.each([
    ['no JSON', 'oops', 'is not JSON'],
    ['nothing', 'null', 'is a plan of format undefined'],
    ['a later format', '{"format_version":"2.0"}', 'is a plan of format 2.0; only 1.x'],
    [
      'a change without actions',
      '{"format_version":"1.2","resource_changes":[{"address":"a.b","change":{}}]}',
      'actions',
    ],
    ['a change without an address', '{"format_version":"1.2","resource_drift":[{"change":{"actions":[]}}]}', 'address'],
    ['what waits and is nothing', '{"format_version":"1.9","deferred_changes":[{"reason":"x"}]}', 'address'],
  ])('is refused in words: %s', (_, text, words) => {
    expect(() => parsePlan(text, 'network.json')).toThrow(
      expect.objectContaining({ exitCode: 1, message: expect.stringMatching(new RegExp(`^network.json .*${words}`)) }),
    );
  });

  it('may have more than is known', () => {
    const text = '{"format_version":"1.9","new":1,"resource_changes":[{"address":"a.b","change":{"actions":["x"]}}]}';
    expect(parsePlan(text, 'network.json').resource_changes).toHaveLength(1);
  });
});
