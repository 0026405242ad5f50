#!/usr/bin/env node
require('tsx/cjs');

require('./forge.ts')
  .run(process.argv.slice(2))
  .then((code) => {
    process.exitCode = code;
  });
