/** What a deploy leaves: things in the account, at GitHub and in the cluster, and the states that name them. */
import { githubNames } from '#stacks/github-secrets/names';
import { droplet, firewall, balancer, PROJECT } from '#test/sandbox/cloud/digitalocean/samples';
import { REPO, type SampleGithub } from '#test/sandbox/cloud/github/sample-github';
import type { Managed, Outputs, SampleEnvironment } from '../sweep/sample-environment';
import { OURS, volume } from '../sweep/things';

const DOMAIN = 'forge.example.org';
const NAMES = githubNames({ name: 'forge', environment: 'production', domain: DOMAIN });
/** Any key in the form that GitHub takes. */
const KEY = `ssh-ed25519 ${'A'.repeat(68)}`;
const region = 'fra1';

export async function deployAll(environment: SampleEnvironment, github: SampleGithub, outputs: Outputs): Promise<void> {
  await environment.deployed('network', await network(environment), outputs);
  await environment.deployed('cluster', [
    ['tls_private_key', { id: 'deploy-key' }],
    ['kubernetes_secret_v1', { id: 'token', path: '/api/v1/namespaces/kube-system/secrets/digitalocean' }],
    ['helm_release', { id: 'argocd', path: '/api/v1/namespaces/argocd/secrets/sh.helm.release.v1.argocd.v1' }],
  ]);
  await environment.deployed('github-secrets', await githubSecrets(github));
}

/** In the order in which they are made. */
async function network({ cloud: { api: owner } }: SampleEnvironment): Promise<Managed[]> {
  const { id: vpc_uuid } = await owner.post('/v2/vpcs', { name: OURS, region });
  await owner.post('/v2/tags', { name: OURS });
  const one = await droplet(owner, { name: `${OURS}-server-1`, tags: [OURS], vpc_uuid });
  await owner.post('/v2/domains', { name: DOMAIN });
  const entrance = await owner.post('/v2/load_balancers', balancer({ name: `${OURS}-entrance`, vpc_uuid }));
  const wall = await owner.post('/v2/firewalls', firewall({ name: `${OURS}-nodes`, droplet_ids: [one.id] }));
  const record = { type: 'A', name: 'gitea', data: '192.0.2.1', ttl: 300 };
  const { id: recordId } = await owner.post(`/v2/domains/${DOMAIN}/records`, record);
  const project = await owner.post('/v2/projects', { ...PROJECT, name: OURS });
  const grants = [{ bucket: '', permission: 'fullaccess' }];
  const key = await owner.post('/v2/spaces/keys', { name: `${OURS}-etcd-snapshots`, grants });
  // What the cluster made by itself.
  await volume(owner, 'pvc-1');
  await owner.post('/v2/load_balancers', balancer({ name: 'public', vpc_uuid }));
  return [
    ['digitalocean_tag', { id: OURS, name: OURS }],
    ['digitalocean_vpc', { id: vpc_uuid }],
    ['digitalocean_spaces_key', { access_key: key.access_key, name: key.name }],
    ['digitalocean_droplet', { id: `${one.id}` }],
    ['digitalocean_firewall', { id: wall.id }],
    ['digitalocean_loadbalancer', { id: entrance.id }],
    ['digitalocean_record', { id: `${recordId}`, domain: DOMAIN }],
    ['digitalocean_project', { id: project.id }],
  ];
}

async function githubSecrets({ call }: SampleGithub): Promise<Managed[]> {
  const name = NAMES.actions('DOMAIN');
  await call('POST', `${REPO}/actions/variables`, { name, value: DOMAIN });
  const config = { url: NAMES.webhookUrl, content_type: 'json' };
  const hook = await call('POST', `${REPO}/hooks`, { config, events: ['push'] });
  const key = await call('POST', `${REPO}/keys`, { title: NAMES.deployKeyTitle, key: KEY, read_only: true });
  return [
    ['github_actions_variable', { id: `forge:${name}`, variable_name: name }],
    ['github_repository_webhook', { id: `${hook.body.id}` }],
    ['github_repository_deploy_key', { id: `forge:${key.body.id}` }],
    ['kubernetes_secret_v1', { id: 'rt/one', path: '/api/v1/namespaces/rt/secrets/one' }],
  ];
}
