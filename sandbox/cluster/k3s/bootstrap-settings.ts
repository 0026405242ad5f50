/** What /etc/forge/bootstrap.env tells the droplet's bootstrap script. */
import { BootFailure } from '../boot-failure';
import type { DropletDisk } from '../droplet/droplet-disk';

export const BOOTSTRAP_ENV = '/etc/forge/bootstrap.env';

export interface BootstrapSettings {
  /** The seed may start or restore the cluster, a joiner is a further server, an agent a worker. */
  readonly role: 'seed' | 'joiner' | 'agent';
  readonly apiAddress: string;
  /** Release of k3s, such as v1.36.4+k3s1. */
  readonly k3sVersion: string;
  /** Servers only: hash of the cluster's server CA. */
  readonly caHash: string | undefined;
}

const PATTERNS = {
  ROLE: /^(seed|joiner|agent)$/,
  API_ADDRESS: /^\d+(\.\d+){3}$/,
  K3S_VERSION: /^v\d+\.\d+\.\d+\+k3s\d+$/,
  K3S_SHA256: /^[0-9a-f]{64}$/,
  CA_HASH: /^[0-9a-f]{64}$/,
};

/** @throws BootFailure naming the variable that is missing or wrong */
export function readBootstrapSettings(disk: DropletDisk): BootstrapSettings {
  const variables = parse(disk.read(BOOTSTRAP_ENV).toString());
  const need = (name: keyof typeof PATTERNS): string => {
    const value = variables.get(name);
    if (value === undefined) throw new BootFailure(`${BOOTSTRAP_ENV} has no ${name}.`);
    if (!PATTERNS[name].test(value)) throw new BootFailure(`${BOOTSTRAP_ENV}: ${name} cannot be "${value}".`);
    return value;
  };
  const role = need('ROLE') as BootstrapSettings['role'];
  need('K3S_SHA256');
  return {
    role,
    apiAddress: need('API_ADDRESS'),
    k3sVersion: need('K3S_VERSION'),
    caHash: role === 'agent' ? undefined : need('CA_HASH'),
  };
}

function parse(text: string): Map<string, string> {
  const variables = new Map<string, string>();
  for (const line of text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined)
      throw new BootFailure(`${BOOTSTRAP_ENV}: "${line}" is not NAME=value.`);
    variables.set(name, value);
  }
  return variables;
}
