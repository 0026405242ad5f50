/** Finds, downloads or builds the sandbox's programs before the tests run, so that no test waits for a build. */
import { ensureSandboxTools } from '#sandbox/toolchain/sandbox-tools';

const LOG_INTERVAL_MS = 10_000;
let lastPrinted = 0;

ensureSandboxTools((line) => {
  if (Date.now() - lastPrinted < LOG_INTERVAL_MS) return;
  lastPrinted = Date.now();
  console.log(line);
}).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
