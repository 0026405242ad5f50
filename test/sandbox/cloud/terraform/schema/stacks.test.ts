import { sampleConfig, synthesise } from '#test/stacks/sample';
import { emulatedProviders } from './emulated-providers';

/** Terraform's own arguments of every type. */
const META = ['//', 'count', 'depends_on', 'lifecycle', 'provider'];

describe('the emulated providers', () => {
  it.each([1, 3] as const)('have every type and argument that the stacks use with %i servers', (count) => {
    const { stacks } = synthesise({ ...sampleConfig, servers: { ...sampleConfig.servers, count } });
    const providers = Object.values(emulatedProviders());
    const types = Object.assign({}, ...providers.flatMap(({ resources, dataSources }) => [resources, dataSources]));
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
});
