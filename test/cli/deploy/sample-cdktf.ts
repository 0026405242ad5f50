/** A program in place of the CDKTF CLI, which does what a test tells it. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { loopbackServer } from '#test/loopback-server';
import { newFolder } from '#test/new-folder';

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Resolves with the path of the program, which is there until the tests of the file are over. */
export async function sampleCdktf(work: (args: readonly string[]) => Promise<Ended>): Promise<string> {
  const { url } = await loopbackServer((request, response) => {
    void json(request).then(async (args) => response.end(JSON.stringify(await work(args as string[]))));
  });
  const program = join(newFolder('cdktf'), 'cdktf');
  writeFileSync(program, scriptFor(url));
  chmodSync(program, 0o700);
  return program;
}

function scriptFor(url: string): string {
  return `#!${process.execPath}
fetch('${url}', { method: 'POST', body: JSON.stringify(process.argv.slice(2)) })
  .then((answer) => answer.json())
  .then(({ code, output }) => {
    console.log(output);
    process.exitCode = code;
  });
`;
}
