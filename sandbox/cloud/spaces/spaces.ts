/** The emulated DigitalOcean Spaces: an S3 server on loopback that keeps its buckets in a folder. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { ApiError, ConnectionLost } from '../http/api-error';
import { noConditions, underConditions, type Conditions } from '../http/faults';
import { listenOnLoopback, type ListenOptions } from '../http/loopback-server';
import { authorise, type KeyLookup } from './access-keys';
import { checkBodyForm } from './body';
import type { Answer } from './operations/operation';
import { operationOf } from './operations/routes';
import { parseRequest, type S3Request } from './request';
import { S3Error } from './s3-error';
import { verifySignature } from './signature';
import { openStore, type Store } from './store';
import { xmlError } from './xml';

export interface SpacesOptions extends ListenOptions {
  /** Holds everything. Made if it is not there; only the owner can read it. */
  readonly folder: string;
  /** Region of buckets that are made through S3. */
  readonly region: string;
  readonly keys: KeyLookup;
  /** Faults, by `<operation>:<bucket>/<key>`, such as `PutObject:state/forge/production/network.tfstate`. */
  readonly conditions?: Conditions;
  /** Makes a store that takes conditional writes for unconditional ones, as some S3 stores do. For tests. */
  readonly ignoreConditions?: boolean;
}

export interface Spaces {
  /** URL without a bucket: the value for SPACES_ENDPOINT_URL. */
  readonly endpoint: string;
  /** Its buckets and objects, without S3 in between: see buckets.ts and object-versions.ts. */
  readonly store: Store;
  /** Ends open connections and frees the port. */
  stop(): Promise<void>;
}

/** What a request needs to be answered. */
interface Context {
  readonly store: Store;
  readonly keys: KeyLookup;
  readonly conditions: Conditions;
}

/** Starts to listen. What an earlier one left in the folder is there again. */
export async function startSpaces(options: SpacesOptions): Promise<Spaces> {
  const { keys, conditions = noConditions() } = options;
  const store = openStore(options.folder, options.region, !options.ignoreConditions);
  const server = createServer((message, response) => void serve({ store, keys, conditions }, message, response));
  // A snapshot over a slow pipe may take longer than Node's five minutes.
  server.requestTimeout = 0;
  const { url, stop } = await listenOnLoopback(server, 'Spaces', options);
  return { endpoint: url, store, stop };
}

async function serve(context: Context, message: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('x-amz-request-id', randomUUID());
  try {
    const request = parseRequest(message);
    await send(request.method, response, await answer(context, request));
  } catch (error) {
    const isAborted = message.destroyed && !message.complete;
    if (error instanceof ConnectionLost || response.headersSent || isAborted) message.socket.destroy();
    else sendError(message, response, error);
  }
  // What was not read of the body must be, or the connection cannot carry the next request.
  message.resume();
}

/** Signature, grant, faults, then the operation itself. */
async function answer({ store, keys, conditions }: Context, request: S3Request): Promise<Answer> {
  const { bucket, key } = request;
  const accessKey = await verifySignature(request, keys, new Date());
  checkBodyForm(request);
  const { name, permission, perform } = operationOf(request);
  authorise(accessKey, permission, bucket);
  const target = `${name}:${bucket ?? ''}${key === undefined ? '' : `/${key}`}`;
  return underConditions(conditions, target, () => perform({ store, request, bucket: bucket ?? '', key: key ?? '' }));
}

async function send(
  method: string,
  response: ServerResponse,
  { status = 200, headers = {}, body }: Answer,
): Promise<void> {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
  if (typeof body === 'string') response.setHeader('content-type', 'application/xml');
  if (body === undefined || method === 'HEAD') response.end();
  else if (typeof body === 'string') response.end(body);
  else await pipeline(body, response);
}

function sendError(message: IncomingMessage, response: ServerResponse, error: unknown): void {
  const { status, id, message: text, headers } = asAnswer(error);
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (message.method === 'HEAD') {
    response.end();
    return;
  }
  response.setHeader('content-type', 'application/xml');
  response.end(
    xmlError([
      ['Code', id],
      ['Message', text],
      ['Resource', (message.url ?? '').split('?')[0]],
      ['RequestId', String(response.getHeader('x-amz-request-id'))],
    ]),
  );
}

/** S3's own errors are ApiErrors, too; others come from injected faults. */
function asAnswer(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  console.error('The emulated Spaces failed:', error);
  return new S3Error('InternalError', `We encountered an internal error: ${String(error)}`);
}
