/**
 * States as a plan of a branch may read them: whole, with a stand-in for every secret. A secret has the same one wherever it
 * stands, in all of the states, so that Terraform plans from them what it would from the real ones.
 */
import { randomBytes } from 'node:crypto';
import { CommandFailure } from '#clients/failure';
import { decodedIn, hasSecretForm } from '../secrets/secret-forms';
import { secretIndex } from '../secrets/secret-index';
import { isSecretAttribute } from '../secrets/secret-names';
import { collectStrings, hasSecretName } from '../secrets/secret-values';
import { keyOf, mapTexts, publicTexts, replaceSecrets } from './secrets-of-state';
import type { StateFile } from './state-format';

type Attributes = Readonly<Record<string, readonly string[]>>;

/** No secret although the provider marks it: Terraform compares it with what forge.yaml says. */
const MARKED: Attributes = { github_repository_webhook: ['url'] };
/** Nor these, whose names sound like one. What is secret in them is marked. */
const NAMED: Attributes = {
  // By it the provider finds the key.
  digitalocean_spaces_key: ['access_key'],
  helm_release: ['values', 'set', 'set_list', 'set_sensitive'],
  // What /readyz answered.
  http: ['body', 'response_body', 'response_body_base64', 'response_headers'],
  terraform_remote_state: ['shared_credentials_files'],
};
const SPACES_KEY_ID = /^DO00[A-Z0-9]{16}$/;

/** @throws CommandFailure when a secret would be left */
export function withStandIns(states: readonly StateFile[]): StateFile[] {
  const standIns = new StandIns();
  const replaced = states.map((state) =>
    replaceSecrets(state, {
      replace: (value) => mapTexts(value, (text) => standIns.of(text)),
      isNamed: (type, name) => isSecretAttribute(type, name) && !isOneOf(NAMED, type, name),
      isExcepted: (type, path) => isOneOf(MARKED, type, path.map(keyOf).at(-1)),
    }),
  );
  const secrets = standIns.secrets(new Set(replaced.flatMap(publicTexts)));
  const index = secretIndex({ lines: false });
  for (const secret of secrets) index.add(secret);
  const isSecret = (text: string) => index.isIn(text) || isTelling(text);
  const clean = (text: string) => {
    if (!isSecret(text)) return text;
    const rest = secrets.reduce((left, secret) => replaceForms(left, secret, standIns.of(secret)), text);
    return isSecret(rest) ? standIns.of(text) : rest;
  };
  return replaced.map((state) => {
    const { outputs, resources } = state;
    const copy = { ...state, outputs: mapTexts(outputs, clean), resources: mapTexts(resources, clean) };
    if (!index.isIn(JSON.stringify(copy))) return copy;
    throw new CommandFailure('A secret would be left in the copy of a state for plans, so none was written.');
  });
}

class StandIns {
  private readonly bySecret = new Map<string, string>();
  private readonly made = new Set<string>();

  /** Nothing stands in for nothing; what is marked and secret by its name, too, comes twice. */
  of(text: string): string {
    if (text === '' || this.made.has(text)) return text;
    const standIn = this.bySecret.get(text) ?? `removed-${randomBytes(12).toString('hex')}`;
    this.bySecret.set(text, standIn);
    this.made.add(standIn);
    return standIn;
  }

  /** Those to be looked for elsewhere, the longest first: one may have another in it. */
  secrets(published: ReadonlySet<string>): string[] {
    const found = collectStrings([...this.bySecret.keys()]).filter((text) => !published.has(text));
    return found.sort((one, other) => other.length - one.length);
  }
}

function isOneOf(attributes: Attributes, type: string, name = ''): boolean {
  return attributes[type]?.includes(name) ?? false;
}

/** By its looks. Lines that only speak of secrets do not count: the stacks say them, too. */
function isTelling(text: string): boolean {
  return (
    (hasSecretForm(text) && !SPACES_KEY_ID.test(text)) || hasSecretName(text) || decodedIn(text).some(hasSecretForm)
  );
}

/** Plain, as a text in JSON, and encoded as Kubernetes keeps its Secrets. */
function replaceForms(text: string, secret: string, standIn: string): string {
  const forms = [(plain: string) => plain, escaped, (plain: string) => Buffer.from(plain).toString('base64')];
  return forms.reduce((left, form) => left.replaceAll(form(secret), () => form(standIn)), text);
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
