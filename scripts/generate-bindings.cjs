// Makes .gen from schemas/, without a registry: the CLI takes the schemas for its own cache.
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');

const root = join(__dirname, '..');
const { status } = spawnSync('npx', ['cdktf', 'get', '--force', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    CDKTF_EXPERIMENTAL_PROVIDER_SCHEMA_CACHE_PATH: join(root, 'schemas'),
    CHECKPOINT_DISABLE: '1',
  },
});
process.exit(status ?? 1);
