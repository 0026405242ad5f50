/** What a team decides about its forge before the first deploy. Everything else in forge.yaml can wait. */
import type { KeyPath } from '#config/fault';

export interface Question {
  /** Where the answer goes in forge.yaml. */
  readonly path: KeyPath;
  /** Option of the command, without dashes. */
  readonly option: string;
  readonly placeholder: string;
  /** One line: what it means, and what cannot be undone. */
  readonly explanation: string;
  readonly kind?: 'number' | 'boolean';
}

export const QUESTIONS: readonly Question[] = [
  {
    path: ['name'],
    option: 'name',
    placeholder: 'name',
    explanation: 'The first part of every name in the cloud: at most 12 lower-case letters, digits, dashes. For life.',
  },
  {
    path: ['environment'],
    option: 'environment',
    placeholder: 'name',
    explanation: 'Tells forges of one name in one account apart. For life.',
  },
  {
    path: ['repository'],
    option: 'repository',
    placeholder: 'owner/name',
    explanation: 'The GitHub repository that holds this checkout. Argo CD follows it.',
  },
  {
    path: ['region'],
    option: 'region',
    placeholder: 'slug',
    explanation: 'DigitalOcean region of machines, volumes and load balancers, such as fra1, nyc3, sgp1. For life.',
  },
  {
    path: ['domain'],
    option: 'domain',
    placeholder: 'domain',
    explanation: 'The forge answers at forge., gitea., jenkins. and argocd. of it.',
  },
  {
    path: ['dns', 'managed'],
    option: 'dns-managed',
    placeholder: 'true|false',
    explanation:
      'true: the domain is in your DigitalOcean account, and Terraform makes the records. false: you make them.',
    kind: 'boolean',
  },
  {
    path: ['acmeEmail'],
    option: 'acme-email',
    placeholder: 'address',
    explanation:
      "A mail address that somebody reads, for Let's Encrypt. One of an example domain is refused by a deploy.",
  },
  {
    path: ['state', 'bucket'],
    option: 'state-bucket',
    placeholder: 'name',
    explanation: 'Spaces bucket of the Terraform state; nobody else in the region may have the name. For life.',
  },
  {
    path: ['state', 'region'],
    option: 'state-region',
    placeholder: 'slug',
    explanation: 'Region of that bucket; it must have Spaces. For life.',
  },
  {
    path: ['servers', 'count'],
    option: 'servers',
    placeholder: '1|3',
    explanation: 'Machines for the control plane: 1, or 3 to survive the loss of one. For life.',
    kind: 'number',
  },
  {
    path: ['servers', 'size'],
    option: 'server-size',
    placeholder: 'slug',
    explanation: 'DigitalOcean size of a server, at least 4 GiB of memory.',
  },
  {
    path: ['workers', 0, 'count'],
    option: 'workers',
    placeholder: 'number',
    explanation: 'Machines for Gitea, Jenkins and what they do. Can be changed at any time.',
    kind: 'number',
  },
  {
    path: ['workers', 0, 'size'],
    option: 'worker-size',
    placeholder: 'slug',
    explanation: 'DigitalOcean size of a worker. Can be changed at any time.',
  },
];
