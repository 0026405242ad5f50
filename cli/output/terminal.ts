/** What a command has of its surroundings; tests give it others. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  /** The command's result. */
  readonly write: (text: string) => void;
  /** What is under way, for the person who waits. */
  readonly notify: (text: string) => void;
  /** Asks the person at the keyboard; undefined when nobody can answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** Like `ask`, for what nobody else may see: the answer is not shown. */
  readonly askHidden?: ((question: string) => Promise<string>) | undefined;
}

export function processTerminal(): Terminal {
  const isInteractive = process.stdin.isTTY && process.stderr.isTTY;
  return {
    env: process.env,
    write: (text) => void process.stdout.write(text),
    notify: (text) => void process.stderr.write(text),
    ask: isInteractive ? ask : undefined,
    askHidden: isInteractive ? askHidden : undefined,
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

async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const readline = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await readline.question('');
  } finally {
    readline.close();
    process.stderr.write('\n');
  }
}
