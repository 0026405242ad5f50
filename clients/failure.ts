export interface FailureDetails {
  /** Of the program: 1 for failed, 2 for wrong use. Default: 1. */
  readonly exitCode?: 1 | 2;
  /** HTTP status of an answer that was no success. */
  readonly status?: number | undefined;
  readonly cause?: unknown;
}

/** A command cannot go on. It prints the message, which is for the person, and exits with the code. */
export class CommandFailure extends Error {
  override readonly name: string = 'CommandFailure';
  readonly exitCode: 1 | 2;
  /** HTTP status of an answer that was no success. */
  readonly status: number | undefined;

  constructor(message: string, { exitCode = 1, status, cause }: FailureDetails = {}) {
    super(message, { cause });
    this.exitCode = exitCode;
    this.status = status;
  }
}

/** Whether an API said that there is no such thing. */
export function isNotFound(error: unknown): boolean {
  return (error as { status?: number }).status === 404;
}
