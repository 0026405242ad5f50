/** The http provider's data source: a real request, with the real provider's retries. */
import { request as requestHttp, type IncomingHttpHeaders } from 'node:http';
import { request as requestHttps } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError, type DataSourceType, type ProviderDefinition, type ValueObject } from '../../engine/resource';
import { readSchemaFile } from '../../schema/terraform-json';

const SCHEMAS = join(__dirname, '../../../../schemas');
const DEFAULT_MIN_DELAY_MS = 1_000;
const DEFAULT_MAX_DELAY_MS = 30_000;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const http: DataSourceType<null> = {
  read: async ({ config }) => {
    const { status, headers, body } = await withRetries(config);
    const flat = Object.entries(headers).map(([name, value]) => [headerName(name), [value ?? ''].flat().join(', ')]);
    return {
      id: config['url']!,
      status_code: status,
      response_body: body.toString('utf8'),
      response_body_base64: body.toString('base64'),
      response_headers: Object.fromEntries(flat) as ValueObject,
    };
  },
};

export function httpProvider(): ProviderDefinition<null> {
  return {
    schema: readSchemaFile(join(SCHEMAS, 'http@3.5.0.json')),
    configure: () => null,
    resources: {},
    dataSources: { http },
  };
}

/** Tries again after connection errors and 5xx, each time twice as late. */
async function withRetries(config: ValueObject): Promise<Answer> {
  const retry = config['retry'] as ValueObject | null;
  const attempts = (retry?.['attempts'] as number | null) ?? 0;
  const maxDelay = (retry?.['max_delay_ms'] as number | null) ?? DEFAULT_MAX_DELAY_MS;
  let delay = (retry?.['min_delay_ms'] as number | null) ?? DEFAULT_MIN_DELAY_MS;
  for (let left = attempts; ; left--) {
    const answer = await send(config).catch((error: unknown) => error as Error);
    const failed = answer instanceof Error || answer.status >= 500;
    if (!failed) return answer;
    if (left <= 0) {
      if (!(answer instanceof Error)) return answer;
      throw new ProviderError('Error making request', `${config['url'] as string}: ${answer.message}`);
    }
    await sleep(delay);
    delay = Math.min(delay * 2, maxDelay);
  }
}

function send(config: ValueObject): Promise<Answer> {
  const text = (name: string) => (config[name] as string | null) ?? undefined;
  const url = new URL(text('url')!);
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: text('method') ?? 'GET',
        headers: { ...(config['request_headers'] as Record<string, string> | null) },
        ca: text('ca_cert_pem'),
        cert: text('client_cert_pem'),
        key: text('client_key_pem'),
        rejectUnauthorized: config['insecure'] !== true,
        timeout: (config['request_timeout_ms'] as number | null) ?? undefined,
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
    outgoing.end(text('request_body'));
  });
}

/** Go's spelling: `Content-Type`. */
function headerName(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (match) => match.toUpperCase());
}
