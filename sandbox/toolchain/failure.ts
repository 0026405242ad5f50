import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STEPS, type Attempts } from './attempts';
import { neededVersion } from './installed-program';
import type { ToolName } from './pins';
import { vendorFileOf } from './tool-entry';
import { pinOf, type Toolchain } from './toolchain';

/** Some tools are nowhere to be had. The message names them, what was tried, and what to do. */
export class ToolsMissing extends Error {
  override readonly name = 'ToolsMissing';
  readonly exitCode = 1;
}

export function toolsMissing(toolchain: Toolchain, tools: readonly ToolName[], attempts: Attempts): ToolsMissing {
  const names = tools.map((tool) => `${tool} ${neededVersion(pinOf(toolchain, tool))}`);
  return new ToolsMissing(
    [
      `The sandbox lacks ${names.join(', ')}.`,
      'What was tried:',
      ...answers(tools, attempts),
      'Any of these helps:',
      ...advice(toolchain, tools),
    ].join('\n'),
  );
}

/** Each answer once, with the tools that got it unless all did. */
function answers(tools: readonly ToolName[], attempts: Attempts): string[] {
  const receivers = new Map<string, ToolName[]>();
  for (const { step, answer, tool } of tools.flatMap((tool) => attempts.of(tool))) {
    const line = `  ${step}: ${answer.replaceAll('\n', '\n    ')}`;
    receivers.set(line, [...(receivers.get(line) ?? []), tool]);
  }
  return [...receivers]
    .map(([line, got]) => (got.length === tools.length ? line : `${line} (${got.join(', ')})`))
    .sort(inOrder);
}

/** From the first place that is asked to the last. */
function inOrder(left: string, right: string): number {
  const rank = (line: string) => STEPS.findIndex((step) => line.startsWith(`  ${step}: `));
  return rank(left) - rank(right);
}

function advice(toolchain: Toolchain, tools: readonly ToolName[]): string[] {
  const pins = tools.map((tool) => ({ tool, pin: pinOf(toolchain, tool) }));
  const buildable = pins.filter(({ pin }) => pin.goPackage !== undefined).map(({ tool }) => tool);
  const urls = pins.map(({ pin }) => vendorFileOf(toolchain, pin)?.url).filter((url) => url !== undefined);
  const hosts = [...new Set(urls.map((url) => new URL(url).host))];
  const pages = new Map<string, ToolName[]>();
  for (const { tool, pin } of pins.filter(({ pin: { asked } }) => asked !== undefined)) {
    const wanted = `${neededVersion(pin)} on PATH: ${pin.page}`;
    pages.set(wanted, [...(pages.get(wanted) ?? []), tool]);
  }
  return [
    ...(buildable.length > 0 ? [`Go, with which ${buildable.join(', ')} can be built: ${goAdvice(toolchain)}`] : []),
    ...(hosts.length > 0 ? [`HTTPS, without a proxy, to ${hosts.join(', ')}`] : []),
    ...[...pages].map(([wanted, names]) => `${names.join(', ')} ${wanted}`),
  ].map((line) => `  - ${line}`);
}

function goAdvice({ module, go }: Toolchain): string {
  return `Go ${oldestGo(module)} or newer on PATH (${go.page}) and a module proxy that it can reach (go env GOPROXY)`;
}

function oldestGo(module: string): string | undefined {
  return /^go (\S+)$/m.exec(readFileSync(join(module, 'go.mod'), 'utf8'))?.[1];
}
