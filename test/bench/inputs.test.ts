/** What the benchmark feeds to the programs that it measures. */
import { parseAllDocuments } from 'yaml';
import { withBarrelImports } from '#bench/barrel-copy';
import { largePlan } from '#bench/large-plan';
import { largeState } from '#bench/large-state';
import { smallApplications } from '#bench/small-applications';

describe('imports from the roots of the packages', () => {
  it('bring the same names', () => {
    const source = `import { Record as DnsRecord } from '@cdktf/provider-digitalocean/lib/record';\nconst a = 1;\n`;
    expect(withBarrelImports(source)).toBe(
      "import { record as providerDigitaloceanRecord } from '@cdktf/provider-digitalocean';\n" +
        'import DnsRecord = providerDigitaloceanRecord.Record;\nconst a = 1;\n',
    );
  });

  it('take types along with classes', () => {
    const source = "import { Droplet, type DropletConfig } from '@cdktf/provider-digitalocean/lib/droplet';";
    expect(withBarrelImports(source)).toContain('import DropletConfig = providerDigitaloceanDroplet.DropletConfig;');
  });

  it('leave other imports alone', () => {
    const source = "import { Fn } from 'cdktf';\n";
    expect(withBarrelImports(source)).toBe(source);
  });
});

describe('a large state', () => {
  it.each([10_000, 1_000_000])('has about %i bytes, in format 4', (bytes) => {
    const { text, address } = largeState(bytes);
    expect(Math.abs(text.length / bytes - 1)).toBeLessThan(0.3);
    const state = JSON.parse(text) as { version: number; resources: { type: string; name: string }[] };
    expect(state.version).toBe(4);
    expect(state.resources.map(({ type, name }) => `${type}.${name}`)).toContain(address);
  });
});

describe('a large plan', () => {
  it('has as many changes as asked for, of every kind', () => {
    const { resource_changes: changes } = largePlan(100) as { resource_changes: { change: { actions: string[] } }[] };
    expect(changes).toHaveLength(100);
    expect(new Set(changes.map(({ change }) => change.actions.join('+')))).toEqual(
      new Set(['create', 'update', 'delete', 'delete+create']),
    );
  });
});

describe('small applications', () => {
  it('are as many Deployments of their own names', () => {
    const documents = parseAllDocuments(smallApplications(50)).map(
      (document) => document.toJS() as { kind: string; metadata: { name: string } },
    );
    expect(new Set(documents.map(({ metadata }) => metadata.name)).size).toBe(50);
    expect(new Set(documents.map(({ kind }) => kind))).toEqual(new Set(['Deployment']));
  });
});
