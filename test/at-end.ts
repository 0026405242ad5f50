/** What has to be tidied up when the tests of a file are over. */
const works: (() => unknown)[] = [];

/** Does something then, before what was asked for earlier. */
export function atEnd(work: () => unknown): void {
  works.push(work);
}

/** After each file. */
export async function endAll(): Promise<void> {
  for (const work of works.splice(0).reverse()) await work();
}
