/** Who and where the forge is. */
import { REGIONS } from '../digitalocean';
import { email, oneOfMany, text } from './values';

/** Servers and workers have tags `<name>-<environment>-server` and `-worker`: no environment may look like one. */
const TAKEN_ENVIRONMENTS = ['server', 'worker'];

const NAME =
  'a lower-case letter, then letters, digits and inner dashes; at most 12 characters, as every cloud name starts with it';
const ENVIRONMENT =
  'a lower-case letter, then letters and digits; at most 12 characters, as every cloud name contains it; not server or worker';
const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
// 240 leaves room for gitea. and its like within the 253 of DNS.
const DOMAIN = new RegExp(`^(?=.{4,240}$)(${LABEL}\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$`);

export const projectName = text(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/, NAME).describe(
  'Name of the forge. The first part of every name in the cloud and in the state bucket. For life.',
);

export const environmentName = text(/^[a-z][a-z0-9]{0,11}$/, ENVIRONMENT)
  .refine((name) => !TAKEN_ENVIRONMENTS.includes(name), ENVIRONMENT)
  .default('production')
  .describe('Distinguishes forges of one name in one account. The second part of every name in the cloud. For life.');

export const region = oneOfMany(
  REGIONS.map(({ slug }) => slug),
  'a region of config/digitalocean-catalogue.json',
).describe('DigitalOcean region of everything but the Spaces buckets. For life.');

export const domain = text(
  DOMAIN,
  'a domain name in lower case with at least one dot, such as forge.example.org; no scheme, no final dot',
).describe('The forge answers at gitea., jenkins., argocd. and forge. of this domain.');

export const acmeEmail = email.describe(
  "Of the account at Let's Encrypt, which refuses addresses of example domains, and of Gitea's administrator.",
);

/** The managed users of an enterprise end with an underscore and its shortcode: `mona-cat_acme`. */
const OWNER = '(?=.{1,39}\\/)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(_[A-Za-z0-9]{3,8})?';
export const ORGANIZATION = /^(?=.{1,39}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/;
const REPOSITORY_NAME = '(?!.*\\.([Gg][Ii][Tt]|[Ww][Ii][Kk][Ii])$)(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}';

export const repository = text(
  new RegExp(`^${OWNER}\\/${REPOSITORY_NAME}$`),
  'owner/name of a GitHub repository, without https://github.com/ and without .git or .wiki at the end',
).describe('The GitHub repository that holds this project: Argo CD follows it.');

const REVISION = 'the name of a branch or a tag (in quotes if it looks like a number)';

/** The rules of `git check-ref-format` for one name. */
export const revision = text(
  /^(?![-/.])(?!.*(\.\.|\/\/|\/\.|@\{|\.lock(\/|$)))[^\s~^:?*[\\\x7f]{1,200}(?<![/.])$/,
  REVISION,
)
  .default('main')
  .describe('Branch or tag that Argo CD follows.');
