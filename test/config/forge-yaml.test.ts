import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isMap, LineCounter, parseDocument, type Scalar, visit } from 'yaml';
import { K3S_VERSIONS, k3sRelease } from '#config/k3s-releases';
import { loadConfig } from '#config/load';
import { LAYERS } from '#config/schema/secrets';
import { vpcRangeFault } from '#config/vpc-range';
import { kubernetesNetwork } from '#stacks/network/kubernetes-network';

const file = resolve(__dirname, '../../forge.yaml');

describe('the forge.yaml of the repository', () => {
  it('has a comment above every key that holds a value, but for the entries of secrets', () => {
    const text = readFileSync(file, 'utf8');
    const lines = new LineCounter();
    const bare: string[] = [];
    visit(parseDocument(text, { lineCounter: lines }), {
      Pair(_, { key, value }) {
        const { value: name, range } = key as Scalar<string>;
        const above = text.split('\n')[lines.linePos(range![0]).line - 2];
        if (!isMap(value) && !above?.trim().startsWith('#')) bare.push(name);
        return name === 'secrets' ? visit.SKIP : undefined;
      },
    });
    expect(bare).toEqual([]);
  });

  it('names every key that has a default with that default', () => {
    const config = loadConfig(file);
    const shortest = loadConfig(resolve(__dirname, 'valid/shortest.yaml'));
    expect({ ...config, secrets: [] }).toEqual(shortest);
  });

  it('keeps each secret in a layer, with variables named once for each', () => {
    const { secrets } = loadConfig(file);
    expect(secrets.map(({ name }) => name)).toEqual([
      'postgres-secret',
      'gitea-admin-secret',
      'jenkins-admin-secret',
      'dockerhub-auth-secret',
    ]);
    for (const { layer } of secrets) expect(LAYERS).toContain(layer);
    const variables = secrets.flatMap(({ data }) => Object.values(data));
    expect(new Set(variables).size).toBe(variables.length);
  });
});

describe('the known k3s releases', () => {
  it.each(K3S_VERSIONS)('%s has the checksum of its binary', (version) => {
    expect(version).toMatch(/^v1\.\d+\.\d+\+k3s\d+$/);
    expect(k3sRelease(version).sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('the range of the VPC', () => {
  it.each([kubernetesNetwork.podCidr, kubernetesNetwork.serviceCidr])(
    'may not be %s, which the cluster uses',
    (cidr) => {
      expect(vpcRangeFault(cidr)).toContain(`may not overlap ${cidr}`);
    },
  );
});
