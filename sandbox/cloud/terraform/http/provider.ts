/** The http provider's data source: a real request, with the real provider's retries. */
import { join } from 'node:path';
import { ProviderError, type DataSourceType, type ProviderDefinition, type ValueObject } from '../engine/resource';
import { readSchemaFile } from '../schema/terraform-json';
import { blocks, flag, optionalText, text } from '../attributes';
import { send, type HttpRequest } from './request';
import { withRetries, type Retries } from './retries';

const SCHEMA = join(__dirname, '../../../../schemas/http@3.5.0.json');
const METHODS = ['GET', 'POST', 'HEAD'];
const DEFAULT_MIN_DELAY_MS = 1_000;
const DEFAULT_MAX_DELAY_MS = 30_000;

const http: DataSourceType<null> = {
  validate,
  read: async ({ config, signal }) => {
    const request = requestOf(config);
    const { status, headers, body } = await withRetries(retriesOf(config), signal, () => send(request, signal)).catch(
      (error: Error) => {
        throw new ProviderError('Error making request', `${request.method} ${request.url}: ${error.message}`);
      },
    );
    const flat = Object.entries(headers).map(([name, value]) => [headerName(name), [value ?? ''].flat().join(', ')]);
    return {
      id: request.url,
      status_code: status,
      body: body.toString('utf8'),
      response_body: body.toString('utf8'),
      response_body_base64: body.toString('base64'),
      response_headers: Object.fromEntries(flat) as ValueObject,
    };
  },
};

export function httpProvider(): ProviderDefinition<null> {
  return { schema: readSchemaFile(SCHEMA), configure: () => null, resources: {}, dataSources: { http } };
}

function validate(config: ValueObject): void {
  const method = optionalText(config, 'method');
  if (method !== undefined && !METHODS.includes(method)) {
    throw new ProviderError('Invalid method', `It must be one of ${METHODS.join(', ')}.`, ['method']);
  }
  if (optionalText(config, 'ca_cert_pem') !== undefined && (config['insecure'] ?? null) !== null) {
    throw new ProviderError('Conflicting arguments', 'Give ca_cert_pem or insecure, not both.', ['ca_cert_pem']);
  }
  if ((config['client_cert_pem'] === null) !== (config['client_key_pem'] === null)) {
    throw new ProviderError('Missing argument', 'client_cert_pem and client_key_pem go together.', ['client_cert_pem']);
  }
}

function requestOf(config: ValueObject): HttpRequest {
  return {
    url: text(config, 'url'),
    method: optionalText(config, 'method') ?? 'GET',
    headers: { ...(config['request_headers'] as Record<string, string> | null) },
    body: optionalText(config, 'request_body'),
    timeoutMs: optionalNumber(config, 'request_timeout_ms'),
    tls: {
      ca: optionalText(config, 'ca_cert_pem'),
      cert: optionalText(config, 'client_cert_pem'),
      key: optionalText(config, 'client_key_pem'),
      rejectUnauthorized: !flag(config, 'insecure'),
    },
  };
}

function optionalNumber(object: ValueObject, name: string): number | undefined {
  const value = object[name];
  return typeof value === 'number' ? value : undefined;
}

function retriesOf(config: ValueObject): Retries {
  const [retry = {}] = blocks(config, 'retry');
  return {
    attempts: optionalNumber(retry, 'attempts') ?? 0,
    minDelayMs: optionalNumber(retry, 'min_delay_ms') ?? DEFAULT_MIN_DELAY_MS,
    maxDelayMs: optionalNumber(retry, 'max_delay_ms') ?? DEFAULT_MAX_DELAY_MS,
  };
}

/** Go's spelling: `Content-Type`. */
function headerName(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (match) => match.toUpperCase());
}
