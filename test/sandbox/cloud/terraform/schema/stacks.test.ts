import { digitalOceanProvider } from '#sandbox/cloud/terraform/digitalocean/provider';
import { githubProvider } from '#sandbox/cloud/terraform/github/provider';
import { helmProvider } from '#sandbox/cloud/terraform/helm/provider';
import { httpProvider } from '#sandbox/cloud/terraform/http/provider';
import { kubernetesProvider } from '#sandbox/cloud/terraform/kubernetes/provider';
import { randomProvider } from '#sandbox/cloud/terraform/random/provider';
import { tlsProvider } from '#sandbox/cloud/terraform/tls/provider';
import { sampleConfig, synthesise } from '#test/stacks/sample';

const PROVIDERS = [
  digitalOceanProvider('http://127.0.0.1:1'),
  githubProvider('http://127.0.0.1:1'),
  helmProvider('helm'),
  httpProvider(),
  kubernetesProvider(),
  randomProvider(),
  tlsProvider(),
];
/** Terraform's own arguments of every type. */
const META = ['//', 'count', 'depends_on', 'lifecycle', 'provider'];

describe('the emulated providers', () => {
  it.each([1, 3] as const)('have every type and argument that the stacks use with %i servers', (count) => {
    const { stacks } = synthesise({ ...sampleConfig, servers: { ...sampleConfig.servers, count } });
    const types = Object.assign({}, ...PROVIDERS.flatMap(({ resources, dataSources }) => [resources, dataSources]));
    const used = Object.values(stacks)
      .flatMap(({ resource = {}, data = {} }) => [...Object.entries(resource), ...Object.entries(data)])
      .filter(([type]) => !type.startsWith('terraform_'));
    expect(used.map(([type]) => type)).toContain('digitalocean_droplet');
    const missing = used.flatMap(([type, all]) => {
      if (types[type] === undefined) return [type];
      const given = Object.values(all as object).flatMap((one: object) => Object.keys(one));
      const known: readonly string[] = types[type].arguments ?? given;
      return given.filter((name) => ![...known, ...META].includes(name)).map((name) => `${type}.${name}`);
    });
    expect(missing).toEqual([]);
  });

  it('have a schema of every type that they have', () => {
    for (const { schema, resources, dataSources } of PROVIDERS) {
      expect(Object.keys(schema.resource_schemas).sort()).toEqual(Object.keys(resources).sort());
      expect(Object.keys(schema.data_source_schemas).sort()).toEqual(Object.keys(dataSources).sort());
    }
  });
});
