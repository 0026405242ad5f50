/** Serves one emulated provider to Terraform: the plugin protocol on one side, resource types on the other. */
import { serveGrpc, type Connection, type GrpcServer, type Handler } from '../protocol/grpc-server';
import { method } from '../protocol/messages';
import type { ValueObject } from '../protocol/values';
import { wireSchema } from '../protocol/wire-schema';
import type { ProviderSchema, VersionedBlock } from '../schema/schema';
import { trackConnections, type Connections } from './connections';
import { diagnostics } from './diagnostics';
import {
  applyChange,
  complete,
  decodePrivateState,
  encodePrivateState,
  planResource,
  readResource,
} from './operations';
import { ProviderError, type DataSourceType, type ProviderDefinition, type ResourceType } from './resource';
import { withoutEmptyBlocks } from './sdk';
import { blockCodec, servedTypes, type ServedTypes } from './served-types';
import { refuseComputed, refuseNotEmulated } from './validation';

type Request = Readonly<Record<string, unknown>>;
type Method = (request: Request, connection: Connection) => Promise<object> | object;

/** What the methods of one provider work with. */
interface ServedProvider<Client> {
  readonly definition: ProviderDefinition<Client>;
  readonly resources: ServedTypes<ResourceType<Client>>;
  readonly dataSources: ServedTypes<DataSourceType<Client>>;
  readonly connections: Connections<Client>;
}

/** @param socket path of the Unix socket, under 107 bytes */
export function serveProvider<Client>(definition: ProviderDefinition<Client>, socket: string): Promise<GrpcServer> {
  const { schema, sdk = false } = definition;
  const served: ServedProvider<Client> = {
    definition,
    resources: servedTypes(schema.resource_schemas, definition.resources, sdk),
    dataSources: servedTypes(schema.data_source_schemas, definition.dataSources, sdk),
    connections: trackConnections(),
  };
  const handlers = Object.entries(methods(served)).map(([name, answer]) => handler(name, answer));
  return serveGrpc(socket, Object.fromEntries(handlers));
}

function methods<Client>(served: ServedProvider<Client>): Record<string, Method> {
  const { resources, dataSources, connections } = served;
  return {
    GetProviderSchema: () => schemas(served.definition.schema),
    ValidateProviderConfig: () => ({}),
    ValidateResourceConfig: (request) => validate(resources, request),
    ValidateDataResourceConfig: (request) => validate(dataSources, request),
    UpgradeResourceState: (request) => upgrade(served, request),
    ConfigureProvider: (request, connection) => configure(served, request, connection),
    ReadResource: (request, connection) => read(served, request, connection),
    PlanResourceChange: (request, connection) => plan(served, request, connection),
    ApplyResourceChange: (request, connection) => apply(served, request, connection),
    ImportResourceState: (request, connection) => importState(served, request, connection),
    ReadDataSource: (request, connection) => readData(served, request, connection),
    StopProvider: (_, connection) => {
      connections.stop(connection);
      return { Error: '' };
    },
  };
}

function handler(name: string, answer: Method): [path: string, Handler] {
  const { path, decode, encode } = method(name);
  return [
    path,
    async (request, connection) => {
      try {
        return encode(await answer(decode(request), connection));
      } catch (error) {
        if (error instanceof ProviderError) return encode({ diagnostics: diagnostics(error) });
        throw error;
      }
    },
  ];
}

function schemas({ provider, resource_schemas, data_source_schemas }: ProviderSchema): object {
  const wire = (types: Readonly<Record<string, VersionedBlock>>) =>
    Object.fromEntries(Object.entries(types).map(([name, schema]) => [name, wireSchema(schema)]));
  return {
    provider: wireSchema(provider),
    resource_schemas: wire(resource_schemas),
    data_source_schemas: wire(data_source_schemas),
    server_capabilities: { plan_destroy: false, get_provider_schema_optional: false },
  };
}

function validate(
  types: ServedTypes<Pick<DataSourceType<unknown>, 'arguments' | 'validate'>>,
  request: Request,
): object {
  const { type, schema, decode } = types(request);
  const config = decode(request['config'])!;
  refuseComputed(schema, config);
  refuseNotEmulated(config, type.arguments);
  type.validate?.(config);
  return {};
}

/** States are written by this version of the schema only; JSON from the state file becomes a value. */
function upgrade<Client>({ resources }: ServedProvider<Client>, request: Request): object {
  const { schema, encode } = resources(request);
  const { json } = request['raw_state'] as { json: Uint8Array };
  const state = JSON.parse(Buffer.from(json).toString('utf8')) as ValueObject;
  return { upgraded_state: encode(complete(schema, state)) };
}

async function configure<Client>(
  { definition, connections }: ServedProvider<Client>,
  request: Request,
  connection: Connection,
): Promise<object> {
  const config = blockCodec(definition.schema.provider.block).decode(request['config'])!;
  connections.configured(connection, await definition.configure(config));
  return {};
}

async function read<Client>(
  { resources, connections }: ServedProvider<Client>,
  request: Request,
  connection: Connection,
): Promise<object> {
  const resource = resources(request);
  const { decode, encode } = resource;
  const existing = {
    ...connections.call(connection),
    state: decode(request['current_state'])!,
    privateState: decodePrivateState(request['private'] as Uint8Array),
  };
  return { new_state: encode(await readResource(resource, existing)), private: request['private'] };
}

async function plan<Client>(
  { resources, connections }: ServedProvider<Client>,
  request: Request,
  connection: Connection,
): Promise<object> {
  const resource = resources(request);
  const { decode, encode } = resource;
  const proposed = decode(request['proposed_new_state']);
  const privateState = request['prior_private'] as Uint8Array;
  if (proposed === null) return { planned_state: encode(null), planned_private: privateState };
  const { planned, replacedBy } = planResource(resource, {
    prior: decode(request['prior_state']),
    config: decode(request['config'])!,
    proposed,
    privateState: decodePrivateState(privateState),
  });
  await resource.type.lookBeforePlan?.({ ...connections.call(connection), planned });
  return {
    planned_state: encode(planned),
    requires_replace: replacedBy.map((path) => ({ steps: [{ attribute_name: path.split('.')[0] }] })),
    planned_private: privateState,
    legacy_type_system: true,
  };
}

async function apply<Client>(
  { resources, connections }: ServedProvider<Client>,
  request: Request,
  connection: Connection,
): Promise<object> {
  const resource = resources(request);
  const { decode, encode } = resource;
  const change = {
    prior: decode(request['prior_state']),
    planned: decode(request['planned_state']),
    config: decode(request['config']),
    privateState: decodePrivateState(request['planned_private'] as Uint8Array),
  };
  const { state, privateState, error } = await applyChange(resource, change, connections.call(connection));
  return {
    new_state: encode(state),
    private: encodePrivateState(privateState),
    diagnostics: error === undefined ? [] : diagnostics(error),
    legacy_type_system: true,
  };
}

async function importState<Client>(
  { resources, connections }: ServedProvider<Client>,
  request: Request,
  connection: Connection,
): Promise<object> {
  const { name, type, schema, encode } = resources(request);
  const existing = { ...connections.call(connection), id: request['id'] as string };
  if (type.import === undefined) throw new ProviderError('Import is not supported', `${name} cannot be imported`);
  const state = await type.import(existing);
  return { imported_resources: [{ type_name: name, state: encode(complete(schema, state)) }] };
}

async function readData<Client>(
  { dataSources, connections }: ServedProvider<Client>,
  request: Request,
  connection: Connection,
): Promise<object> {
  const { type, schema, sdk, decode, encode } = dataSources(request);
  const operation = { ...connections.call(connection), config: decode(request['config'])! };
  const found = await type.read(operation);
  const state = complete(schema, { ...operation.config, ...found });
  return { state: encode(sdk ? withoutEmptyBlocks(schema, state) : state) };
}
