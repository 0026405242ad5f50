// How jest loads the modules of a test file: in the shared environment Node.js itself does, and keeps them for the next file.
const { AsyncLocalStorage } = require('node:async_hooks');
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { compileFunction } = require('node:vm');
const { default: Runtime } = require('jest-runtime');
const { SharedEnvironment } = require('./shared-environment.cjs');

const TIMEOUT = Symbol.for('TEST_TIMEOUT_SYMBOL');
const EVENT_HANDLERS = Symbol.for('EVENT_HANDLERS');
/** What jest's compiler may leave as it is written. */
const SYNTAX = {
  isInternalModule: false,
  supportsDynamicImport: false,
  supportsExportNamespaceFrom: false,
  supportsStaticESM: false,
  supportsTopLevelAwait: false,
};
/** What knows the test that a promise belongs to. Every one ever used would be asked at each promise, and jest makes one a file. */
const testOfPromise = new AsyncLocalStorage();
/** What jest takes for a store of its own. What a file before left running belongs to none of the tests of this one. */
class StorageOfFile {
  run(context, work) {
    return testOfPromise.run({ file: this, context }, work);
  }

  getStore() {
    const kept = testOfPromise.getStore();
    return kept?.file === this ? kept.context : undefined;
  }
}
/** By file, of all modules of jest that are run anew for each test file. */
const compiled = new Map();
/** By file, of all modules that were ever loaded here. */
const sourceMaps = new Map();

class KeptModules {
  constructor(environment, transformer, coverage) {
    this.mocker = environment.moduleMocker;
    // Later versions of Node.js have one of their own, which takes less of TypeScript.
    Module._extensions['.ts'] = (module, filename) => {
      const { code, sourceMapPath } = transformer.transform(filename, { ...SYNTAX, ...coverage });
      if (sourceMapPath) sourceMaps.set(filename, sourceMapPath);
      module._compile(code, filename);
    };
  }

  /** The test file itself, each time anew. */
  requireModule(path) {
    delete require.cache[path];
    return require(path);
  }

  /** The part of jest that collects and runs the tests of one file: with a state of its own, but compiled once. */
  requireInternalModule(path) {
    delete globalThis[EVENT_HANDLERS];
    if (!compiled.has(path)) compiled.set(path, compile(path));
    const module = { exports: {} };
    compiled.get(path)(module);
    return module.exports;
  }

  setGlobalsForRuntime() {
    globalThis.jest = jestObject(this.mocker);
  }

  unstable_shouldLoadAsEsm() {
    return false;
  }

  getSourceMaps() {
    return sourceMaps;
  }

  getAllCoverageInfoCopy() {
    return undefined;
  }

  enterTestCode() {
    // Fake timers would ask.
  }

  leaveTestCode() {
    // Fake timers would ask.
  }

  teardown() {
    delete globalThis[TIMEOUT];
  }
}

function compile(path) {
  const run = compileFunction(readFileSync(path, 'utf8'), ['module', 'exports', 'require'], { filename: path });
  const load = Module.createRequire(path);
  const loadWithStorage = (name) => (name === 'node:async_hooks' ? { AsyncLocalStorage: StorageOfFile } : load(name));
  Object.assign(loadWithStorage, { resolve: load.resolve });
  return (module) => run(module, module.exports, loadWithStorage);
}

function jestObject(mocker) {
  const offered = {
    fn: mocker.fn.bind(mocker),
    spyOn: mocker.spyOn.bind(mocker),
    isMockFunction: mocker.isMockFunction.bind(mocker),
    restoreAllMocks: () => mocker.restoreAllMocks(),
    setTimeout: (milliseconds) => void (globalThis[TIMEOUT] = milliseconds),
  };
  return new Proxy(offered, {
    get: (target, name) => target[name] ?? refuse(`jest.${String(name)}`),
  });
}

function refuse(what) {
  throw new Error(`${what} needs modules of its own: begin the file with: /** @jest-environment node */`);
}

/** As jest calls it, with `new`. */
module.exports = function runtimeOf(config, environment, resolver, transformer, cache, coverage, ...others) {
  return environment instanceof SharedEnvironment
    ? new KeptModules(environment, transformer, coverage)
    : new Runtime(config, environment, resolver, transformer, cache, coverage, ...others);
};
