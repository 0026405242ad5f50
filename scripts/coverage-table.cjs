// `npm run coverage`: how much of each folder the tests ran, as a Markdown table, of what `jest --coverage` or all shards left in
// coverage/. What runs in a program of its own, such as the commands of the end-to-end tests, is not counted.
const { appendFileSync, readdirSync, readFileSync } = require('node:fs');
const { join, relative } = require('node:path');
const { createCoverageMap } = require('istanbul-lib-coverage');

const ROOT = join(__dirname, '..');
const COVERAGE = join(ROOT, 'coverage');

const whole = createCoverageMap();
for (const name of readdirSync(COVERAGE, { recursive: true })) {
  if (name.endsWith('coverage-final.json')) whole.merge(JSON.parse(readFileSync(join(COVERAGE, name), 'utf8')));
}
const folders = new Map();
for (const file of whole.files()) {
  // The machines of the shards have the checkout at the same place as this one.
  const folder = relative(ROOT, file).split('/').slice(0, -1).slice(0, 2).join('/');
  const { lines } = whole.fileCoverageFor(file).toSummary();
  const { covered = 0, total = 0 } = folders.get(folder) ?? {};
  folders.set(folder, { covered: covered + lines.covered, total: total + lines.total });
}
const rows = [...folders].sort().map(([folder, { covered, total }]) => {
  return `| ${folder} | ${Math.round((100 * covered) / Math.max(total, 1))} % | ${total} |`;
});
const table = ['| folder | lines that tests run | of |', '| --- | ---: | ---: |', ...rows, ''].join('\n');
appendFileSync(process.env.GITHUB_STEP_SUMMARY ?? '/dev/stdout', table);
