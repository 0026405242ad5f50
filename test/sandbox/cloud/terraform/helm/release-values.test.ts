import { releaseValues } from '#sandbox/cloud/terraform/helm/release-values';

describe("a release's values", () => {
  it('lets later documents and single settings win, key by key', () => {
    const planned = {
      values: ['a: { b: 1, c: [1, 2] }', 'a: { c: [3] }'],
      set_sensitive: [{ name: 'a.b', value: 'x' }],
    };
    expect(releaseValues(planned)).toEqual({ a: { b: 'x', c: [3] } });
  });
});
