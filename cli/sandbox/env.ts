import { dirname } from 'node:path';
import type { SandboxFolder } from '#sandbox/place/folder';
import { kubeconfigFile } from '#sandbox/place/kubeconfigs';
import { ensureRealSandboxTools } from '#sandbox/toolchain/sandbox-tools';
import { runningSandbox } from '#sandbox/up';

/** Prints shell assignments for `eval`. */
export async function env(folder: SandboxFolder): Promise<void> {
  const sandbox = await runningSandbox(folder);
  const { kubectl } = await ensureRealSandboxTools(() => undefined);
  const variables = { ...sandbox.env, KUBECONFIG: kubeconfigFile(sandbox, 'admin') };
  for (const [name, value] of Object.entries(variables)) console.log(`export ${name}=${quoted(value)}`);
  console.log(`export PATH=${quoted(dirname(kubectl))}:"$PATH"`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
