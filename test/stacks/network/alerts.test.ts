import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { digitalOceanProvider } from '#sandbox/cloud/terraform/digitalocean/provider';
import { ALERT_POLICIES } from '#stacks/network/alerts';
import { removeSampleAccounts, sampleAccount, TOKENS } from '#test/sandbox/cloud/digitalocean/sample-account';
import { everythingIn } from '#test/sandbox/cloud/digitalocean/samples';
import { terraformProject } from '#test/sandbox/cloud/terraform/terraform-project';
import { sampleConfig, synthesise } from '../sample';

const told = { email: ['ops@example.org'] };

function network(changes: Partial<typeof sampleConfig> = { alerts: told }): Record<string, Record<string, any>> {
  return synthesise({ ...sampleConfig, ...changes }).stacks.network['resource'] as Record<string, Record<string, any>>;
}

describe("DigitalOcean's own checks", () => {
  it('are not made while nobody is to be told', () => {
    const kinds = Object.keys(network({}));
    expect(kinds.filter((kind) => /uptime|monitor/.test(kind))).toEqual([]);
  });

  it('ask each name for a page that answers everybody, and tell when it is down everywhere or its certificate ends', () => {
    const { digitalocean_uptime_check: checks = {}, digitalocean_uptime_alert: alerts = {} } = network();
    expect(Object.values(checks).map(({ target }) => target)).toEqual([
      'https://argocd.forge.example.org/healthz',
      'https://forge.forge.example.org/healthz',
      'https://gitea.forge.example.org/api/healthz',
      'https://jenkins.forge.example.org/whoAmI/api/json',
    ]);
    for (const host of Object.keys(checks)) {
      const ofHost = Object.values(alerts).filter(
        ({ check_id }) => check_id === `\${digitalocean_uptime_check.${host}.id}`,
      );
      expect(ofHost.map(({ type }) => type)).toEqual(['ssl_expiry', 'down_global']);
      for (const { notifications } of ofHost) expect(notifications).toEqual([told]);
    }
  });

  it('watch processor, memory and disk of every machine, and each load balancer', () => {
    const three = { servers: { ...sampleConfig.servers, count: 3 as const } };
    const policies = Object.values(network({ alerts: told, ...three })['digitalocean_monitor_alert']!);
    const watched = policies.map(({ type, tags, entities }) => [type.split('/').slice(2).join(' '), tags ?? entities]);
    const nodes = ['${digitalocean_tag.tag_nodes.name}'];
    expect(watched).toEqual([
      ['lbaas connection_utilization_percent', ['${digitalocean_loadbalancer.api_balancer.id}']],
      ['lbaas connection_utilization_percent', ['${digitalocean_loadbalancer.entrance_balancer.id}']],
      ['droplet cpu', nodes],
      ['droplet disk_utilization_percent', nodes],
      ['droplet memory_utilization_percent', nodes],
    ]);
    const names = policies.map(({ description }) => /^forge-test-([a-z-]+): /.exec(description)?.[1]);
    expect(names.sort()).toEqual([...ALERT_POLICIES].sort());
    for (const { alerts } of policies) expect(alerts).toEqual(told);
  });

  it('are taken by the API as they are, read back without a difference, and gone after a destroy', async () => {
    const { url, api } = await sampleAccount();
    const kinds = ['tag', 'vpc', 'loadbalancer', 'uptime_check', 'uptime_alert', 'monitor_alert'];
    const made = network();
    const resources = Object.fromEntries(kinds.map((kind) => [`digitalocean_${kind}`, made[`digitalocean_${kind}`]!]));
    const project = await terraformProject([provider(digitalOceanProvider(url))], {
      digitalocean: { token: TOKENS.deploy },
    });
    try {
      project.configure(resources);
      await project.apply();
      expect(await project.plan()).toEqual([]);
      expect(await api.get('/v2/uptime/checks')).toHaveLength(4);
      expect(await api.get('/v2/monitoring/alerts')).toHaveLength(4);
      await project.destroy();
      expect(await everythingIn(api)).toEqual([]);
    } finally {
      await project.close();
      await removeSampleAccounts();
    }
  });
});
