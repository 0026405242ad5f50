/**
 * Terraform as a person stops it, while the data source waits for an answer that does not come. Terraform itself passes an
 * interrupt on in `plan` and while changes are made, and not while `apply` plans first (seen with 1.11.4).
 */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { httpProvider } from '#sandbox/cloud/terraform/http/provider';
import { terraformProject, type TerraformProject } from '../terraform-project';
import { sampleServer, type SampleServer } from './sample-server';

/** Has it read only after the first apply made what it depends on. */
const AT_APPLY = { depends_on: ['terraform_data.first'] };
const HOUR_MS = 3_600_000;

describe('the data source http, when Terraform is interrupted', () => {
  let server: SampleServer;
  let project: TerraformProject;
  let answers: (response: ServerResponse) => void;
  let firstRequest: Promise<ServerResponse>;

  beforeEach(async () => {
    let asked: (response: ServerResponse) => void;
    firstRequest = new Promise((resolve) => (asked = resolve));
    server = await sampleServer((_, response) => {
      answers(response);
      asked(response);
    });
    project = await terraformProject([provider(httpProvider())]);
  });

  const waitsFor = (more: object = {}) => {
    const output = { body: { value: '${data.http.ready.response_body}' } };
    const http = { ready: { url: `${server.url}/readyz`, ...more } };
    project.configure({ terraform_data: { first: { input: 'one' } } }, { data: { http }, output });
  };
  /** Runs Terraform, and interrupts it when the server was asked. */
  const interrupted = async (...args: string[]) => {
    const { outcome, interrupt } = project.start(...args, '-no-color');
    const response = await firstRequest;
    interrupt();
    const { code, output } = await outcome;
    return { code, response, text: output.replace(/[\n│]+/g, ' ').replace(/ +/g, ' ') };
  };

  it.each([
    ['does not answer', () => undefined],
    ['answers by halves', (response: ServerResponse) => response.writeHead(200).write('half')],
  ])('gives up on a server that %s, and says why', async (_, doing) => {
    answers = doing;
    waitsFor();
    const { code, text } = await interrupted('plan');
    expect(code).toBe(1);
    expect(text).toContain('Interrupt received.');
    expect(text).toContain(`Error: Error making request`);
    expect(text).toContain(`GET ${server.url}/readyz: Terraform was told to stop`);
  });

  it('gives up while changes are made, too, and can be run again', async () => {
    answers = () => undefined;
    waitsFor(AT_APPLY);
    const { code, text } = await interrupted('apply', '-auto-approve');
    expect([code, text]).toEqual([1, expect.stringContaining(`GET ${server.url}/readyz: Terraform was told to stop`)]);
    answers = (response) => response.end('ready');
    await project.apply();
    expect((await project.terraform('output', '-raw', 'body')).output).toBe('ready');
  });

  it('does not wait for its next attempt', async () => {
    answers = (response) => response.writeHead(503).end();
    waitsFor({ retry: { attempts: 100, min_delay_ms: HOUR_MS, max_delay_ms: HOUR_MS } });
    const { code, text } = await interrupted('plan');
    expect([code, text]).toEqual([1, expect.stringContaining('Terraform was told to stop')]);
    expect(server.received).toHaveLength(1);
  });

  it('leaves the server no open connection', async () => {
    answers = () => undefined;
    waitsFor();
    const { response } = await interrupted('plan');
    if (!response.destroyed) await once(response, 'close');
    expect(response.writableFinished).toBe(false);
  });
});
