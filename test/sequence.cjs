// The order of the test files and their shards, by how long each takes: the longest first, each shard as long as the others.
const { relative } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');
/** Seconds of the files that take two or more, as scripts/weigh-tests.cjs measured them. */
const WEIGHTS = require('./weights.json');

const OTHERS = 1;

function weightOf({ path, context }) {
  return WEIGHTS[relative(context.config.rootDir, path)] ?? OTHERS;
}

module.exports = class extends Sequencer {
  /** The same on every machine, whatever ran there before. */
  shard(tests, { shardIndex, shardCount }) {
    const shards = Array.from({ length: shardCount }, () => ({ weight: 0, tests: [] }));
    for (const test of byWeight(tests)) {
      const lightest = shards.reduce((one, other) => (other.weight < one.weight ? other : one));
      lightest.tests.push(test);
      lightest.weight += weightOf(test);
    }
    return shards[shardIndex - 1].tests;
  }

  sort(tests) {
    return byWeight(tests);
  }
};

function byWeight(tests) {
  return [...tests].sort((one, other) => weightOf(other) - weightOf(one) || one.path.localeCompare(other.path));
}
