import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { containers, filesIn, K8S, ofKind, read, type Manifest } from './manifests';
import {
  CHARTS,
  DIGITALOCEAN_CSI,
  IMAGES,
  K3S_UPGRADE_IMAGE,
  KUBECTL_IMAGE,
  SYSTEM_UPGRADE_CONTROLLER,
} from './versions';

describe('images', () => {
  it('are those of the table, each with a version', () => {
    expect([...new Set(containers.map(({ container }) => container['image'] as string))].sort()).toEqual([...IMAGES]);
    for (const image of IMAGES) expect(image).toMatch(/^[a-z.]+\/[a-z/-]+:\d[\w.-]*\d[\w.-]*(@sha256:[0-9a-f]{64})?$/);
  });

  it('never float', () => {
    for (const file of ['00-infra', '01-init', '02-database', '03-apps', 'components'].flatMap(filesIn)) {
      const text = readFileSync(join(K8S, file), 'utf8');
      for (const [, image] of text.matchAll(/^\s*(?:- )?image: (\S+)$/gm)) {
        const versioned = image === K3S_UPGRADE_IMAGE || /:v?\d+\.\d+/.test(image!);
        expect([file, image, versioned]).toEqual([file, image, true]);
      }
      expect(text).not.toContain(':latest');
    }
  });
});

describe('add-ons', () => {
  it('have the charts of the table', () => {
    const sources = ofKind('Application')
      .map(({ body }) => body['spec'].source)
      .filter(({ chart }) => chart);
    expect(
      Object.fromEntries(
        sources.map(({ repoURL, chart, targetRevision }) => [chart, [repoURL, chart, targetRevision]]),
      ),
    ).toEqual(CHARTS);
  });

  const kustomizations = filesIn('components').filter((file) => file.endsWith('kustomization.yaml'));
  const resourcesOf = (file: string) => read(file)[0]!.body['resources'] as string[];

  it('take files of one release only', () => {
    const urls = kustomizations.flatMap(resourcesOf).filter((resource) => resource.includes('://'));
    expect(urls).toHaveLength(5);
    for (const url of urls) {
      const version = url.includes('csi-digitalocean') ? DIGITALOCEAN_CSI : SYSTEM_UPGRADE_CONTROLLER;
      expect(url).toMatch(/^https:\/\/(raw\.githubusercontent|github)\.com\//);
      expect(url.match(/v\d+\.\d+\.\d+/g)!.every((found) => found === version)).toBe(true);
    }
  });

  it('use every file of ours beside them', () => {
    for (const kustomization of kustomizations) {
      const [{ body }] = read(kustomization) as [Manifest];
      const patches = (body['patches'] as { path?: string }[]).flatMap(({ path }) => path ?? []);
      const used = [...resourcesOf(kustomization), ...patches].filter((name) => !name.includes('://'));
      const folder = kustomization.split('/').slice(0, -1).join('/');
      expect(['kustomization.yaml', ...used].sort()).toEqual(
        filesIn(folder).map((file) => file.slice(folder.length + 1)),
      );
    }
  });

  it("start the volume driver's init container from the driver's own image", () => {
    const [node] = read('components/digitalocean-csi/node.yaml').map(({ body }) => body['spec'].template.spec);
    expect(node.initContainers[0].image).toBe(`digitalocean/do-csi-plugin:${DIGITALOCEAN_CSI}`);
  });

  it('keep the volume driver on the network of the host, where the metadata address can be reached', () => {
    const [controller] = read('components/digitalocean-csi/controller.yaml').map(
      ({ body }) => body['spec'].template.spec,
    );
    expect([controller.hostNetwork, controller.dnsPolicy]).toEqual([true, 'Default']);
  });

  it('upgrade nodes with a kubectl of their version', () => {
    const text = readFileSync(join(K8S, 'components/system-upgrade-controller/kustomization.yaml'), 'utf8');
    expect(text).toContain(`SYSTEM_UPGRADE_JOB_KUBECTL_IMAGE: ${KUBECTL_IMAGE}`);
    const minor = read('components/system-upgrade-controller/plans.yaml')[0]!.body['spec'].version.split('.')[1];
    expect(KUBECTL_IMAGE.split('.')[2]).toBe(minor);
  });
});
