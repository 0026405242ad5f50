/** Serves one emulated provider to Terraform: the plugin protocol on one side, resource types on the other. */
import { ConnectionCrash, serveGrpc, type GrpcServer, type Handler } from '../protocol/grpc-server';
import { method } from '../protocol/messages';
import { decodeValue, encodeValue, type ValueObject } from '../protocol/values';
import { wireSchema } from '../protocol/wire-schema';
import { typeOfBlock, type Block, type VersionedBlock } from '../schema/schema';
import { diagnostics, type Diagnostic } from './diagnostics';
import { applyChange, decodeNotes, encodeNotes, planResource, readResource } from './operations';
import { ProviderCrash, ProviderError, type ProviderDefinition, type ResourceType } from './resource';
import { withTraits } from './traits';

type Request = Record<string, unknown>;
interface DynamicValue {
  readonly msgpack: Uint8Array;
}

/** @param socket path of the Unix socket, under 107 bytes */
export function serveProvider<Client>(definition: ProviderDefinition<Client>, socket: string): Promise<GrpcServer> {
  const server = new ProviderServer(definition);
  return serveGrpc(socket, server.handlers());
}

class ProviderServer<Client> {
  private readonly clients = new WeakMap<object, Client>();
  private readonly resources: ReadonlyMap<string, VersionedBlock>;
  private readonly dataSources: ReadonlyMap<string, VersionedBlock>;

  constructor(private readonly definition: ProviderDefinition<Client>) {
    const { schema, resources, dataSources } = definition;
    this.resources = withTraitsOf(schema.resources, resources);
    this.dataSources = withTraitsOf(schema.dataSources, dataSources);
  }

  handlers(): Record<string, Handler> {
    const calls: Record<string, (request: Request, connection: object) => Promise<object> | object> = {
      GetProviderSchema: () => this.schema(),
      ValidateProviderConfig: () => ({}),
      ValidateResourceConfig: (request) => this.validate(request),
      ValidateDataResourceConfig: () => ({}),
      UpgradeResourceState: (request) => this.upgrade(request),
      ConfigureProvider: (request, connection) => this.configure(request, connection),
      ReadResource: (request, connection) => this.read(request, connection),
      PlanResourceChange: (request) => this.plan(request),
      ApplyResourceChange: (request, connection) => this.apply(request, connection),
      ImportResourceState: (request, connection) => this.importState(request, connection),
      ReadDataSource: (request, connection) => this.readData(request, connection),
      StopProvider: () => ({ Error: '' }),
    };
    return Object.fromEntries(Object.entries(calls).map(([name, call]) => this.handler(name, call)));
  }

  private handler(
    name: string,
    call: (request: Request, connection: object) => Promise<object> | object,
  ): [string, Handler] {
    const { path, decode, encode } = method(name);
    return [
      path,
      async (request, connection) => {
        try {
          return encode(await call(decode(request), connection));
        } catch (error) {
          if (error instanceof ProviderCrash) throw new ConnectionCrash(error.message);
          if (error instanceof ProviderError) return encode({ diagnostics: diagnostics(error) });
          throw error;
        }
      },
    ];
  }

  private schema(): object {
    const wire = (schemas: ReadonlyMap<string, VersionedBlock>) =>
      Object.fromEntries([...schemas].map(([name, schema]) => [name, wireSchema(schema)]));
    return {
      provider: wireSchema(this.definition.schema.provider),
      resource_schemas: wire(this.resources),
      data_source_schemas: wire(this.dataSources),
      server_capabilities: { plan_destroy: false, get_provider_schema_optional: false },
    };
  }

  private validate(request: Request): { diagnostics: Diagnostic[] } {
    const { type, schema } = this.resource(request);
    const config = decode(request['config'], schema)!;
    type.validate?.(config);
    return { diagnostics: [] };
  }

  /** States are written by this version of the schema only; JSON from the state file becomes a value. */
  private upgrade(request: Request): object {
    const { schema } = this.resource(request);
    const { json } = request['raw_state'] as { json: Uint8Array };
    const state = JSON.parse(Buffer.from(json).toString('utf8')) as unknown;
    return { upgraded_state: { msgpack: encodeValue(state, typeOfBlock(schema)) } };
  }

  private async configure(request: Request, connection: object): Promise<object> {
    const config = decode(request['config'], this.definition.schema.provider)!;
    this.clients.set(connection, await this.definition.configure(config));
    return {};
  }

  private async read(request: Request, connection: object): Promise<object> {
    const { type, schema } = this.resource(request);
    const state = decode(request['current_state'], schema)!;
    const fresh = await readResource(type, schema, {
      client: this.client(connection),
      state,
      notes: decodeNotes(request['private'] as Uint8Array),
    });
    return { new_state: encode(fresh, schema), private: request['private'] };
  }

  private plan(request: Request): object {
    const { type, schema } = this.resource(request);
    const proposed = decode(request['proposed_new_state'], schema);
    const notes = request['prior_private'] as Uint8Array;
    if (proposed === null) return { planned_state: encode(null, schema), planned_private: notes };
    const { planned, replacedBy } = planResource(type, schema, {
      prior: decode(request['prior_state'], schema),
      config: decode(request['config'], schema)!,
      proposed,
      notes: decodeNotes(notes),
    });
    return {
      planned_state: encode(planned, schema),
      requires_replace: replacedBy.map((path) => ({ steps: [{ attribute_name: path.split('.')[0] }] })),
      planned_private: notes,
      legacy_type_system: true,
    };
  }

  private async apply(request: Request, connection: object): Promise<object> {
    const { type, schema } = this.resource(request);
    const prior = decode(request['prior_state'], schema);
    const result = await applyChange(type, schema, {
      client: this.client(connection),
      prior,
      planned: decode(request['planned_state'], schema),
      config: decode(request['config'], schema),
      notes: decodeNotes(request['planned_private'] as Uint8Array),
    });
    return {
      new_state: encode(result.state, schema),
      private: encodeNotes(result.notes),
      diagnostics: result.error === undefined ? [] : diagnostics(result.error),
      legacy_type_system: true,
    };
  }

  private async importState(request: Request, connection: object): Promise<object> {
    const { type, schema, name } = this.resource(request);
    const id = request['id'] as string;
    if (type.import === undefined) throw new ProviderError('Import is not supported', `${name} cannot be imported`);
    const state = await type.import({ client: this.client(connection), id });
    return { imported_resources: [{ type_name: name, state: encode(state, schema), private: Buffer.alloc(0) }] };
  }

  private async readData(request: Request, connection: object): Promise<object> {
    const name = request['type_name'] as string;
    const schema = this.dataSources.get(name)!;
    const config = decode(request['config'], schema)!;
    const found = await this.definition.dataSources[name]!.read({ client: this.client(connection), config });
    return { state: encode({ ...config, ...found }, schema) };
  }

  private resource(request: Request): { name: string; type: ResourceType<Client>; schema: VersionedBlock } {
    const name = request['type_name'] as string;
    return { name, type: this.definition.resources[name]!, schema: this.resources.get(name)! };
  }

  private client(connection: object): Client {
    const client = this.clients.get(connection);
    if (client === undefined) throw new ProviderError('The provider was not configured on this connection');
    return client;
  }
}

function withTraitsOf(
  schemas: Readonly<Record<string, VersionedBlock>>,
  types: Readonly<Record<string, object>>,
): ReadonlyMap<string, VersionedBlock> {
  return new Map(
    Object.entries(types).map(([name, traits]) => {
      const schema = schemas[name];
      if (schema === undefined) throw new Error(`there is no schema for ${name}`);
      return [name, withTraits(schema, traits)];
    }),
  );
}

function decode(value: unknown, schema: Block): ValueObject | null {
  return decodeValue((value as DynamicValue).msgpack, typeOfBlock(schema)) as ValueObject | null;
}

function encode(value: ValueObject | null, schema: Block): DynamicValue {
  return { msgpack: encodeValue(value, typeOfBlock(schema)) };
}
