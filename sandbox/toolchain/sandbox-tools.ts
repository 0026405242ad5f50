/** The programs that a sandbox runs. */
import { ensureTools } from './ensure-tools';
import { TOOL_NAMES, type ToolName } from './pins';

/** For machines that bring a Kubernetes of their own. */
const REAL_SANDBOX = ['helm', 'kubectl', 'terraform', 'pebble'] as const satisfies readonly ToolName[];
type RealSandboxTool = (typeof REAL_SANDBOX)[number];
/** Only tests run Dex: no sandbox asks people who they are. */
const ELSEWHERE = ['pebble', 'dex'] as const satisfies readonly ToolName[];
type QuickSandboxTool = Exclude<ToolName, (typeof ELSEWHERE)[number]>;

const QUICK_SANDBOX = TOOL_NAMES.filter((name): name is QuickSandboxTool => !ELSEWHERE.some((other) => other === name));

/**
 * Paths of the programs, which are downloaded or built at the first call.
 *
 * @param progress gets a line about what is under way
 */
export function ensureSandboxTools(progress: (line: string) => void): Promise<Record<QuickSandboxTool, string>> {
  return ensure(QUICK_SANDBOX, progress);
}

/** Those of a sandbox whose machines are containers. */
export function ensureRealSandboxTools(progress: (line: string) => void): Promise<Record<RealSandboxTool, string>> {
  return ensure(REAL_SANDBOX, progress);
}

function ensure<Name extends ToolName>(
  names: readonly Name[],
  progress: (line: string) => void,
): Promise<Record<Name, string>> {
  return ensureTools(names, {
    progress: ({ tool, phase, detail }) => {
      progress(`${tool}: ${phase} ${detail ?? ''}`);
    },
  });
}
