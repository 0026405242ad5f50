/** Resource types that are one object of the API: made by a POST, read, changed by a PUT and deleted by its path. */
import { UnfinishedResource, type SchemaBehaviors, type ResourceType, type ValueObject } from '../engine/resource';
import { ifThere, RestFailure, type RestClient } from '../rest-client';
import { isEmpty } from '../engine/sdk';
import { isUnknown } from '../protocol/values';
import { text } from '../attributes';
import { failingAs } from './client';

type Operations = Pick<ResourceType<RestClient>, 'validate' | 'update' | 'delete' | 'privateState' | 'import'>;

/** @param T the object as the API tells it */
export interface ApiResource<T> extends SchemaBehaviors, Partial<Operations> {
  /** Of the list, such as `/v2/vpcs`. */
  readonly path: string | ((state: ValueObject) => string);
  /** What the object is in the API's answers, such as `vpc`. */
  readonly root: string;
  /** The field that the path of one names it by, `id` if not given. */
  readonly key?: string;
  /** In the provider's messages: `Error creating VPC`. */
  readonly noun: string;
  /** Those that are not like that. */
  readonly words?: Readonly<Partial<Record<'create' | 'read' | 'update' | 'ready', string>>>;
  /** Whether the provider takes an object that is gone for deleted. */
  readonly mayBeGone?: boolean;
  /** Body of the POST and the PUT. */
  request(planned: ValueObject, config: ValueObject): object;
  /** The state. Fields of the object that the schema has under the same name may stand as they are. */
  attributes(found: T, state: ValueObject): ValueObject;
  /** Waits for a new object to be ready. */
  ready?(client: RestClient, id: string, signal: AbortSignal): Promise<unknown>;
}

export function apiResource<T extends object = ValueObject>(definition: ApiResource<T>): ResourceType<RestClient> {
  const { noun, words, mayBeGone = false, request } = definition;
  return {
    create: (operation) => create(definition, operation),
    read: ({ client, state }) => read(definition, client, state),
    update: async ({ client, config, planned }) => {
      const asked = client.put(pathOf(definition, planned), request(planned, config));
      await failingAs(words?.update ?? `Error updating ${noun}`, asked);
      return (await read(definition, client, planned)) ?? {};
    },
    delete: async ({ client, state }) => {
      const deletion = client.delete(pathOf(definition, state));
      await failingAs(`Error deleting ${noun}`, mayBeGone ? ifThere(deletion) : deletion);
    },
    import: ({ id }) => Promise.resolve({ id }),
    ...definition,
  };
}

async function create<T extends object>(
  definition: ApiResource<T>,
  { client, config, planned, signal }: Parameters<ResourceType<RestClient>['create']>[0],
): Promise<ValueObject> {
  const { root, key = 'id', noun, words, request, attributes, ready } = definition;
  const asked = client.post<Record<string, T>>(listPath(definition, planned), request(planned, config));
  const made = (await failingAs(words?.create ?? `Error creating ${noun}`, asked))[root]!;
  const id = `${made[key as keyof T] as string | number}`;
  const state = { ...attributes(made, planned), id };
  await ready?.(client, id, signal).catch((error: unknown) => {
    if (!(error instanceof RestFailure)) throw error;
    const wait = `Error waiting for ${noun} (${id}) to become ${words?.ready}`;
    throw new UnfinishedResource(`${wait}: ${error.summary}`, state);
  });
  return { ...state, ...(await read(definition, client, { ...planned, ...state })) };
}

async function read<T extends object>(
  definition: ApiResource<T>,
  client: RestClient,
  state: ValueObject,
): Promise<ValueObject | undefined> {
  const { root, noun, words, attributes } = definition;
  const asked = ifThere(client.get<Record<string, T>>(pathOf(definition, state)));
  const found = await failingAs(words?.read ?? `Error retrieving ${noun}`, asked);
  return found && { ...attributes(found[root]!, state), id: text(state, 'id') };
}

function listPath<T>({ path }: ApiResource<T>, state: ValueObject): string {
  return typeof path === 'string' ? path : path(state);
}

function pathOf<T>(definition: ApiResource<T>, state: ValueObject): string {
  return `${listPath(definition, state)}/${text(state, 'id')}`;
}

/** The attributes of these names as fields of a request; empty ones are left out, as godo does. */
export function fieldsOf(planned: ValueObject, names: readonly string[]): ValueObject {
  const given = names.filter((name) => !isUnknown(planned[name]) && !isEmpty(planned[name] ?? null));
  return Object.fromEntries(given.map((name) => [name, planned[name]!]));
}
