/** What was tried for each tool and what it answered: for the error message, and for NODE_DEBUG=forge-tools. */
import { debuglog } from 'node:util';
import type { ToolName } from './pins';

const debug = debuglog('forge-tools');

/** In the order in which they are tried. */
export const STEPS = ['PATH', 'cache', 'download', 'Go build'] as const;

export type Step = (typeof STEPS)[number];

export interface Attempt {
  readonly tool: ToolName;
  readonly step: Step;
  readonly answer: string;
}

export interface Attempts {
  readonly refused: (tool: ToolName, step: Step, answer: string) => void;
  readonly of: (tool: ToolName) => readonly Attempt[];
}

export interface Outcome {
  readonly ready: (tool: ToolName, path: string) => void;
  readonly attempts: Attempts;
}

/** Obtains what it can of the tools; the others are refused with reasons. */
export type Source = (tools: readonly ToolName[], outcome: Outcome) => Promise<void>;

export function recordAttempts(): Attempts {
  const all: Attempt[] = [];
  return {
    refused(tool, step, answer) {
      debug('%s: %s: %s', tool, step, answer);
      all.push({ tool, step, answer });
    },
    of: (tool) => all.filter((attempt) => attempt.tool === tool),
  };
}
