// For a file whose tests go on from each other: `@jest-environment <rootDir>/test/chain.cjs` in its first comment.
// What comes after the first that fails in its outermost `describe` is not run, and says because of which.
const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
  /** Name of the first test that failed, by block. */
  broken = new Map();

  handleTestEvent({ name, test }) {
    if (name !== 'test_start' && name !== 'test_done') return;
    const block = outermostBlock(test);
    const cause = this.broken.get(block);
    if (name === 'test_done' && test.errors.length > 0) this.broken.set(block, cause ?? test.name);
    if (name !== 'test_start' || cause === undefined) return;
    test.mode = 'skip';
    // Of a beforeAll, which the first test has told.
    test.errors = [];
    test.name += ` (not run because of: ${cause})`;
  }
};

/** The file itself is a block, too. */
function outermostBlock({ parent }) {
  let block = parent;
  while (block.parent?.parent !== undefined) block = block.parent;
  return block;
}
