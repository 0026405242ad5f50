import { blocks, flag, number, numbers, optionalText, text, texts } from '#sandbox/cloud/terraform/attributes';
import { UNKNOWN } from '#sandbox/cloud/terraform/protocol/values';

describe('attributes', () => {
  const state = {
    name: 'a',
    size: 2,
    on: true,
    tags: ['x'],
    ids: [1],
    rule: [{ port: 1 }],
    one: { port: 2 },
    none: null,
  };

  it('are read by their type', () => {
    expect([text(state, 'name'), number(state, 'size'), flag(state, 'on')]).toEqual(['a', 2, true]);
    expect([texts(state, 'tags'), numbers(state, 'ids')]).toEqual([['x'], [1]]);
    expect([blocks(state, 'rule'), blocks(state, 'one')]).toEqual([[{ port: 1 }], [{ port: 2 }]]);
  });

  it.each(['none', 'missing', 'unknown'])('that are %s are read as empty', (name) => {
    const object = { ...state, unknown: UNKNOWN };
    expect([text(object, name), number(object, name), flag(object, name)]).toEqual(['', 0, false]);
    expect([texts(object, name), numbers(object, name), blocks(object, name)]).toEqual([[], [], []]);
    expect(optionalText(object, name)).toBeUndefined();
  });
});
