/** Labels, taints and names as Kubernetes allows them. */
import type { z } from 'zod';
import { text } from './values';

const DNS_LABEL = '[a-z0-9]([a-z0-9-]*[a-z0-9])?';
const SUBDOMAIN = `${DNS_LABEL}(\\.${DNS_LABEL})*`;
const WORD = '[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?';
const QUALIFIED_NAME = `((?=.{1,253}/)${SUBDOMAIN}/)?${WORD}`;

const LABEL_KEY = 'a Kubernetes label key, such as disk or example.org/disk';
const TAINT =
  'key=value:Effect or key:Effect, where Effect is NoSchedule, PreferNoSchedule or NoExecute, such as example.org/builds=only:NoSchedule';
const OURS = 'not one of forge/, which belongs to this project';

/** Namespaces in which a kubelet may label its own node; it refuses all others of Kubernetes (KEP 279). */
const KUBELET_DOMAINS = ['kubelet.kubernetes.io', 'node.kubernetes.io'];
/** Set by the cloud controller manager from the droplet itself. */
const CLOUD_LABELS = ['node.kubernetes.io/instance-type'];
const KUBERNETES_DOMAINS = ['kubernetes.io', 'k8s.io'];

export const subdomainName = (allowed: string): z.ZodString => text(new RegExp(`^(?=.{1,253}$)${SUBDOMAIN}$`), allowed);

export const dnsLabel = (max: number, allowed: string): z.ZodString =>
  text(new RegExp(`^(?=.{1,${max}}$)${DNS_LABEL}$`), allowed);

export const labelKey = text(new RegExp(`^${QUALIFIED_NAME}$`), LABEL_KEY).superRefine((key, context) => {
  const fault = labelKeyFault(key);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: `${LABEL_KEY}; ${fault}` });
});

export const labelValue = text(
  new RegExp(`^(${WORD})?$`),
  'a Kubernetes label value: up to 63 letters, digits, dashes, underscores and dots, in quotes if it looks like a number or a boolean',
);

export const taint = text(
  new RegExp(`^${QUALIFIED_NAME}(=(${WORD})?)?:(NoSchedule|PreferNoSchedule|NoExecute)$`),
  TAINT,
).superRefine((value, context) => {
  const domain = domainOf(value.split(/[=:]/, 1)[0]!);
  if (domain === 'forge') context.addIssue({ code: 'custom', message: `${TAINT}; ${OURS}` });
  if (isWithin(domain, KUBERNETES_DOMAINS)) {
    context.addIssue({ code: 'custom', message: `${TAINT}; not one of ${domain}/, which Kubernetes sets itself` });
  }
});

function labelKeyFault(key: string): string | undefined {
  const domain = domainOf(key);
  if (domain === 'forge') return OURS;
  if (CLOUD_LABELS.includes(key)) return 'not this one, which the cloud controller manager sets';
  const refused = isWithin(domain, KUBERNETES_DOMAINS) && !isWithin(domain, KUBELET_DOMAINS);
  return refused ? `not one of ${domain}/, which a node may not give to itself` : undefined;
}

function domainOf(key: string): string {
  return key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
}

function isWithin(domain: string, parents: readonly string[]): boolean {
  return parents.some((parent) => domain === parent || domain.endsWith(`.${parent}`));
}
