/** The programs that a sandbox runs. */
import { ensureTools } from './ensure-tools';
import { TOOL_NAMES, type ToolName } from './pins';

/** What every sandbox needs, also one whose machines bring a Kubernetes of their own. */
const REAL_SANDBOX = ['helm', 'kubectl', 'terraform'] as const satisfies readonly ToolName[];
type RealSandboxTool = (typeof REAL_SANDBOX)[number];

/**
 * Paths of the programs, which are downloaded or built at the first call.
 *
 * @param progress gets a line about what is under way
 */
export function ensureSandboxTools(progress: (line: string) => void): Promise<Record<ToolName, string>> {
  return ensure(TOOL_NAMES, progress);
}

/** As much of them as every sandbox needs. */
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
