/** The Terraform providers of the stacks, in the versions of their bindings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ProviderPin {
  /** Such as `registry.terraform.io/hashicorp/tls`. */
  readonly address: string;
  readonly version: string;
}

export const REGISTRY = 'registry.terraform.io';
const ROOT = join(__dirname, '../..');

export function pinnedProviders(): ProviderPin[] {
  const { dependencies } = json<{ dependencies: Record<string, string> }>('package.json');
  const prebuilt = Object.keys(dependencies).filter((name) => name.startsWith('@cdktf/provider-'));
  const { terraformProviders } = json<{ terraformProviders: string[] }>('cdktf.json');
  return [
    ...prebuilt.map((name) => {
      const { cdktf } = json<{ cdktf: { provider: { name: string; version: string } } }>(
        `node_modules/${name}/package.json`,
      );
      return { address: cdktf.provider.name, version: cdktf.provider.version };
    }),
    ...terraformProviders.map((provider) => {
      const [name = '', version = ''] = provider.split('@');
      return { address: `${REGISTRY}/${name}`, version };
    }),
  ];
}

function json<T>(file: string): T {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as T;
}
