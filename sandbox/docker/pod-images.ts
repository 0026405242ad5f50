/** Where the machines' pods have their images from: the vendors' registries, a mirror of them, or archives that lie ready. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parse } from 'yaml';
import { outputOf } from '#clients/program';
import { isReachable } from '../toolchain/official-providers';
import { userToolchain } from '../toolchain/toolchain';

const ROOT = join(__dirname, '../..');
const MANIFESTS = join(ROOT, 'k8s');
const CLOUD_CONTROLLER = 'charts/digitalocean-ccm/values.yaml';
const DOCKER_HUB = 'docker.io';
/** Answers whoever asks, with what it wants for a login. */
const REGISTRY = 'https://registry-1.docker.io/v2/';
/** As `docker save` writes them, packed or not; k3s takes the same. */
const ARCHIVE = /\.tar(\.gz|\.zst)?$/;

export interface PodImages {
  /** For people: from where. */
  readonly note: string;
  /** Why no pod could start; undefined where pods can. */
  readonly refusal?: string;
  /** Images of the manifests that nobody has. Default: none is known. */
  readonly lacking?: readonly string[];
}

export interface ImageSearch {
  /** Folders with archives, or with registries.yaml. */
  readonly folders: readonly string[];
  /** Whether a machine reaches registries. */
  readonly hasInternet: boolean;
  /** Whether Argo CD's charts can be had, which name its images. */
  readonly hasCharts: boolean;
  /** Default: Docker's registry. */
  readonly registry?: string;
}

/** @param mirror what FORGE_MIRROR names */
export function imageFolders(mirror: string | undefined): string[] {
  const cache = join(dirname(userToolchain().cache), 'images');
  return mirror === undefined ? [cache] : [join(mirror, 'images'), cache];
}

/** Paths of the archives in some folders; of two with one name the first. */
export function imageArchives(folders: readonly string[]): string[] {
  const found = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => ({ name, path: join(folder, name) })))
    .filter(({ name }) => ARCHIVE.test(name));
  return found
    .filter(({ name }, index) => found.findIndex((other) => other.name === name) === index)
    .map(({ path }) => path);
}

/** k3s' own settings for registries, in one of the folders: those of a mirror of registries, and how to log in there. */
export function registrySettings(folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, 'registries.yaml')).find((file) => existsSync(file));
}

/** Decides before anything starts whether the layers can be brought up. */
export async function findPodImages(search: ImageSearch): Promise<PodImages> {
  if (search.hasCharts) return imagesFor(search);
  const refusal = "Argo CD's charts cannot be had: their repository cannot be reached, and FORGE_MIRROR has none";
  return { note: 'none', refusal: `${refusal} (docs/sandbox.md)` };
}

async function imagesFor({ folders, hasInternet, registry = REGISTRY }: ImageSearch): Promise<PodImages> {
  const archives = imageArchives(folders);
  const mirror = mirrorOf(registrySettings(folders));
  if (mirror !== undefined && (await isReachable(mirror))) return { note: `from ${new URL(mirror).host}` };
  const { host } = new URL(registry);
  if (hasInternet && (await isReachable(registry))) {
    return {
      note: archives.length === 0 ? 'from their registries' : `from ${counted(archives)} and their registries`,
    };
  }
  const why = hasInternet
    ? `${host} cannot be reached`
    : 'machines of an engine of our own have no way to the Internet';
  const there = new Set((await Promise.all(archives.map(namesIn))).flat());
  const missing = imagesOfManifests().filter((image) => !there.has(image));
  const first = cloudControllerImage();
  if (missing.includes(first)) {
    const places = folders.join(' and ');
    const refusal = `${why}, and no archive in ${places} holds ${first}, the first image that is needed (docs/sandbox.md)`;
    return { note: 'none', refusal };
  }
  const note = `from ${counted(archives)}`;
  if (missing.length === 0) return { note };
  return { note: `${note}, without ${missing.join(', ')}: their pods wait`, lacking: missing };
}

function counted({ length }: readonly string[]): string {
  return length === 1 ? 'an archive' : `${length} archives`;
}

/** Where k3s asks for Docker's images first, by its settings. */
function mirrorOf(settings: string | undefined): string | undefined {
  if (settings === undefined) return undefined;
  const { mirrors } = parse(readFileSync(settings, 'utf8')) as { mirrors?: Record<string, { endpoint?: string[] }> };
  return (mirrors?.[DOCKER_HUB] ?? mirrors?.['*'])?.endpoint?.[0];
}

/** Every image that the layers and the chart of the cloud controller manager name; those of other charts are not known before. */
export function imagesOfManifests(): string[] {
  const texts = yamlFiles(MANIFESTS).map((file) => readFileSync(file, 'utf8'));
  const named = texts.flatMap((text) => [...text.matchAll(/^\s*(?:- )?image: ['"]?([\w./-]+[:@][\w.:@-]+)['"]?$/gm)]);
  return [...new Set([cloudControllerImage(), ...named.map(([, image]) => withRegistry(image!))])].sort();
}

function cloudControllerImage(): string {
  const { image } = parse(readFileSync(join(ROOT, CLOUD_CONTROLLER), 'utf8')) as {
    image: { repository: string; tag: string };
  };
  return withRegistry(`${image.repository}:${image.tag}`);
}

function yamlFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'));
  return files.map((entry) => join(folder, relative(folder, entry.parentPath), entry.name));
}

/** What an archive holds, with the registry's name. */
async function namesIn(archive: string): Promise<string[]> {
  const manifest = await outputOf('tar', ['--extract', '--to-stdout', '--file', archive, 'manifest.json']);
  const images = JSON.parse(manifest) as { RepoTags: string[] | null }[];
  return images.flatMap(({ RepoTags }) => RepoTags ?? []).map(withRegistry);
}

/** Docker leaves its own registry out. */
function withRegistry(image: string): string {
  const [first = '', ...rest] = image.split('/');
  if (rest.length > 0 && /[.:]/.test(first)) return image;
  return `${DOCKER_HUB}/${rest.length === 0 ? `library/${image}` : image}`;
}
