/** What runs in the background process of a sandbox whose droplets are containers: the cloud around them, and nothing of Kubernetes. */
import { digitalOcean } from '#clients/digitalocean/client';
import { HOSTS } from '#config/hosts';
import { k3sRelease } from '#config/k3s-releases';
import type { ForgeConfig } from '#config/schema';
import { cloudNames } from '#stacks/network/names';
import { openCloud, type Cloud } from '../cloud/cloud';
import { DockerCloud } from '../docker/docker-cloud';
import { DockerMachines } from '../docker/docker-machines';
import { openEngine, type DockerEngine } from '../docker/engine';
import { internet, internetNames } from '../docker/internet';
import { k3sFile, k3sPath } from '../docker/k3s-file';
import { dockerName } from '../docker/leftovers';
import { machineImage } from '../docker/machine-image';
import type { Resolve } from '../docker/name-server';
import { servicesAddress, SPACES_PORT } from '../place/environment';
import { startGitOps } from '../git/gitops';
import { atTheVendors, startProviders, type SandboxParts, type Services } from './services';

export async function startRealServices(options: SandboxParts): Promise<Services> {
  const { folder, settings, config, log } = options;
  const engine = await openEngine(folder.docker, folder.sockets);
  const image = await machineImage(engine, log);
  let cloud: Cloud | undefined;
  const around = await openDockerCloud(options, engine, image, async (name) => {
    return cloud !== undefined && namesOf(config).includes(name) ? entranceAddress(options, cloud) : undefined;
  });
  const machines = new DockerMachines({ engine, image, cloud: around, folder: folder.balancers, log });
  const opened = (cloud = await openCloud({ folder, settings, config, machines }));
  const gitops = await startGitOps({
    folder: folder.git,
    address: servicesAddress(settings),
    repository: config.repository,
    branch: config.revision,
    controlSocket: folder.controlSocket,
    announce: (payload) => opened.github.deliver('push', payload, () => undefined),
  });
  const providers = await startProviders(options, opened);
  await opened.startMachines();
  return {
    ...{ reattach: providers?.reattach ?? '', machines, gitops },
    argocdPage: () => Promise.resolve(undefined),
    ...atTheVendors(options, opened),
    stop: async () => {
      await providers?.stop();
      await Promise.all([gitops.stop(), machines.stop()]);
      await opened.stop();
      // The engine stays: only it can take its networks from this host, which is for `down`.
      await around.stop();
    },
  };
}

function openDockerCloud(
  { folder, settings, config }: SandboxParts,
  engine: DockerEngine,
  image: string,
  resolve: Resolve,
): Promise<DockerCloud> {
  const release = k3sRelease(config.kubernetes.version);
  const { secondRegion } = config.backups;
  return DockerCloud.open({
    ...{ engine, image, resolve },
    name: dockerName(folder),
    folder: folder.machines,
    publicNetwork: settings.real!.publicNetwork,
    vpc: config.network.cidr,
    names: internetNames([config.state.region, ...(secondRegion === undefined ? [] : [secondRegion])]),
    web: internet({
      spaces: `http://${servicesAddress(settings)}:${SPACES_PORT}`,
      github: new Map([[k3sPath(release), k3sFile(release)]]),
    }),
  });
}

function namesOf({ domain }: ForgeConfig): string[] {
  return HOSTS.map((host) => `${host}.${domain}`);
}

async function entranceAddress({ settings, config }: SandboxParts, cloud: Cloud): Promise<string | undefined> {
  const names = cloudNames(config.name, config.environment);
  const client = digitalOcean({ DIGITALOCEAN_TOKEN: settings.clusterToken, DIGITALOCEAN_API_URL: cloud.digitalOcean });
  const balancers = await client.list<{ name: string; ip: string }>('/v2/load_balancers', 'load_balancers');
  return balancers.find(({ name }) => name === names.of('entrance'))?.ip;
}
