/** Serves the store over HTTP: signature, grant, faults, the operation itself, the answer. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { latencyOf, takeEffect, type Conditions, type Effect } from '../http/faults';
import { authorise, type KeyLookup } from './access-keys';
import type { Answer } from './operations/operation';
import { operationOf } from './routes';
import { S3Error } from './s3-error';
import { parseRequest, type S3Request } from './protocol/s3-request';
import { verifySignature } from './protocol/signature';
import type { Store } from './store';
import { xmlError } from './protocol/xml';

export interface ServerOptions {
  readonly store: Store;
  readonly keys: KeyLookup;
  readonly conditions: Conditions;
}

/** An injected fault: the caller gets no answer. */
class ConnectionDropped extends Error {}

/** An injected fault: the caller gets this error. */
class InjectedError extends Error {
  readonly headers = {};

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export function createSpacesServer(options: ServerOptions): Server {
  const server = createServer((message, response) => void serve(options, message, response));
  // A snapshot over a slow pipe may take longer than Node's five minutes.
  server.requestTimeout = 0;
  return server;
}

async function serve(options: ServerOptions, message: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('x-amz-request-id', randomUUID());
  try {
    const request = parseRequest(message);
    await send(request.method, response, await perform(options, request));
  } catch (error) {
    if (error instanceof ConnectionDropped || response.headersSent || isAborted(message)) message.socket.destroy();
    else sendError(message, response, error);
  }
  // What was not read of the body must be, or the connection cannot carry the next request.
  message.resume();
}

async function perform({ store, keys, conditions }: ServerOptions, request: S3Request): Promise<Answer> {
  const signed = verifySignature(request, keys, new Date());
  const { bucket, key } = request;
  const operation = operationOf(request);
  authorise(signed.key, operation.permission, bucket);
  const name = `${operation.name}:${bucket ?? ''}${key === undefined ? '' : `/${key}`}`;
  const latency = latencyOf(conditions, name);
  if (latency > 0) await sleep(latency);
  const effect = takeEffect(conditions, name);
  await beforeWork(effect);
  const answer = await operation.perform({ store, request, signed, bucket: bucket ?? '', key: key ?? '' });
  if (effect?.kind === 'crash-after') throw new ConnectionDropped();
  return answer;
}

async function beforeWork(effect: Effect | undefined): Promise<void> {
  if (effect?.kind === 'delay') await sleep(effect.ms);
  if (effect?.kind === 'crash-before') throw new ConnectionDropped();
  if (effect?.kind === 'error') throw new InjectedError(effect.status, effect.id, effect.message);
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
  const { status, code, message: text, headers } = asAnswer(error);
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (message.method === 'HEAD' || status === 304) {
    response.end();
    return;
  }
  response.setHeader('content-type', 'application/xml');
  response.end(
    xmlError([
      ['Code', code],
      ['Message', text],
      ['Resource', (message.url ?? '').split('?')[0]],
      ['RequestId', String(response.getHeader('x-amz-request-id'))],
    ]),
  );
}

function asAnswer(error: unknown): S3Error | InjectedError {
  if (error instanceof S3Error || error instanceof InjectedError) return error;
  console.error('The emulated Spaces failed:', error);
  return new S3Error('InternalError', `We encountered an internal error: ${String(error)}`);
}

function isAborted(message: IncomingMessage): boolean {
  return message.destroyed && !message.complete;
}
