import { asPlanned, filledBlocks, isEmpty } from '#sandbox/cloud/terraform/engine/sdk';
import { UNKNOWN } from '#sandbox/cloud/terraform/protocol/values';
import type { Block } from '#sandbox/cloud/terraform/schema/schema';

const inner: Block = {
  attributes: {
    name: { type: 'string', optional: true },
    port: { type: 'number', optional: true },
    labels: { type: ['map', 'string'], optional: true },
  },
  block_types: {},
};
const block: Block = {
  attributes: { tags: { type: ['set', 'string'], optional: true }, text: { type: 'string', optional: true } },
  block_types: {
    rule: { nesting_mode: 'set', block: inner },
    metadata: { nesting_mode: 'list', block: inner },
    timeouts: { nesting_mode: 'single', block: inner },
  },
};
const full = { name: 'a', port: 0, labels: {} };

describe('a state as terraform-plugin-sdk stores it', () => {
  it('has no absent values in the elements of its blocks, time-outs aside', () => {
    const state = { tags: null, text: null, rule: [{ name: 'a' }], metadata: [], timeouts: { name: null } };
    expect(filledBlocks(block, state)).toEqual({ ...state, rule: [full] });
  });

  it('lacks the empty collections that the plan lacked, but not empty texts', () => {
    const state = { tags: [], text: '', rule: [full], metadata: [full], timeouts: null };
    const planned = { tags: null, text: null, rule: [full], metadata: [{ name: 'a', port: null, labels: null }] };
    expect(asPlanned(block, state, planned)).toEqual({ ...state, tags: null, metadata: [{ ...full, labels: null }] });
    expect(asPlanned(block, state, { ...planned, tags: [] })).toMatchObject({ tags: [] });
  });

  it.each([null, '', 0, false, [], {}])('takes %j for no value', (value) => expect(isEmpty(value)).toBe(true));
  it.each(['a', 1, true, ['a'], UNKNOWN])('takes %p for a value', (value) => expect(isEmpty(value)).toBe(false));
});
