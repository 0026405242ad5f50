// Prints the tests that a change can break, as paths for jest: `tests-of-change.cjs <revision to compare with>`.
// An owner's change runs what reads his files; everything else runs everything, which is said by printing nothing.
const { execFileSync } = require('node:child_process');

const MANIFESTS = [
  'test/charts',
  'test/cli/configure',
  'test/cli/cost',
  'test/cli/init',
  'test/docs',
  'test/k8s',
  'test/renovate.test.ts',
  'test/sandbox/standins',
];
/** The first that fits a file. What fits none is the maker's. */
const OWNERS_FILES = [
  { files: /^k8s\//, tests: MANIFESTS },
  {
    files: /^forge\.yaml$/,
    tests: [
      ...MANIFESTS,
      'test/cli/doctor',
      'test/cli/github',
      'test/config',
      'test/main.test.ts',
      'test/stacks',
      'test/workflows',
    ],
  },
  // Where an owner adds a secret, and names whom he trusts.
  { files: /^\.github\/(CODEOWNERS|workflows\/stacks\.yml)$/, tests: ['test/cli/github', 'test/workflows'] },
  { files: /^(docs\/|[^/]+\.md$)/, tests: ['test/cli/github', 'test/docs', 'test/k8s', 'test/workflows'] },
];

/** @returns undefined for all tests */
function testsOf(changed) {
  const suites = changed.map((file) => OWNERS_FILES.find(({ files }) => files.test(file))?.tests);
  if (suites.length === 0 || suites.includes(undefined)) return undefined;
  return [...new Set(suites.flat())].sort();
}

function changedSince(revision) {
  const args = ['diff', '--name-only', '--no-renames', '-z', `${revision}...HEAD`];
  return execFileSync('git', args, { encoding: 'utf8' })
    .split('\0')
    .filter((file) => file !== '');
}

if (require.main === module) console.log((testsOf(changedSince(process.argv[2])) ?? []).join(' '));

module.exports = { testsOf };
