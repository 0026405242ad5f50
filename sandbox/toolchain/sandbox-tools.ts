/** The programs that the sandbox runs. */
import { ensureTools } from './ensure-tools';
import { TOOL_NAMES, type ToolName } from './pins';

/**
 * Paths of the programs, which are downloaded or built at the first call.
 *
 * @param progress gets a line about what is under way
 */
export function ensureSandboxTools(progress: (line: string) => void): Promise<Record<ToolName, string>> {
  return ensureTools(TOOL_NAMES, {
    progress: ({ tool, phase, detail }) => {
      progress(`${tool}: ${phase} ${detail ?? ''}`);
    },
  });
}
