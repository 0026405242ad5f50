// Packages that ship ES modules only: jest runs CommonJS, so they are compiled like our own code.
const esmOnly = [
  'execa',
  'listr2',
  'octokit',
  'age-encryption',
  '@octokit',
  'universal-user-agent',
  'before-after-hook',
];

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '\\.(ts|m?js)$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  modulePathIgnorePatterns: ['<rootDir>/cdktf.out'],
};
