/** What a sandbox decides once, at its first start, and keeps until `down`. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writePrivateFile } from '#config/private-file';
import type { SandboxFolder } from './folder';

/** Where Terraform's providers are from. */
export interface ProvidersInUse {
  readonly kind: 'official' | 'emulated';
  /** For people: from where, or why. */
  readonly note: string;
  /** Whether Argo CD's charts are those of their own repository, too. */
  readonly officialCharts?: boolean;
}

export interface SandboxSettings {
  /** The sandbox's addresses are 127.<network>.0.0/16. */
  readonly network: number;
  /** Of a sandbox whose droplets are containers: their public network. */
  readonly real?: {
    /** CIDR range, /24. */
    readonly publicNetwork: string;
  };
  /** Absolute path of the forge.yaml in use. */
  readonly configFile: string;
  readonly providers: ProvidersInUse;
  /** Absolute path of the folder that FORGE_MIRROR named. */
  readonly mirror?: string;
  /** Keys and tokens of the emulated cloud; worthless anywhere else. */
  readonly spaces: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly digitalOceanToken: string;
  readonly clusterToken: string;
  readonly githubToken: string;
  /** Seed of the values for the variables that `secrets:` names. */
  readonly secretSeed: string;
}

/** Settings of a new sandbox. */
export function newSettings(
  decided: Pick<SandboxSettings, 'network' | 'configFile' | 'providers' | 'mirror' | 'real'>,
): SandboxSettings {
  return {
    ...decided,
    spaces: { accessKeyId: `DO00${random(8).toUpperCase()}`, secretAccessKey: random(22) },
    digitalOceanToken: `dop_v1_${random(32)}`,
    clusterToken: `dop_v1_${random(32)}`,
    githubToken: `ghp_${random(18)}`,
    secretSeed: random(16),
  };
}

export function writeSettings(folder: SandboxFolder, settings: SandboxSettings): void {
  writePrivateFile(folder.settings, `${JSON.stringify(settings, null, 2)}\n`);
}

/** Settings of the sandbox in this folder, or undefined where there is none. */
export function readSettings(folder: SandboxFolder): SandboxSettings | undefined {
  if (!existsSync(folder.settings)) return undefined;
  return JSON.parse(readFileSync(folder.settings, 'utf8')) as SandboxSettings;
}

function random(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
