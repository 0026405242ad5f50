/** What the benchmark measures, and what comes out. */
import type { BenchSandbox } from './shared-sandbox';

export type Unit = 's' | 'MB';

/** One thing measured several times. */
export interface Figure {
  readonly what: string;
  readonly unit: Unit;
  readonly values: readonly number[];
  /** Target of the project; absent for what has none. */
  readonly atMost?: number;
  /** What it is compared with, measured in the same run. */
  readonly beside?: { readonly what: string; readonly values: readonly number[] };
}

/** What a run of several measurements found. */
export interface Results {
  readonly figures: readonly Figure[];
  /** Measurements that could not be taken, and why. */
  readonly failures: readonly { readonly name: string; readonly reason: string }[];
}

export interface Bench {
  /** For files of the measurements; removed at the end. */
  readonly folder: string;
  /** Tells the person who waits. */
  readonly progress: (line: string) => void;
  /** The complete sandbox that measurements share. The first call starts it. */
  readonly sandbox: () => Promise<BenchSandbox>;
  /** Something to end when the benchmark ends, however it ends. */
  readonly atEnd: (end: () => Promise<unknown>) => void;
}

export interface Measurement {
  /** As given on the command line. */
  readonly name: string;
  readonly summary: string;
  readonly measure: (bench: Bench) => Promise<readonly Figure[]>;
}
