// For `node --require`: as `tsx/cjs`, which compiles TypeScript. Packages are JavaScript already, and to look whether they are
// takes a third of a short command's time.
const { _extensions: loaders } = require('node:module');

const native = loaders['.js'];
require('tsx/cjs');
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
