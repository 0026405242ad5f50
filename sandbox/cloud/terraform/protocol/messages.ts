/** The plugin protocol's messages, from the .proto file beside this one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type Type } from 'protobufjs';

const { root } = parse(readFileSync(join(__dirname, 'tfplugin6.proto'), 'utf8'), { keepCase: true });
const service = root.lookupService('tfplugin6.Provider');
service.resolveAll();

export interface Method {
  /** Path of the gRPC call. */
  readonly path: string;
  decode(request: Uint8Array): Record<string, unknown>;
  encode(response: object): Uint8Array;
}

/** A method of the provider service. */
export function method(name: string): Method {
  const { resolvedRequestType, resolvedResponseType } = service.methods[name]!;
  const [request, response] = [resolvedRequestType as Type, resolvedResponseType as Type];
  return {
    path: `/tfplugin6.Provider/${name}`,
    decode: (bytes) => request.toObject(request.decode(bytes), { longs: Number, defaults: true }),
    encode: (message) => response.encode(response.fromObject(message)).finish(),
  };
}
