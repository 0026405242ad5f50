const { availableParallelism, totalmem } = require('node:os');

const SANDBOX_BYTES = 5e9;

// Packages that ship ES modules only: jest runs CommonJS, so they are compiled like our own code.
const esmOnly = [
  '@actions',
  '@noble',
  '@octokit',
  '@scure',
  'age-encryption',
  'before-after-hook',
  'listr2',
  'marked',
  'universal-user-agent',
];

// With CI in the environment output is coloured even into a pipe; tests read the words.
process.env.NO_COLOR = '1';
// The S3 client warns about Node.js 20, which we support.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/runner/environment.cjs',
  runtime: '<rootDir>/test/runner/runtime.cjs',
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  // Jest leaves one processor free; most of what is long here waits. Each may have a sandbox deployed.
  maxWorkers: Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / SANDBOX_BYTES))),
  // A busy machine is no fault of the code.
  testTimeout: 60_000,
  setupFilesAfterEnv: ['<rootDir>/test/runner/after-file.ts'],
  testSequencer: '<rootDir>/test/sequence.cjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '\\.(ts|m?js)$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  // Its `exports` offer nothing to CommonJS.
  moduleNameMapper: { '^@actions/expressions$': '<rootDir>/node_modules/@actions/expressions/dist/index.js' },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  coverageProvider: 'v8',
  coverageReporters: ['json', 'text-summary'],
  coveragePathIgnorePatterns: ['/node_modules/', '/.gen/', '<rootDir>/test/'],
  modulePathIgnorePatterns: ['<rootDir>/cdktf.out'],
};
