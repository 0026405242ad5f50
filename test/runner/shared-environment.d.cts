/** The globals of this process, for one test file after the other. */
export declare class SharedEnvironment {
  /** As jest tells what happens. */
  handleTestEvent(event: { name: string; test?: { errors: readonly unknown[] } }): void;
  /** @throws Error that names what the file changed for those after it, if that is all that is wrong. It is put back. */
  teardown(): Promise<void>;
}
