import { sampleConfig, synthesise } from '#test/stacks/sample';
import { handwrittenProviders, packagedProviders } from './emulated-providers';

/** Terraform has them built in. */
const BUILT_IN = ['terraform_data', 'terraform_remote_state'];

describe('the emulated providers', () => {
  it.each([1, 3] as const)('have every type that the stacks use with %i servers', (count) => {
    const { stacks } = synthesise({ ...sampleConfig, servers: { ...sampleConfig.servers, count } });
    const schemas = Object.values({ ...packagedProviders(), ...handwrittenProviders() });
    const emulated = schemas.flatMap(({ schema }) => [
      ...Object.keys(schema.resources),
      ...Object.keys(schema.dataSources).map((type) => `data.${type}`),
    ]);
    const used = Object.values(stacks).flatMap(({ resource = {}, data = {} }) => [
      ...Object.keys(resource as object),
      ...Object.keys(data as object).map((type) => `data.${type}`),
    ]);
    expect(used).toContain('digitalocean_droplet');
    const missing = used.filter(
      (type) => ![...emulated, ...BUILT_IN].includes(type.replace(/^data\.terraform/, 'terraform')),
    );
    expect(missing).toEqual([]);
  });
});
