#!/usr/bin/env node
const { _extensions: loaders } = require('node:module');

const native = loaders['.js'];
require('tsx/cjs');
// Compiles TypeScript. Packages are JavaScript already, and to look whether they are takes a third of a short command's time.
const compiling = loaders['.js'];
loaders['.js'] = (module, filename) => {
  try {
    native(module, filename);
  } catch (error) {
    // Node.js 22 before 22.12 takes no ES modules by `require`.
    if (error.code !== 'ERR_REQUIRE_ESM') throw error;
    compiling(module, filename);
  }
};

// Who reads may go before the end, as `head` does. The work goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

require('./forge.ts')
  .run(process.argv.slice(2))
  .then((code) => {
    process.exitCode = code;
  });
