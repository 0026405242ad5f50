import type { ValueObject } from '#sandbox/cloud/terraform/engine/resource';
import { tlsProvider } from '#sandbox/cloud/terraform/tls/provider';

const { resources } = tlsProvider();

/** Creates a resource of the tls provider with the defaults of what is not given. */
export async function made(type: string, given: ValueObject): Promise<Record<string, string>> {
  const resource = resources[type]!;
  const planned = { ...resource.defaults, ...given };
  const { signal } = new AbortController();
  return (await resource.create({ client: null, signal, config: given, planned, privateState: undefined })) as Record<
    string,
    string
  >;
}
