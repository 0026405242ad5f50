import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { digitalOceanProvider } from '#sandbox/cloud/terraform/digitalocean/provider';
import { ALERT_POLICIES } from '#stacks/network/alerts';
import { sampleAccount, TOKENS } from '#test/sandbox/cloud/digitalocean/sample-account';
import { everythingIn } from '#test/sandbox/cloud/digitalocean/samples';
import { terraformProject, type Resources } from '#test/sandbox/cloud/terraform/terraform-project';
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

  it('go to Slack as well, or there alone, with a webhook that plans do without', () => {
    const slack = { channel: '#forge' };
    const url = '${coalesce(var.SLACK_WEBHOOK_URL, "https://hooks.slack.com/services")}';
    for (const email of [[], told.email]) {
      const { stacks } = synthesise({ ...sampleConfig, alerts: { email, slack } });
      const { digitalocean_uptime_alert: ofHosts = {}, digitalocean_monitor_alert: policies = {} } = stacks.network[
        'resource'
      ] as ReturnType<typeof network>;
      const expected = { ...(email.length > 0 && { email }), slack: [{ ...slack, url }] };
      for (const { notifications, lifecycle } of Object.values(ofHosts)) {
        expect([notifications, lifecycle.ignore_changes]).toEqual([[expected], ['notifications[0].slack[0].url']]);
      }
      for (const { alerts, lifecycle } of Object.values(policies)) {
        expect([alerts, lifecycle.ignore_changes]).toEqual([expected, ['alerts[0].slack[0].url']]);
        expect(lifecycle.replace_triggered_by).toEqual(['terraform_data.alerts_generation']);
      }
      expect(stacks.network['variable'].SLACK_WEBHOOK_URL).toMatchObject({ sensitive: true, default: null });
    }
  });

  describe('at the API', () => {
    const KINDS = ['tag', 'vpc', 'loadbalancer', 'uptime_check', 'uptime_alert', 'monitor_alert'];
    const slack = { channel: '#forge' };
    let api: Awaited<ReturnType<typeof sampleAccount>>['api'];
    let project: Awaited<ReturnType<typeof terraformProject>>;

    /** @param webhook null where there is no value */
    const configure = (alerts: typeof sampleConfig.alerts, webhook: string | null = null, slackWebhook = 1) => {
      const made = network({ alerts, rotation: { ...sampleConfig.rotation, slackWebhook } });
      const ofCloud = KINDS.map((kind) => [`digitalocean_${kind}`, made[`digitalocean_${kind}`]!]);
      const { alerts_generation } = made['terraform_data'] ?? {};
      const generation = alerts_generation && { terraform_data: { alerts_generation } };
      const text = JSON.stringify({ ...Object.fromEntries(ofCloud), ...generation });
      const value = JSON.stringify(JSON.stringify(webhook)).slice(1, -1);
      project.configure(JSON.parse(text.replaceAll('var.SLACK_WEBHOOK_URL', value)) as Resources);
    };

    beforeAll(async () => {
      const account = await sampleAccount();
      api = account.api;
      project = await terraformProject([provider(digitalOceanProvider(account.url))], {
        digitalocean: { token: TOKENS.deploy },
      });
    });

    it('are taken as they are, and read back without a difference', async () => {
      configure(told);
      await project.apply();
      expect(await project.plan()).toEqual([]);
      expect(await api.get('/v2/uptime/checks')).toHaveLength(4);
      expect(await api.get('/v2/monitoring/alerts')).toHaveLength(4);
    });

    it('tell Slack with the webhook of the deploy, of which a plan need not know, until its number is raised', async () => {
      const [one, two] = ['one', 'two'].map((end) => `https://hooks.slack.com/services/${end}`);
      const webhooks = async () =>
        ((await api.get('/v2/monitoring/alerts')) as { alerts: { slack: { url: string }[] } }[]).map(
          ({ alerts }) => alerts.slack[0]!.url,
        );
      configure({ email: [], slack }, one);
      await project.apply();
      for (const another of [null, two!]) {
        configure({ email: [], slack }, another);
        expect(await project.plan()).toEqual([]);
      }
      expect(await webhooks()).toEqual([one, one, one, one]);
      configure({ email: [], slack }, two, 2);
      await project.apply();
      expect(await webhooks()).toEqual([two, two, two, two]);
    });

    it('are gone after a destroy', async () => {
      await project.destroy();
      expect(await everythingIn(api)).toEqual([]);
    });
  });
});
