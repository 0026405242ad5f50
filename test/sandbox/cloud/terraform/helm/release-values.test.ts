import { cloaked, releaseValues } from '#sandbox/cloud/terraform/helm/release-values';

describe("a release's values", () => {
  it('lets later documents and single settings win, key by key', () => {
    const planned = {
      values: ['a: { b: 1, c: [1, 2] }', 'a: { c: [3] }'],
      set_sensitive: [{ name: 'a.b', value: 'x' }],
    };
    expect(releaseValues(planned)).toEqual({ a: { b: 'x', c: [3] } });
  });

  it('are read as helm reads them', () => {
    expect(releaseValues({ values: ['a: y', "b: 'y'"] })).toEqual({ a: true, b: 'y' });
  });

  it('stand in the state without what is sensitive', () => {
    const state = { set_sensitive: [{ name: 'a.b', value: 'x' }] };
    expect(cloaked({ a: { b: 'x', c: 1 } }, state)).toEqual({ a: { b: '(sensitive value)', c: 1 } });
  });
});
