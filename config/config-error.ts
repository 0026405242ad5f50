/** The configuration or the environment is missing or wrong. Its message is for the person and names every fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** What a program that cannot go on because of it exits with: wrong use. */
  readonly exitCode = 2;
}
