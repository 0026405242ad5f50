/** Who gets access, and which secrets the cluster gets from the environment. */
import { z } from 'zod';
import { AGE_RECIPIENT_PATTERN, isAgeRecipient } from '../age-recipient';
import { dnsLabel, subdomainName } from './kubernetes-names';
import { personName } from './person';
import { oneOf, text } from './values';

/** The layers of k8s/, each an Application of Argo CD, in the order in which they start. */
export const LAYERS = ['layer-00-infra', 'layer-01-init', 'layer-02-database', 'layer-03-apps'] as const;

export const DOCKER_CONFIG_TYPE = 'kubernetes.io/dockerconfigjson';
export const DOCKER_CONFIG_KEY = '.dockerconfigjson';

/** Starts of names that GitHub, Terraform or this project itself give a meaning to. */
const RESERVED_PREFIXES = [
  'DIGITALOCEAN_',
  'SPACES_',
  'GITHUB_',
  'ACTIONS_',
  'RUNNER_',
  'FORGE_',
  'TF_',
  'AWS_',
  'CDKTF_',
];

const RECIPIENT = 'the public key of an age key pair: age1 and 58 more characters, as age-keygen prints it';
const VARIABLE =
  `the NAME of an environment variable (capital letters, digits, underscores), never the value; ` +
  `not starting with ${RESERVED_PREFIXES.join(', ')}`;

const operator = z.strictObject({
  name: personName,
  ageRecipient: text(AGE_RECIPIENT_PATTERN, RECIPIENT)
    .refine(isAgeRecipient, `${RECIPIENT}; its checksum is wrong, so a character is`)
    .describe('Public age key to which the kubeconfig of a deploy is encrypted.'),
});

export const operators = z
  .array(operator)
  .default([])
  .describe('People who can read the kubeconfig that a deploy leaves as an artifact.');

const variableName = text(/^[A-Z][A-Z0-9_]{0,99}$/, VARIABLE).refine(
  (name) => !RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix)),
  VARIABLE,
);

const secret = z.strictObject({
  name: subdomainName('the name of a Kubernetes secret: lower-case letters, digits, inner dashes and dots').describe(
    'Name of the Kubernetes secret.',
  ),
  namespace: dnsLabel(63, 'the name of a namespace: up to 63 lower-case letters, digits and inner dashes').describe(
    'Namespace of the secret; made if it does not exist.',
  ),
  layer: oneOf(LAYERS).describe('Layer under which Argo CD shows the secret.'),
  type: oneOf(['Opaque', DOCKER_CONFIG_TYPE]).default('Opaque').describe('Type of the secret.'),
  data: z
    .record(
      text(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,253}$/, 'a key of a secret: letters, digits, dots, dashes, underscores'),
      variableName,
    )
    .refine((data) => Object.keys(data).length > 0, 'at least one key')
    .describe('For each key of the secret the environment variable (in GitHub: the secret) that holds its value.'),
});

export const secrets = z
  .array(secret)
  .default([])
  .describe('Kubernetes secrets whose values come from the environment (in GitHub: from secrets), never from Git.');
