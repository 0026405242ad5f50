import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { obtainCrds, type PinnedFiles } from '#sandbox/toolchain/argo-cd-crds';
import { startVendor, type VendorServer } from './vendor-server';
import { openWorkshop, sha256, type Workshop } from './workshop';

const APPLICATION = 'kind: CustomResourceDefinition # application\n';
const PROJECT = 'kind: CustomResourceDefinition # project\n';

let workshop: Workshop;
let vendor: VendorServer;
let crds: PinnedFiles;
beforeEach(async () => {
  workshop = openWorkshop();
  vendor = await startVendor();
  crds = {
    version: 'v3.5.1',
    module: 'go.example/argo-cd/v3',
    folder: 'manifests/crds',
    site: `${vendor.url}/crds`,
    sha256: { 'application-crd.yaml': sha256(APPLICATION), 'appproject-crd.yaml': sha256(PROJECT) },
  };
});

function offerOnSite(project = PROJECT): void {
  vendor.files.set('/crds/application-crd.yaml', APPLICATION);
  vendor.files.set('/crds/appproject-crd.yaml', project);
}

/** A Go whose module cache has the files. */
function offerInModule(project = PROJECT): void {
  const folder = join(workshop.folder, 'mod', crds.folder);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'application-crd.yaml'), APPLICATION);
  writeFileSync(join(folder, 'appproject-crd.yaml'), project);
  workshop.install('go', `[ "$1" = list ] || echo '{"Dir": "${join(workshop.folder, 'mod')}"}'`);
}

const obtain = () => obtainCrds(workshop.options, workshop.toolchain({}), crds);
const contents = (paths: readonly string[]) => paths.map((path) => readFileSync(path, 'utf8'));

describe("Argo CD's custom resource definitions", () => {
  it('come from the Git tag, once', async () => {
    offerOnSite();
    const paths = await obtain();
    expect(contents(paths)).toEqual([APPLICATION, PROJECT]);
    const requests = vendor.requests.length;
    expect(await obtain()).toEqual(paths);
    expect(vendor.requests).toHaveLength(requests);
  });

  it('come from the Go module when the site cannot be reached', async () => {
    await vendor.close();
    offerInModule();
    expect(contents(await obtain())).toEqual([APPLICATION, PROJECT]);
    expect(readdirSync(workshop.cache)).toEqual(['argocd-crds-v3.5.1']);
  });

  it('come from the Go module when the site has others', async () => {
    offerOnSite('kind: CustomResourceDefinition # changed\n');
    offerInModule();
    expect(contents(await obtain())).toEqual([APPLICATION, PROJECT]);
  });

  it('are obtained again when a cached file is damaged', async () => {
    offerOnSite();
    const paths = await obtain();
    appendFileSync(paths[0]!, '#');
    expect(contents(await obtain())).toEqual([APPLICATION, PROJECT]);
  });

  it('are never taken with another content', async () => {
    offerInModule('kind: CustomResourceDefinition # changed\n');
    await expect(obtain()).rejects.toThrow(
      /download: .*HTTP 404[^]*Go module: .* does not hold the pinned files\nWhat helps/,
    );
    expect(existsSync(join(workshop.cache, 'argocd-crds-v3.5.1'))).toBe(false);
  });
});
