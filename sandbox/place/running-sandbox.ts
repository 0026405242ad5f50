import type { ForgeConfig } from '#config/schema';
import type { SandboxFolder } from './folder';
import type { SandboxSettings } from './settings';

/** A sandbox whose background process answers. */
export interface RunningSandbox {
  readonly folder: SandboxFolder;
  readonly settings: SandboxSettings;
  readonly config: ForgeConfig;
  /** For `cdktf`, Terraform and `forge`. */
  readonly env: Readonly<Record<string, string>>;
}
