// The globals of this process, for one test file after the other. Each must leave them as it found them.
const { isDeepStrictEqual } = require('node:util');
const { ModuleMocker } = require('jest-mock');

const WAY_OUT = 'Put it back in afterEach, or begin the file with: /** @jest-environment node */';

class SharedEnvironment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;
  fakeTimersModern = null;
  #found = surroundings();
  #replaced = { console, exit: process.exit };
  #ranThrough = false;
  #failed = false;

  async setup() {
    // jest runs nothing here.
  }

  handleTestEvent({ name, test }) {
    if (name === 'test_done' && test.errors.length > 0) this.#failed = true;
    if (name === 'teardown') this.#ranThrough = true;
  }

  /** @throws Error that names what the file changed for those after it, if that is all that is wrong. It is put back. */
  async teardown() {
    this.moduleMocker.restoreAllMocks();
    globalThis.console = this.#replaced.console;
    process.exit = this.#replaced.exit;
    const changed = changesSince(this.#found);
    putBack(this.#found);
    if (changed.length === 0 || this.#failed || !this.#ranThrough) return;
    throw new Error(`It leaves ${changed.join(', ')} changed for the test files after it. ${WAY_OUT}`);
  }

  /** None: jest's own loader of modules is not used. */
  getVmContext() {
    return null;
  }
}

function surroundings() {
  const { argv, exitCode } = process;
  return {
    process: { cwd: process.cwd(), argv: [...argv], exitCode, fetch: globalThis.fetch },
    env: { ...process.env },
    listeners: Object.fromEntries(process.eventNames().map((event) => [event, process.rawListeners(event)])),
  };
}

/** @returns their names */
function changesSince(found) {
  const left = surroundings();
  return [
    ...differences(left.process, found.process),
    ...differences(left.env, found.env).map((name) => `process.env.${name}`),
    ...differences(left.listeners, found.listeners).map((event) => `the listeners of ${event}`),
  ];
}

function differences(one, other) {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => !isDeepStrictEqual(one[name], other[name]));
}

function putBack({ process: { cwd, argv, exitCode, fetch }, env, listeners }) {
  process.chdir(cwd);
  process.argv = argv;
  process.exitCode = exitCode;
  globalThis.fetch = fetch;
  for (const name of differences(process.env, env)) {
    if (name in env) process.env[name] = env[name];
    else delete process.env[name];
  }
  for (const event of differences(surroundings().listeners, listeners)) {
    for (const listener of process.rawListeners(event)) process.off(event, listener);
    for (const listener of listeners[event] ?? []) process.on(event, listener);
  }
}

module.exports = { SharedEnvironment };
