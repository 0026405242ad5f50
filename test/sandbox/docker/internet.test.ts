/** The servers that machines and their pods find under the names of vendors. */
import { writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { sendHttp } from '#clients/http';
import { mirroredChartServers } from '#sandbox/docker/add-on-charts';
import { ofKind } from '#test/k8s/manifests';
import { internet, internetNames } from '#sandbox/docker/internet';
import { loopbackServer } from '#test/loopback-server';
import { newFolder } from '#test/new-folder';

const applications = ofKind('Application').map(({ body }) => body);

describe('the Internet of the machines', () => {
  const folder = newFolder('internet');

  const listen = async (listener: RequestListener) => (await loopbackServer(listener)).url;
  const saying = (name: string) => listen(({ headers, url }, answer) => answer.end(`${name} ${headers.host} ${url}`));
  let url: string;
  const ask = async (host: string, path: string) => {
    const { status, body } = await sendHttp({ url: `${url}${path}`, headers: { host } }, { timeoutMs: 5000 });
    return `${status} ${body.toString()}`;
  };

  beforeAll(async () => {
    writeFileSync(join(folder, 'k3s'), 'the program');
    const vendors = new Map([
      ['api.digitalocean.com', { url: await saying('DigitalOcean'), paths: { '/other': '/own' } }],
    ]);
    const github = new Map([['/k3s-io/k3s', join(folder, 'k3s')]]);
    url = await listen(internet({ spaces: await saying('Spaces'), github, servers: vendors }));
  });

  it('leads each name to the server that stands for it, as it was asked', async () => {
    expect(await ask('github.com', '/k3s-io/k3s')).toBe('200 the program');
    expect(await ask('github.com', '/anything')).toBe('404 ');
    expect(await ask('api.digitalocean.com', '/v2/account')).toBe('200 DigitalOcean api.digitalocean.com /v2/account');
    expect(await ask('api.digitalocean.com', '/other')).toBe('200 DigitalOcean api.digitalocean.com /own');
    const bucket = 'state.fra1.digitaloceanspaces.com';
    expect(await ask(bucket, '/key')).toBe(`200 Spaces ${bucket} /key`);
  });

  it('has the names of Spaces once for each region, and those that are asked for', () => {
    const names = internetNames(['fra1', 'fra1', 'ams3'], ['api.digitalocean.com']);
    const spaces = ['fra1.digitaloceanspaces.com', 'ams3.digitaloceanspaces.com'];
    expect(names).toEqual(['github.com', ...spaces, 'api.digitalocean.com']);
  });

  it('stands for the servers of those charts only that the mirror has in the version of the layer', () => {
    expect(mirroredChartServers(folder)).toEqual([]);
    writeFileSync(join(folder, 'traefik-0.0.1.tgz'), '');
    expect(mirroredChartServers(folder)).toEqual([]);
    const { chart, targetRevision } = applications
      .map(({ spec }) => spec.source)
      .find((source) => source.chart === 'traefik')!;
    writeFileSync(join(folder, `${chart}-${targetRevision}.tgz`), '');
    expect(mirroredChartServers(folder)).toEqual(['traefik.github.io']);
  });
});
