/** What a person can understand without a stack: the command prints the message, and exits with 1. */
export class SandboxFailure extends Error {
  override readonly name = 'SandboxFailure';
  readonly exitCode = 1;
}
