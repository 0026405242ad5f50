import { join } from 'node:path';
import { configure } from '#cli/configure/configure';
import { readManifests } from '#cli/manifests/folder';
import { repositoryUrl } from '#stacks/repository-url';
import { loadConfig } from '#config/load';
import { K8S, layerApplications } from './manifests';

const config = loadConfig(join(K8S, '../forge.yaml'));

describe('the committed manifests', () => {
  const { changes, unplaced } = configure(config, readManifests(K8S));

  it('say what forge.yaml says; otherwise run `npx forge configure`', () => {
    expect(changes).toEqual([]);
  });

  it('have a place for everything that forge.yaml decides', () => {
    expect(unplaced).toEqual([]);
  });

  it('come from the repository for which Argo CD has a key', () => {
    for (const { body } of layerApplications)
      expect(body['spec'].source.repoURL).toBe(repositoryUrl(config.repository));
  });
});
