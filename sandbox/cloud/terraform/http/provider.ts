/** The http provider's data source, as the stacks use it: a real GET, with the official provider's retries. */
import { Agent } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { openHttp } from '#clients/http';
import { blocks, text } from '../attributes';
import { ProviderError, type DataSourceType, type ProviderDefinition, type ValueObject } from '../engine/resource';
import { providerSchema } from '../schema/schema';
import { withRetries, type HttpAnswer } from './retries';

const http: DataSourceType<null> = {
  arguments: ['url', 'ca_cert_pem', 'client_cert_pem', 'client_key_pem', 'request_timeout_ms', 'retry'],
  read: async ({ config, signal }) => {
    const url = text(config, 'url');
    const asked = withRetries(blocks(config, 'retry')[0] ?? {}, signal, () => send(config, signal));
    const { status, headers, body } = await asked.catch((error: Error) => {
      throw new ProviderError('Error making request', `GET ${url}: ${error.message}`);
    });
    const flat = Object.entries(headers).map(([name, value]) => [headerName(name), [value ?? ''].flat().join(', ')]);
    return {
      id: url,
      status_code: status,
      body: body.toString('utf8'),
      response_body: body.toString('utf8'),
      response_body_base64: body.toString('base64'),
      response_headers: Object.fromEntries(flat) as ValueObject,
    };
  },
};

export function httpProvider(): ProviderDefinition<null> {
  const schema = providerSchema('http');
  return { schema, configure: () => null, resources: {}, dataSources: { http } };
}

/** @throws when there is no complete answer */
async function send(config: ValueObject, stopped: AbortSignal): Promise<HttpAnswer> {
  const { url, request_timeout_ms: limit } = config;
  const timeout = typeof limit === 'number' ? AbortSignal.timeout(limit) : undefined;
  const signal = timeout === undefined ? stopped : AbortSignal.any([stopped, timeout]);
  try {
    const answer = await openHttp({ url: url as string, agent: agentOf(config) }, { signal });
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) };
  } catch (error) {
    throw timeout?.aborted ? new Error(`request exceeded the specified timeout: ${limit as number}ms`) : error;
  }
}

/** A connection of its own, as the official provider has one per data source. */
function agentOf(config: ValueObject): Agent | false {
  if (!text(config, 'url').startsWith('https:')) return false;
  const [ca, cert, key] = ['ca_cert_pem', 'client_cert_pem', 'client_key_pem'].map((name) => text(config, name));
  return new Agent({ ca: ca || undefined, cert: cert || undefined, key: key || undefined });
}

/** Go's spelling: `Content-Type`. */
function headerName(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (match) => match.toUpperCase());
}
