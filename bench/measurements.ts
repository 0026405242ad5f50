import type { Measurement } from './measurement';
import { applications } from './measurements/applications';
import { cloud } from './measurements/cloud';
import { planComment } from './measurements/plan-comment';
import { replicas } from './measurements/replicas';
import { sandboxStart } from './measurements/sandbox-start';
import { stateCommands } from './measurements/state-commands';
import { stateSize } from './measurements/state-size';
import { synth } from './measurements/synth';
import { typeCheck } from './measurements/type-check';
import { unitTests } from './measurements/unit-tests';

/** In the order in which they run: those that need no sandbox first, the one that fills the shared sandbox last. */
export const MEASUREMENTS: readonly Measurement[] = [
  synth,
  typeCheck,
  unitTests,
  planComment,
  cloud,
  sandboxStart,
  replicas,
  stateCommands,
  stateSize,
  applications,
];
