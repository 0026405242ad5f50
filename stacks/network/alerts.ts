/** DigitalOcean's own checks: they go on when all of the forge is down, and tell people by mail or in Slack. */
import { MonitorAlert } from '@cdktf/provider-digitalocean/lib/monitor-alert';
import { UptimeAlert } from '@cdktf/provider-digitalocean/lib/uptime-alert';
import { UptimeCheck } from '@cdktf/provider-digitalocean/lib/uptime-check';
import { Construct } from 'constructs';
import type { Host } from '#config/hosts';
import { replacedByGeneration } from '../generation';

export interface SlackChannel {
  readonly channel: string;
  /** Of the variable with the webhook. A plan does without its value. */
  readonly webhook: string;
  /** Of the webhook: another number makes the alerts anew. */
  readonly generation: number;
}

export interface AlertsProps {
  readonly nameOf: (thing: string) => string;
  /** Verified mail addresses of the DigitalOcean team. */
  readonly email: readonly string[];
  readonly slack: SlackChannel | undefined;
  readonly domain: string;
  /** Those whose page answers to everybody. */
  readonly hosts: readonly Host[];
  /** Tag of every droplet. */
  readonly nodeTag: string;
  /** Ids of the load balancers by what they are for. */
  readonly loadBalancers: Readonly<Partial<Record<(typeof BALANCERS)[number], string>>>;
}

/** A page of each host that answers 200 when what serves it is well, whatever access.web says: k8s/ has an Ingress for each. */
const HEALTHY_PAGES: Readonly<Record<Host, string>> = {
  forge: '/healthz',
  gitea: '/api/healthz',
  jenkins: '/whoAmI/api/json',
  argocd: '/healthz',
  login: '/healthz',
};

/** Let's Encrypt's certificates last 90 days and are renewed in their last 30. */
const CERTIFICATE_DAYS = 14;

/** Percent. Builds may take a processor for long; a full disk makes a node evict its pods at 85 (the kubelet's default). */
const DROPLET_LIMITS = [
  { id: 'cpu', type: 'cpu', value: 95, window: '1h' },
  { id: 'memory', type: 'memory_utilization_percent', value: 90, window: '10m' },
  { id: 'disk', type: 'disk_utilization_percent', value: 80, window: '5m' },
] as const;

const BALANCERS = ['entrance', 'api'] as const;
const balancerId = (name: string) => `balancer-${name}`;

/** Last parts of the names with which descriptions of the policies begin. */
export const ALERT_POLICIES: readonly string[] = [...DROPLET_LIMITS.map(({ id }) => id), ...BALANCERS.map(balancerId)];

export class Alerts extends Construct {
  private readonly recipients: { readonly email?: string[]; readonly slack?: { channel: string; url: string }[] };
  private readonly replaced: ReturnType<typeof replacedByGeneration> | undefined;

  constructor(scope: Construct, id: string, props: AlertsProps) {
    super(scope, id);
    const { email, slack } = props;
    this.recipients = {
      ...(email.length > 0 && { email: [...email] }),
      ...(slack && { slack: [{ channel: slack.channel, url: slack.webhook }] }),
    };
    this.replaced = slack && replacedByGeneration(this, slack.generation);
    for (const host of props.hosts) this.host(host, props);
    for (const limit of DROPLET_LIMITS)
      this.policy(`${limit.id} of a machine`, limit, props, { tags: [props.nodeTag] });
    for (const [name, entity] of Object.entries(props.loadBalancers)) {
      const limit = { id: balancerId(name), type: 'connection_utilization_percent', value: 80, window: '10m' };
      this.policy(`connections of the ${name}`, limit, props, { entities: [entity] });
    }
  }

  private host(host: Host, { nameOf, domain }: AlertsProps): void {
    const check = new UptimeCheck(this, host, {
      name: nameOf(host),
      type: 'https',
      target: `https://${host}.${domain}${HEALTHY_PAGES[host]}`,
      regions: ['eu_west', 'us_east'],
    });
    const alert = { checkId: check.id, notifications: [this.recipients], ...this.lifecycle('notifications[0]') };
    // In all regions: one of them may have a network of its own to mend.
    new UptimeAlert(this, `${host}-down`, {
      ...alert,
      name: nameOf(`${host}-down`),
      type: 'down_global',
      period: '5m',
    });
    new UptimeAlert(this, `${host}-certificate`, {
      ...alert,
      name: nameOf(`${host}-certificate`),
      type: 'ssl_expiry',
      threshold: CERTIFICATE_DAYS,
      comparison: 'less_than',
      period: '1h',
    });
  }

  private policy(
    what: string,
    { id, type, value, window }: { id: string; type: string; value: number; window: string },
    { nameOf }: AlertsProps,
    target: { readonly tags: string[] } | { readonly entities: string[] },
  ): void {
    const kind = 'tags' in target ? 'droplet' : 'lbaas';
    new MonitorAlert(this, id, {
      ...target,
      // The name of the environment at its start is what `forge sweep` finds it by.
      description: `${nameOf(id)}: ${what} over ${value} %`,
      type: `v1/insights/${kind}/${type}`,
      compare: 'GreaterThan',
      value,
      window,
      alerts: this.recipients,
      ...this.lifecycle('alerts[0]'),
    });
  }

  /** The webhook itself is compared with nothing: a plan does not have it. */
  private lifecycle(recipients: string) {
    return this.replaced && { lifecycle: { ...this.replaced, ignoreChanges: [`${recipients}.slack[0].url`] } };
  }
}
