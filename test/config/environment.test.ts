import { resolve } from 'node:path';
import { configFile, readEnvironment } from '#config/environment';
import { loadConfig } from '#config/load';

const config = loadConfig(resolve(__dirname, 'valid/operators-and-secrets.yaml'));

describe('configFile', () => {
  it('is forge.yaml in the working directory', () => {
    expect(configFile({})).toBe(resolve('forge.yaml'));
    expect(configFile({ FORGE_CONFIG: '' })).toBe(resolve('forge.yaml'));
  });

  it('is what FORGE_CONFIG names', () => {
    expect(configFile({ FORGE_CONFIG: 'staging.yaml' })).toBe(resolve('staging.yaml'));
    expect(configFile({ FORGE_CONFIG: '/etc/forge.yaml' })).toBe('/etc/forge.yaml');
  });
});

describe('readEnvironment', () => {
  it('finds nothing in an empty environment', () => {
    const environment = readEnvironment({}, config);
    expect(environment.spacesCredentials).toBeUndefined();
    expect(environment.clusterToken).toBeUndefined();
    expect(environment.secretValues).toEqual(new Map());
    expect(environment.chartRepository).toBe('https://argoproj.github.io/argo-helm');
  });

  it("takes Argo CD's charts from where FORGE_CHART_REPOSITORY says", () => {
    const environment = readEnvironment({ FORGE_CHART_REPOSITORY: 'https://charts.example.org' }, config);
    expect(environment.chartRepository).toBe('https://charts.example.org');
  });

  it('takes an empty value for an absent one, as GitHub gives it', () => {
    const environment = readEnvironment(
      { SPACES_ACCESS_KEY_ID: '', SPACES_SECRET_ACCESS_KEY: '', FORGE_CLUSTER_TOKEN: '', POSTGRES_PASSWORD: '' },
      config,
    );
    expect(environment.spacesCredentials).toBeUndefined();
    expect(environment.clusterToken).toBeUndefined();
    expect(environment.secretValues).toEqual(new Map());
  });

  it('takes the values that the configuration names and the tokens, and no other', () => {
    const environment = readEnvironment(
      {
        POSTGRES_PASSWORD: 'one',
        DATABASE_URL_2: 'two',
        FORGE_CLUSTER_TOKEN: 'three',
        GITHUB_TOKEN: 'four',
        DIGITALOCEAN_TOKEN: 'five',
        HOME: '/root',
      },
      config,
    );
    expect(environment.clusterToken).toBe('three');
    expect(Object.fromEntries(environment.secretValues)).toEqual({
      POSTGRES_PASSWORD: 'one',
      DATABASE_URL_2: 'two',
      FORGE_CLUSTER_TOKEN: 'three',
      GITHUB_TOKEN: 'four',
      DIGITALOCEAN_TOKEN: 'five',
    });
  });

  it('refuses half of a Spaces key, and names the other half', () => {
    expect(() => readEnvironment({ SPACES_ACCESS_KEY_ID: 'id' }, config)).toThrow(/not SPACES_SECRET_ACCESS_KEY/);
    expect(() => readEnvironment({ SPACES_SECRET_ACCESS_KEY: 'key' }, config)).toThrow(/not SPACES_ACCESS_KEY_ID/);
  });

  it('refuses an endpoint that is no URL', () => {
    expect(() => readEnvironment({ SPACES_ENDPOINT_URL: 'localhost' }, config)).toThrow(/SPACES_ENDPOINT_URL/);
  });

  it('takes Spaces credentials as a pair', () => {
    const pair = { SPACES_ACCESS_KEY_ID: 'id', SPACES_SECRET_ACCESS_KEY: 'key' };
    expect(readEnvironment(pair, config).spacesCredentials).toEqual({ accessKeyId: 'id', secretAccessKey: 'key' });
  });

  it('knows the endpoint of a region, or takes it from a template', () => {
    expect(readEnvironment({}, config).spacesEndpoint('fra1')).toBe('https://fra1.digitaloceanspaces.com');
    const template = { SPACES_ENDPOINT_URL: 'http://{{ .Region }}.spaces.localhost:9000/{{.Region}}' };
    expect(readEnvironment(template, config).spacesEndpoint('ams3')).toBe('http://ams3.spaces.localhost:9000/ams3');
  });
});
