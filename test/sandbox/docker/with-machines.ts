import { whyNoMachines } from '#sandbox/docker/engine';

/** Undefined where machines can be booted. */
export const unavailable = whyNoMachines();

/** `describe` where machines can be booted, else skipped: first-boot.test.ts says why. */
export const withMachines = unavailable === undefined ? describe : describe.skip;
