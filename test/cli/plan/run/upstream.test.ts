import { join } from 'node:path';
import { App } from 'cdktf';
import { missingUpstream, type PublishedOutputs } from '#cli/plan/run/upstream';
import { buildApp } from '#stacks/build-app';
import { clusterOutputs } from '#stacks/cluster/outputs';
import { outputId } from '#stacks/contract';
import { networkOutputs } from '#stacks/network/outputs';
import { readEnvironment } from '#config/environment';
import { loadConfig } from '#config/load';
import { newFolder } from '#test/new-folder';

const ids = (contract: object) => new Set(Object.keys(contract).map(outputId));
const NOTHING: PublishedOutputs = { network: new Set(), cluster: new Set(), 'github-secrets': new Set() };
const ALL: PublishedOutputs = { ...NOTHING, network: ids(networkOutputs), cluster: ids(clusterOutputs) };

describe('a stack that reads another', () => {
  const folder = newFolder('upstream');
  const folderOf = (stack: string) => join(folder, 'stacks', stack);

  beforeAll(() => {
    const config = loadConfig('forge.yaml');
    const app = new App({ outdir: folder });
    buildApp(app, config, readEnvironment({}, config));
    app.synth();
  });

  it('waits for the first that was never deployed', () => {
    expect(missingUpstream(folderOf('cluster'), NOTHING)).toBe('network');
    expect(missingUpstream(folderOf('github-secrets'), NOTHING)).toBe('network');
    expect(missingUpstream(folderOf('github-secrets'), { ...ALL, cluster: new Set() })).toBe('cluster');
  });

  it('waits for none when all have been', () => {
    for (const stack of ['cluster', 'github-secrets']) expect(missingUpstream(folderOf(stack), ALL)).toBeUndefined();
  });

  it('waits for one that does not publish yet what a change has it read', () => {
    const before = new Set([...ALL.network].filter((id) => id !== 'admin_key'));
    expect(missingUpstream(folderOf('cluster'), { ...ALL, network: before })).toBe('network');
  });

  it('is not the first one, which reads none', () => {
    expect(missingUpstream(folderOf('network'), NOTHING)).toBeUndefined();
  });
});
