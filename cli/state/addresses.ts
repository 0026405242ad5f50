/** Addresses of what a state holds, as Terraform writes them. */
import type { StateFile, StateInstance, StateResource } from './state-format';

export interface StateObject {
  readonly address: string;
  readonly resource: StateResource;
  readonly instance: StateInstance;
}

/** Everything in a state with its address, in the order of the state. */
export function objectsOf({ resources }: StateFile): StateObject[] {
  return resources.flatMap((resource) =>
    resource.instances.map((instance) => ({
      address: `${addressOf(resource)}${indexOf(instance)}`,
      resource,
      instance,
    })),
  );
}

/** Address of a resource, without the index of an instance. */
export function addressOf({ module, mode, type, name }: StateResource): string {
  return [...(module === undefined ? [] : [module]), ...(mode === 'data' ? ['data'] : []), type, name].join('.');
}

function indexOf({ index_key: index, deposed }: StateInstance): string {
  const key = index === undefined ? '' : `[${JSON.stringify(index)}]`;
  return deposed === undefined ? key : `${key} (deposed ${deposed})`;
}
