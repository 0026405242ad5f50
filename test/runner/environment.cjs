// jest's environment of a test file: this process itself for one that starts no program, so that what it imports is loaded
// once and not for each file. Others, and all while coverage is measured, have globals and modules of their own, as jest
// does it; so has a file that says `@jest-environment node`.
const { TestEnvironment } = require('jest-environment-node');
const { SharedEnvironment } = require('./shared-environment.cjs');
const { startsPrograms } = require('./starts-programs.cjs');

module.exports = function environmentOf(config, context) {
  const isolated = config.globalConfig.collectCoverage || startsPrograms(context.testPath);
  return isolated ? new TestEnvironment(config, context) : new SharedEnvironment();
};
