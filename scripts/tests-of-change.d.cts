/** @returns undefined for all tests */
export function testsOf(changed: readonly string[]): string[] | undefined;
