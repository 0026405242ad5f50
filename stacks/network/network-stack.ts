/** Everything below Kubernetes: network, machines, their certificates, and the ways in. */
import { DataDigitaloceanSshKeys } from '@cdktf/provider-digitalocean/lib/data-digitalocean-ssh-keys';
import { Project } from '@cdktf/provider-digitalocean/lib/project';
import { DigitaloceanProvider } from '@cdktf/provider-digitalocean/lib/provider';
import { Tag } from '@cdktf/provider-digitalocean/lib/tag';
import { SpacesKey } from '@cdktf/provider-digitalocean/lib/spaces-key';
import { Vpc } from '@cdktf/provider-digitalocean/lib/vpc';
import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { RandomProvider } from '../../.gen/providers/random/provider/index';
import { TlsProvider } from '../../.gen/providers/tls/provider/index';
import { isSomebodyTold, SLACK_WEBHOOK_URL } from '#config/alerts';
import { DIGITALOCEAN_TOKEN } from '#config/environment';
import { k3sRelease } from '#config/k3s-releases';
import { administrator, ADMINISTRATORS_GROUP } from '#config/people';
import { hostsOf } from '#config/hosts';
import type { ForgeConfig } from '#config/schema';
import { environmentVariable } from '../environment-variable';
import { replacedByGeneration } from '../generation';
import { SpacesStack, type SpacesStackProps } from '../spaces-stack';
import { Alerts, type SlackChannel } from './alerts';
import { ApiAddress } from './api-address';
import { Entrance } from './entrance';
import { Firewalls } from './firewall';
import { JoinTokens } from './join-tokens';
import { kubernetesNetwork } from './kubernetes-network';
import {
  backupBucketName,
  cloudNames,
  secondBackupBucketName,
  snapshotBucketName,
  spacesHost,
  type CloudNames,
} from './names';
import type { NodePlacement } from './node';
import { networkOutputs } from './outputs';
import { ClusterPki } from './pki';
import { Servers } from './server';
import { SnapshotBucket } from './snapshot-bucket';
import { WorkerPool } from './worker-pool';

export interface NetworkStackProps extends SpacesStackProps {
  readonly config: ForgeConfig;
}

export class NetworkStack extends SpacesStack {
  private readonly config: ForgeConfig;
  private readonly names: CloudNames;

  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, props);
    this.config = props.config;
    this.names = cloudNames(this.config.name, this.config.environment);
    this.providers();
    const tags = this.tags();
    const placement = this.placement();
    const pki = new ClusterPki(this, 'pki');
    const snapshots = new SnapshotBucket(this, 'snapshots', {
      bucket: snapshotBucketName(this.config),
      keyName: this.names.of('etcd-snapshots'),
      keyGeneration: this.config.rotation.snapshotKey,
      cluster: this.names.cluster,
    });
    const api = this.apiAddress(placement, tags.servers);
    const entrance = this.entrance(placement, tags.workers);
    const tokens = new JoinTokens(this, 'join', pki.serverCaCertificate, this.config.rotation.joinTokens);
    const servers = this.servers(placement, tags, api.address, tokens, pki, snapshots);
    const pools = this.workerPools(placement, tags, api.address, tokens);
    const droplets = [servers, ...pools].flatMap((group) => group.droplets);
    new Firewalls(this, 'firewall', {
      nameOf: this.names.of,
      tags,
      vpcCidr: this.config.network.cidr,
      nodeAddresses: droplets.map((droplet) => droplet.ipv4Address),
      access: this.config.access,
      entranceId: entrance.loadBalancer.id,
      apiBalancerId: api.loadBalancerId,
    });
    this.alerts(tags.nodes, entrance, api);
    const urns = [...droplets.map((droplet) => droplet.urn), entrance.loadBalancer.urn, api.urn, snapshots.urn];
    api.assignTo(servers.droplets[0]!.id, this.project(urns));
    this.publish(networkOutputs, {
      apiAddress: api.address,
      entranceAddress: entrance.loadBalancer.ip,
      vpcId: placement.vpcId,
      snapshotBucket: snapshots.bucket,
      ...this.backupKey(),
      ...this.administratorAccess(pki),
    });
  }

  private providers(): void {
    const token = environmentVariable(this, DIGITALOCEAN_TOKEN, 'everything at DigitalOcean', 'always');
    new DigitaloceanProvider(this, 'digitalocean', { token: token.stringValue });
    new TlsProvider(this, 'tls');
    new RandomProvider(this, 'random');
  }

  /** Made first: a firewall and a load balancer can only name a tag that exists. */
  private tags(): { nodes: string; servers: string; workers: string } {
    const tag = (id: string, name: string) => new Tag(this, `tag_${id}`, { name }).name;
    return {
      nodes: tag('nodes', this.names.cluster),
      servers: tag('servers', this.names.servers),
      workers: tag('workers', this.names.workers),
    };
  }

  private placement(): NodePlacement {
    const { region, network, access } = this.config;
    const vpc = new Vpc(this, 'vpc', {
      name: this.names.cluster,
      region,
      ipRange: network.cidr,
      // Droplets and load balancers are known as its members for some time after they are gone.
      timeouts: { delete: '10m' },
    });
    return { region, vpcId: vpc.id, sshKeys: access.ssh.length === 0 ? [] : this.accountKeys() };
  }

  /** With SSH open, every key of the account may log in; without, a new droplet gets none. */
  private accountKeys(): string[] {
    const keys = new DataDigitaloceanSshKeys(this, 'ssh-keys');
    return Token.asList(`\${[for key in ${keys.fqn}.ssh_keys : tostring(key.id)]}`);
  }

  private apiAddress({ region, vpcId }: NodePlacement, serverTag: string): ApiAddress {
    const name = this.names.of('api');
    return new ApiAddress(this, 'api', { servers: this.config.servers.count, name, region, vpcId, serverTag });
  }

  private entrance({ region, vpcId }: NodePlacement, workerTag: string): Entrance {
    const { domain, dns, git } = this.config;
    return new Entrance(this, 'entrance', {
      name: this.names.of('entrance'),
      region,
      vpcId,
      workerTag,
      domain,
      hosts: hostsOf(this.config),
      gitSshPort: git.sshPort,
      dnsManaged: dns.managed,
    });
  }

  private servers(
    placement: NodePlacement,
    tags: { nodes: string; servers: string },
    apiAddress: string,
    tokens: JoinTokens,
    pki: ClusterPki,
    snapshots: SnapshotBucket,
  ): Servers {
    const { servers, state, kubernetes } = this.config;
    return new Servers(this, 'server', {
      ...placement,
      ...servers,
      nameOf: (number) => this.names.of(`server-${number}`),
      tags: [tags.nodes, tags.servers],
      pki: pki.files(),
      userData: {
        apiAddress,
        serverPassword: tokens.serverPassword,
        joinToken: tokens.serverToken,
        agentPassword: tokens.agentPassword,
        administrator: administrator(this.config),
        k3s: k3sRelease(kubernetes.version),
        clusterCidr: kubernetesNetwork.podCidr,
        serviceCidr: kubernetesNetwork.serviceCidr,
        clusterDns: kubernetesNetwork.clusterDns,
        snapshots: {
          endpoint: spacesHost(state.region),
          region: state.region,
          bucket: snapshots.bucket,
          folder: snapshots.folder,
          accessKey: snapshots.key.accessKey,
          secretKey: snapshots.key.secretKey,
        },
        snapshotSchedule: this.config.snapshots.schedule,
        snapshotRetention: this.config.snapshots.retention,
      },
    });
  }

  /** The key of the backups reaches their buckets only; the buckets are not Terraform's, so that a destroy leaves them. */
  private backupKey(): { backupKeyId: string; backupKeySecret: string } {
    const { enabled, secondRegion } = this.config.backups;
    if (!enabled) return { backupKeyId: '', backupKeySecret: '' };
    const second = secondRegion === undefined ? [] : [secondBackupBucketName(this.config)];
    const key = new SpacesKey(this, 'backup-key', {
      name: this.names.of('backups'),
      grant: [backupBucketName(this.config), ...second].map((bucket) => ({ bucket, permission: 'readwrite' })),
      lifecycle: replacedByGeneration(this, this.config.rotation.backupKey, 'backup-key-generation'),
    });
    return { backupKeyId: key.accessKey, backupKeySecret: key.secretKey };
  }

  private workerPools(
    placement: NodePlacement,
    tags: { nodes: string; workers: string },
    apiAddress: string,
    tokens: JoinTokens,
  ): WorkerPool[] {
    const k3s = k3sRelease(this.config.kubernetes.version);
    return this.config.workers.map(
      (pool) =>
        new WorkerPool(this, `workers_${pool.name}`, {
          ...placement,
          namePrefix: this.names.cluster,
          pool,
          tags: [tags.nodes, tags.workers],
          userData: { apiAddress, token: tokens.agentToken, k3s },
        }),
    );
  }

  private alerts(nodeTag: string, entrance: Entrance, { loadBalancerId }: ApiAddress): void {
    const { domain, alerts } = this.config;
    if (!isSomebodyTold(this.config)) return;
    const api = loadBalancerId === undefined ? {} : { api: loadBalancerId };
    const loadBalancers = { entrance: entrance.loadBalancer.id, ...api };
    const { email } = alerts;
    const slack = this.slackChannel();
    const hosts = hostsOf(this.config);
    new Alerts(this, 'alerts', { nameOf: this.names.of, email, slack, domain, hosts, nodeTag, loadBalancers });
  }

  private slackChannel(): SlackChannel | undefined {
    const { alerts, rotation } = this.config;
    if (alerts.slack === undefined) return undefined;
    const { channel } = alerts.slack;
    const variable = environmentVariable(this, SLACK_WEBHOOK_URL, `alerts in ${channel}`, 'applying', true);
    const webhook = Fn.coalesce([variable.stringValue, 'https://hooks.slack.com/services']) as string;
    return { channel, webhook, generation: rotation.slackWebhook };
  }

  private administratorAccess(pki: ClusterPki) {
    const { adminCertificate } = this.config.rotation;
    const subject = { commonName: administrator(this.config), organization: ADMINISTRATORS_GROUP };
    const admin = pki.clientCertificate('admin', subject, adminCertificate);
    return {
      clusterCaCertificate: pki.serverCaCertificate,
      adminCertificate: admin.certificate,
      adminKey: admin.key,
    };
  }

  /** Shows all that belongs together as one project in the control panel and on the bill. */
  private project(resources: string[]): Project {
    return new Project(this, 'project', {
      name: this.names.cluster,
      description: `Software forge ${this.config.name}, environment ${this.config.environment}`,
      purpose: 'Operational / Developer tooling',
      resources,
    });
  }
}
