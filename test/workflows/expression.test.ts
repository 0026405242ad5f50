/** @jest-environment node */
// The package of expressions offers nothing to CommonJS; jest's moduleNameMapper finds it.
import { evaluate, interpolate, isMet, type Surroundings } from './expression';

const surroundings: Surroundings = {
  failed: false,
  contexts: {
    github: { event_name: 'push', event: { pull_request: { head: { repo: { full_name: 'example/forge' } } } } },
    secrets: { TOKEN: 'abc', EMPTY: '' },
    steps: { found: { outputs: { 'run-id': '42' } } },
    inputs: {},
  },
};
const failed = { ...surroundings, failed: true };

describe("a workflow's expression", () => {
  it('is replaced in a text, by nothing when it is absent', () => {
    expect(interpolate('run ${{ steps.found.outputs.run-id }}/${{ inputs.absent }}.', surroundings)).toBe('run 42/.');
  });

  it.each(['matrix.os', 'sucess()'])('is refused when the runner has no such thing: %s', (text) => {
    expect(() => evaluate(text, surroundings)).toThrow(/Unrecognized/);
  });
});

describe('a condition', () => {
  it.each([
    [undefined, true, false],
    ["github.event_name == 'push'", true, false],
    ["secrets.ABSENT == ''", true, false],
    ['secrets.EMPTY', false, false],
    ['always()', true, true],
    ['${{ always() }}', true, true],
    ['failure()', false, true],
    ["failure() && github.event_name == 'push'", false, true],
    ['success()', true, false],
    [false, false, false],
  ])('%s is %p while all is well, %p after a failure', (condition, well, after) => {
    expect(isMet(condition, surroundings)).toBe(well);
    expect(isMet(condition, failed)).toBe(after);
  });
});
