// Counts what passed and failed: `ci-summary.cjs <jest's JSON results> <exit code of lint> <exit code of the tests>`.
const { readFileSync } = require('node:fs');

const [file, lint, tests] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
const jest =
  text === ''
    ? { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numRuntimeErrorTestSuites: 0 }
    : JSON.parse(text);
const lintPassed = lint === '0' ? 1 : 0;
let failed = jest.numFailedTests + jest.numRuntimeErrorTestSuites + (1 - lintPassed);
if (tests !== '0' && failed === 0) failed = 1;
// In a chain, what comes after the first that failed.
const skipped = jest.numPendingTests > 0 ? `, ${jest.numPendingTests} skipped` : '';
console.log(`${jest.numPassedTests + lintPassed} passed, ${failed} failed${skipped}`);
process.exit(failed === 0 ? 0 : 1);
