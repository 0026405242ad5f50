#!/usr/bin/env node
require('../load-typescript.cjs');

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
