import {
  blocks,
  flag,
  number,
  numbers,
  optional,
  optionalText,
  text,
  texts,
} from '#sandbox/cloud/terraform/attributes';
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

describe('an optional attribute', () => {
  it('that is empty in the API stays as it was written', () => {
    expect(optional({ tags: null }, 'tags', [])).toBeNull();
    expect(optional({ tags: [] }, 'tags', [])).toEqual([]);
    expect(optional({}, 'priority', 0)).toBeNull();
    expect(optional({ priority: 0 }, 'priority', 0)).toBe(0);
  });

  it('shows what became of it elsewhere', () => {
    expect(optional({ tags: ['a'] }, 'tags', [])).toEqual([]);
    expect(optional({ text: null }, 'text', 'new')).toBe('new');
  });
});
