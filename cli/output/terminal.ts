/** What a command has of its surroundings; tests give it others. */
import { createInterface } from 'node:readline/promises';

export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  /** The command's result. */
  readonly write: (text: string) => void;
  /** What is under way, for the person who waits. */
  readonly notify: (text: string) => void;
  /** Asks the person at the keyboard; undefined when nobody can answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

export function processTerminal(): Terminal {
  const isInteractive = process.stdin.isTTY && process.stderr.isTTY;
  return {
    env: process.env,
    write: (text) => void process.stdout.write(text),
    notify: (text) => void process.stderr.write(text),
    ask: isInteractive ? ask : undefined,
  };
}

async function ask(question: string): Promise<string> {
  const readline = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await readline.question(question);
  } finally {
    readline.close();
  }
}
