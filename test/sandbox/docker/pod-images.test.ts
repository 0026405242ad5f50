import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPodImages, imageArchives, imagesOfManifests } from '#sandbox/docker/pod-images';
import { loopbackServer } from '#test/loopback-server';
import { newFolder } from '#test/new-folder';

const CLOUD_CONTROLLER = 'digitalocean/digitalocean-cloud-controller-manager:v0.1.68';

describe('the images of the pods of a real sandbox', () => {
  let folder: string;
  let answering: string;

  beforeAll(async () => {
    const { url } = await loopbackServer((_, answer) => answer.writeHead(401).end());
    answering = `${url}/v2/`;
  });
  beforeEach(() => {
    folder = newFolder('images');
  });

  /** As `docker save` writes it, without the layers. */
  const archive = (name: string, tags: readonly string[], into = folder) => {
    const file = join(folder, 'manifest.json');
    writeFileSync(file, JSON.stringify([{ Config: 'config.json', RepoTags: tags, Layers: [] }]));
    execFileSync('tar', ['--create', '--auto-compress', '--file', join(into, name), '-C', folder, 'manifest.json']);
    rmSync(file);
  };
  const nobody = 'http://127.0.0.1:1/v2/';

  it('are pulled by the machines where registries answer', async () => {
    const found = await findPodImages({ folders: [folder], hasInternet: true, hasCharts: true, registry: answering });
    expect(found).toEqual({ note: 'from their registries' });
  });

  it('are refused before anything starts where neither a registry nor an archive has the first one', async () => {
    archive('others.tar', ['quay.io/argoproj/argocd:v3.5.1']);
    const { refusal } = await findPodImages({
      folders: [folder],
      hasInternet: true,
      hasCharts: true,
      registry: nobody,
    });
    expect(refusal).toBe(
      `127.0.0.1:1 cannot be reached, and no archive in ${folder} holds docker.io/${CLOUD_CONTROLLER}, the first image that is needed (docs/sandbox.md)`,
    );
  });

  it("are pulled from a mirror of registries that k3s' settings name, while it answers", async () => {
    const at = (endpoint: string) =>
      writeFileSync(join(folder, 'registries.yaml'), `mirrors: { docker.io: { endpoint: ['${endpoint}'] } }\n`);
    at(answering);
    const search = { folders: [folder], hasInternet: false, hasCharts: true };
    expect(await findPodImages(search)).toEqual({ note: `from ${new URL(answering).host}` });
    at(nobody);
    expect((await findPodImages(search)).refusal).toContain('no archive in');
  });

  it("are refused where Argo CD's charts cannot be had", async () => {
    const { refusal } = await findPodImages({ folders: [], hasInternet: true, hasCharts: false, registry: answering });
    expect(refusal).toMatch(/^Argo CD's charts cannot be had/);
  });

  it('are not asked of a registry by an engine that has no way there', async () => {
    const { refusal } = await findPodImages({
      folders: [folder],
      hasInternet: false,
      hasCharts: true,
      registry: answering,
    });
    expect(refusal).toMatch(/^machines of an engine of our own have no way to the Internet, and no archive/);
  });

  it('come out of archives, packed ones too, and what they lack is named', async () => {
    const [wanted, ...others] = imagesOfManifests().filter((image) => !image.includes('cloud-controller'));
    archive('ours.tar', [CLOUD_CONTROLLER]);
    archive('others.tar.gz', others);
    const found = await findPodImages({ folders: [folder], hasInternet: false, hasCharts: true });
    expect(found).toEqual({ note: `from 2 archives, without ${wanted}: their pods wait`, lacking: [wanted] });
  });

  it('are those that the manifests name, with their registry', () => {
    const images = imagesOfManifests();
    expect(images).toContain(`docker.io/${CLOUD_CONTROLLER}`);
    expect(images.filter((image) => !/^[a-z0-9.]+\.[a-z]+\/.+[:@]/.test(image))).toEqual([]);
    for (const program of ['do-csi-plugin', 'dex', 'postgres', 'gitea', 'jenkins', 'restic', 'nginx-unprivileged'])
      expect(images.filter((image) => image.includes(`/${program}:`))).toHaveLength(1);
  });

  it('are taken from the mirror before the cache', () => {
    const cache = join(folder, 'cache');
    mkdirSync(cache);
    for (const into of [folder, cache]) archive('same.tar', [], into);
    writeFileSync(join(cache, 'read-me.txt'), '');
    expect(imageArchives([folder, cache, join(folder, 'none')])).toEqual([join(folder, 'same.tar')]);
  });
});
