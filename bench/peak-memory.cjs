// Preloaded into measured processes: each writes its largest resident size, in MB, as it ends.
const { appendFileSync } = require('node:fs');

process.on('exit', () => {
  try {
    appendFileSync(process.env.FORGE_BENCH_PEAKS, `${process.resourceUsage().maxRSS / 1024}\n`);
  } catch {
    // A background process outlives the measurement, and nobody waits for its figure.
  }
});
