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
  it.each([
    ["github.event_name == 'push'", true],
    ["github.event_name == 'PUSH'", true],
    ["github.event_name != 'push'", false],
    ["github.event.pull_request.head.repo.full_name == 'example/forge'", true],
    ["'it''s'", "it's"],
    ["!(github.event_name == 'push') || secrets.EMPTY == ''", true],
    ["secrets.EMPTY || 'default'", 'default'],
    ["secrets.TOKEN && 'there'", 'there'],
    ["secrets.ABSENT == ''", true],
    ['steps.found.outputs.run-id', '42'],
    ['true && null', null],
  ])('%s is %p', (text, value) => {
    expect(evaluate(text, surroundings)).toBe(value);
  });

  it('is replaced in a text, by nothing when it is absent', () => {
    expect(interpolate('run ${{ steps.found.outputs.run-id }}/${{ inputs.absent }}.', surroundings)).toBe('run 42/.');
  });

  it.each(["contains(github.ref, 'x')", 'matrix.os', 'github.event[0]', "'open", 'github.', 'true true', '(true'])(
    'is refused when the runner might guess wrong: %s',
    (text) => {
      expect(() => evaluate(text, surroundings)).toThrow(/runner|ends too early/);
    },
  );
});

describe('a condition', () => {
  it.each([
    [undefined, true, false],
    ["github.event_name == 'push'", true, false],
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
