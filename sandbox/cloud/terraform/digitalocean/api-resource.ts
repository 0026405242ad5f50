/** Resource types that are one object of the API: made by a POST, read, changed by a PUT and deleted by its path. */
import type { Existing, ResourceTraits, ResourceType, ValueObject } from '../engine/resource';
import type { RestClient } from '../rest-client';
import { isUnknown } from '../protocol/values';
import { text } from '../attributes';
import { failingAs, ifThere } from './client';

/** @param T the object as the API tells it */
export interface ApiResource<T>
  extends
    ResourceTraits,
    Pick<ResourceType<RestClient>, 'validate' | 'notes'>,
    Partial<Pick<ResourceType<RestClient>, 'delete'>> {
  /** Of the list, such as `/v2/vpcs`. */
  readonly path: string | ((state: ValueObject) => string);
  /** What the object is in the API's answers, such as `vpc`. */
  readonly root: string;
  /** The field that the path of one names it by, `id` if not given. */
  readonly key?: string;
  /** Begin the provider's messages: `Error creating VPC`. */
  readonly words: { readonly create: string; readonly read: string; readonly update?: string; readonly delete: string };
  /** Whether the provider takes an object that is gone for deleted. */
  readonly mayBeGone?: boolean;
  /** Body of the POST and the PUT. */
  request(planned: ValueObject): object;
  /** The state. Fields of the object that the schema has under the same name may stand as they are. */
  attributes(found: T, state: ValueObject): ValueObject;
  /** Waits for a new object to be ready. */
  ready?(client: RestClient, made: T, signal: AbortSignal): Promise<unknown>;
}

export function apiResource<T extends object = ValueObject>(definition: ApiResource<T>): ResourceType<RestClient> {
  const { path, root, key = 'id', words, mayBeGone = false, request, attributes, ready, ...traits } = definition;
  const listPath = (state: ValueObject) => (typeof path === 'string' ? path : path(state));
  const pathOf = (state: ValueObject) => `${listPath(state)}/${text(state, 'id')}`;
  type Answer = Readonly<Record<string, T>>;
  const read = async (client: RestClient, state: ValueObject) => {
    const found = await failingAs(words.read, ifThere(client.get<Answer>(pathOf(state))));
    return found === undefined ? null : { ...attributes(found[root]!, state), id: text(state, 'id') };
  };
  return {
    create: async ({ client, planned, signal }) => {
      const made = await failingAs(words.create, client.post<Answer>(listPath(planned), request(planned)));
      const object = made[root]!;
      await ready?.(client, object, signal);
      const state = { ...attributes(object, planned), id: `${object[key as keyof T] as string | number}` };
      return { ...state, ...(await read(client, { ...planned, ...state })) };
    },
    read: ({ client, state }) => read(client, state),
    update:
      words.update === undefined
        ? undefined
        : async ({ client, planned }) => {
            await failingAs(words.update!, client.put(pathOf(planned), request(planned)));
            return (await read(client, planned)) ?? {};
          },
    delete: async ({ client, state }: Existing<RestClient>) => {
      const deletion = client.delete(pathOf(state));
      await failingAs(words.delete, mayBeGone ? ifThere(deletion) : deletion);
    },
    import: ({ id }) => Promise.resolve({ id }),
    ...traits,
  };
}

/** The attributes of these names as fields of a request; empty ones are left out, as godo does. */
export function fieldsOf(planned: ValueObject, names: readonly string[]): ValueObject {
  const given = names.filter((name) => {
    const value = planned[name] ?? null;
    return value !== null && value !== '' && value !== 0 && value !== false && !isUnknown(value);
  });
  return Object.fromEntries(given.map((name) => [name, planned[name]!]));
}
