// Writes how long each test file takes, for the order of the tests and their shards: `weigh-tests.cjs <jest's JSON results>`.
const { readFileSync, writeFileSync } = require('node:fs');
const { join, relative } = require('node:path');

const ROOT = join(__dirname, '..');
const LEAST_S = 2;

const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const seconds = testResults
  .map(({ name, startTime, endTime }) => [relative(ROOT, name), Math.round((endTime - startTime) / 1000)])
  .filter(([, taken]) => taken >= LEAST_S)
  .sort(([, one], [, other]) => other - one);
writeFileSync(join(ROOT, 'test/weights.json'), `${JSON.stringify(Object.fromEntries(seconds), null, 2)}\n`);
