/** What runs in the background process of a sandbox whose droplets are containers: the cloud around them, and nothing of Kubernetes. */
import { readFileSync } from 'node:fs';
import { hostsOf } from '#config/hosts';
import { k3sRelease } from '#config/k3s-releases';
import type { ForgeConfig } from '#config/schema';
import { startMirroredCharts } from '../argocd/chart-repository';
import { openCloud, type Cloud } from '../cloud/cloud';
import type { Resolve as DeliveryResolve } from '../cloud/github/deliveries';
import { LETS_ENCRYPT, startAcmeServer, type AcmeServer } from '../docker/acme-server';
import { mirroredChartServers } from '../docker/add-on-charts';
import { DockerCloud, HTTPS_ADDRESS, NAMES_PORT } from '../docker/docker-cloud';
import { DockerMachines } from '../docker/docker-machines';
import { openEngine, type DockerEngine } from '../docker/engine';
import { internet, internetNames, type VendorServer } from '../docker/internet';
import { k3sFile, k3sPath } from '../docker/k3s-file';
import { dockerName } from '../docker/leftovers';
import { machineImage } from '../docker/machine-image';
import type { Resolve } from '../docker/name-server';
import { addressIn } from '../docker/networks';
import { imageArchives, imageFolders, registrySettings } from '../docker/pod-images';
import { CHARTS_PORT, DIGITALOCEAN_API_PORT, servicesAddress, SPACES_PORT } from '../place/environment';
import { mirroredChartsFolder } from '../place/mirror';
import { startGitOps, type GitOpsOptions } from '../git/gitops';
import { atTheVendors, entranceAddress, startProviders, type SandboxParts, type Services } from './services';

export async function startRealServices(options: SandboxParts): Promise<Services> {
  const { folder, settings, config, tools, log } = options;
  const engine = await openEngine(folder.docker, folder.sockets);
  const image = await machineImage(engine, log);
  const acme = await startAcmeServer({
    program: tools['pebble']!,
    folder: folder.acme,
    address: servicesAddress(settings),
    nameServer: `${addressIn(settings.real!.publicNetwork, 1)}:${NAMES_PORT}`,
  });
  let cloud: Cloud | undefined;
  const entrance: Resolve = async (name) =>
    cloud !== undefined && namesOf(config).includes(name) ? entranceAddress(options, cloud) : undefined;
  const announce = (payload: object) => cloud!.github.deliver('push', payload, throughEntrance(entrance, acme));
  const gitops = await startRepository(options, announce);
  const stopCharts = await startCharts(options);
  const around = await openDockerCloud(options, { engine, image, repository: gitops.path, acme, entrance });
  const machines = new DockerMachines({
    engine,
    image,
    cloud: around,
    folder: folder.balancers,
    volumes: folder.volumes,
    log,
  });
  const admitToRepository = (keys: readonly string[]) => around.admitToRepository(keys);
  const opened = (cloud = await openCloud({ folder, settings, config, machines, admitToRepository }));
  opened.github.serve(gitops.contents);
  const providers = await startProviders(options, opened);
  await opened.startMachines();
  return {
    reattach: providers?.reattach ?? '',
    machines,
    gitops,
    argocdPage: () => Promise.resolve(undefined),
    ...atTheVendors(options, opened),
    stop: async () => {
      await providers?.stop();
      await Promise.all([gitops.stop(), machines.stop(), stopCharts(), acme.stop()]);
      await opened.stop();
      // The engine stays: only it can take its networks from this host, which is for `down`.
      await around.stop();
    },
  };
}

function startRepository({ folder, settings, config }: SandboxParts, announce: GitOpsOptions['announce']) {
  const { controlSocket } = folder;
  const { repository, revision: branch } = config;
  const looksAgain = 'within three minutes, and at once for npx forge wait';
  const address = servicesAddress(settings);
  return startGitOps({ folder: folder.git, address, repository, branch, controlSocket, looksAgain, announce });
}

/** @returns how to stop it */
async function startCharts({ folder, settings, tools }: SandboxParts): Promise<() => Promise<void>> {
  const mirror = mirroredChartsFolder(settings.mirror);
  if (mirror === undefined) return () => Promise.resolve();
  const address = servicesAddress(settings);
  return startMirroredCharts({ folder: folder.charts, address, port: CHARTS_PORT, helm: tools['helm']!, mirror });
}

/** As GitHub does: by the name, over TLS, to whoever has a certificate that counts. */
function throughEntrance(entrance: Resolve, { authorities }: AcmeServer): DeliveryResolve {
  return async (host) => {
    const address = await entrance(host);
    if (address === undefined) return undefined;
    return { address, port: 443, authorities: readFileSync(authorities, 'utf8') };
  };
}

interface Surroundings {
  readonly engine: DockerEngine;
  readonly image: string;
  /** Path of the repository that Argo CD reads. */
  readonly repository: string;
  readonly acme: AcmeServer;
  /** Where the forge's own names lead. */
  readonly entrance: Resolve;
}

function openDockerCloud(
  { folder, settings, config }: SandboxParts,
  { engine, image, repository, acme, entrance }: Surroundings,
): Promise<DockerCloud> {
  const release = k3sRelease(config.kubernetes.version);
  const { secondRegion } = config.backups;
  const at = (port: number) => `http://${servicesAddress(settings)}:${port}`;
  const mirror = mirroredChartsFolder(settings.mirror);
  const charts = mirror === undefined ? [] : mirroredChartServers(mirror);
  const servers = new Map<string, VendorServer>([
    ['api.digitalocean.com', { url: at(DIGITALOCEAN_API_PORT) }],
    [LETS_ENCRYPT, acme.server],
    ...charts.map((name): [string, VendorServer] => [name, { url: at(CHARTS_PORT) }]),
  ]);
  const regions = [config.state.region, ...(secondRegion === undefined ? [] : [secondRegion])];
  const names = internetNames(regions, servers.keys());
  const folders = imageFolders(settings.mirror);
  const registries = registrySettings(folders);
  return DockerCloud.open({
    engine,
    image,
    names,
    resolve: async (name) => (names.includes(name) ? HTTPS_ADDRESS : entrance(name)),
    name: dockerName(folder),
    folder: folder.machines,
    publicNetwork: settings.real!.publicNetwork,
    vpc: config.network.cidr,
    authorities: readFileSync(acme.authorities, 'utf8'),
    images: imageArchives(folders),
    ...(registries !== undefined && { registries }),
    repository: { path: repository, name: config.repository },
    web: internet({ spaces: at(SPACES_PORT), github: new Map([[k3sPath(release), k3sFile(release)]]), servers }),
  });
}

function namesOf(config: ForgeConfig): string[] {
  return hostsOf(config).map((host) => `${host}.${config.domain}`);
}
