/**
 * Takes every secret out of a state. Hidden are:
 *
 * - outputs and attributes that the state marks as sensitive, and outputs that a contract of the stacks declares secret;
 * - of the outputs that a stack read from another one, all that no contract declares public: Terraform does not mark them;
 * - attributes that are secret by their type or name although no schema marks them, such as user data;
 * - text that is a secret by its looks, such as a private key;
 * - whatever contains one of the values hidden for these reasons, wherever else it stands.
 */
import { isDynamic } from '../secrets/dynamic-value';
import { secretIndex, type SecretIndex } from '../secrets/secret-index';
import { isSecretAttribute, isSecretName } from '../secrets/secret-names';
import { isSecretEntry } from '../secrets/secret-pairs';
import { collectStrings, HIDDEN, looksSecret } from '../secrets/secret-values';
import { isPublicOutput, isSecretOutput } from './stacks';
import type { PathStep, StateFile, StateInstance, StateOutput, StateResource } from './state-format';

/** Hides a value and remembers it. */
type Hide = (value: unknown) => unknown;

export function redactState(state: StateFile): StateFile {
  const secrets = new Set<string>();
  const hide: Hide = (value) => {
    if (value === null || value === undefined || value === '') return value;
    for (const text of collectStrings(value)) secrets.add(text);
    return HIDDEN;
  };
  const outputs = mapValues(state.outputs, (output, name) => hideOutput(output, name, hide));
  const resources = state.resources.map((resource) => hideInResource(resource, hide));
  // A URL may be marked in one place and published in another: what is published is no secret.
  for (const [name, { value, sensitive }] of Object.entries(outputs)) {
    if (isPublicOutput(name) && !sensitive) secrets.delete(String(value));
  }
  const index = secretIndex();
  for (const secret of secrets) index.add(secret);
  return {
    ...state,
    outputs: mapValues(outputs, (output) => hideSecrets(output, index) as StateOutput),
    resources: hideSecrets(resources, index) as StateResource[],
  };
}

/** Second pass: what is a secret by its looks, or contains one that the first pass found. */
function hideSecrets(value: unknown, secrets: SecretIndex): unknown {
  if (typeof value === 'string') {
    return value !== HIDDEN && (looksSecret(value) || secrets.isIn(value)) ? HIDDEN : value;
  }
  if (Array.isArray(value)) return value.map((item) => hideSecrets(item, secrets));
  return isObject(value) ? mapValues(value, (item) => hideSecrets(item, secrets)) : value;
}

function hideOutput(output: StateOutput, name: string, hide: Hide): StateOutput {
  const isSecret = output.sensitive || isSecretOutput(name) || (!isPublicOutput(name) && isSecretName(name));
  return isSecret ? { ...output, sensitive: true, value: hide(output.value) } : output;
}

function hideInResource(resource: StateResource, hide: Hide): StateResource {
  const { type, instances } = resource;
  return {
    ...resource,
    instances: instances.map((instance) => {
      const attributes = hideMarked(instance, hide);
      return { ...instance, attributes: hideNamed(attributes, type, hide) as StateInstance['attributes'] };
    }),
  };
}

function hideMarked({ attributes, sensitive_attributes: paths = [] }: StateInstance, hide: Hide): unknown {
  return paths.reduce<unknown>((value, path) => hideAt(value, path, hide), attributes);
}

/** Where the path does not lead anywhere, the whole place is hidden. */
function hideAt(value: unknown, [step, ...rest]: readonly PathStep[], hide: Hide): unknown {
  if (step === undefined) return hide(value);
  const key = keyOf(step);
  // An attribute of any type stands beside its type, which the path does not say.
  if (isDynamic(value)) return { ...value, value: hideAt(value.value, [step, ...rest], hide) };
  if (!isObject(value) || key === undefined || !Object.hasOwn(value, key)) return hide(value);
  const child = hideAt((value as Record<string, unknown>)[key], rest, hide);
  if (Array.isArray(value)) return value.map((item, index) => (index === Number(key) ? child : (item as unknown)));
  return { ...value, [key]: child };
}

function keyOf({ type, value }: PathStep): string | undefined {
  const key = type === 'index' && isObject(value) ? (value as { value?: unknown }).value : value;
  return typeof key === 'string' || typeof key === 'number' ? String(key) : undefined;
}

function hideNamed(value: unknown, type: string, hide: Hide): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => (isSecretEntry(value, `${index}`) ? hide(item) : hideNamed(item, type, hide)));
  if (!isObject(value)) return value;
  return mapValues(value, (item, name) => {
    if (type === 'terraform_remote_state' && name === 'outputs') return hideRemoteOutputs(item, hide);
    // `automount_service_account_token: true` is no secret.
    const isSecret = isSecretEntry(value, name, (attribute) => isSecretAttribute(type, attribute));
    return isSecret ? hide(item) : hideNamed(item, type, hide);
  });
}

/** The outputs of another stack: an object beside its type. */
function hideRemoteOutputs(outputs: unknown, hide: Hide): unknown {
  if (!isObject(outputs) || !('value' in outputs) || !isObject(outputs.value)) return hide(outputs);
  return { ...outputs, value: mapValues(outputs.value, (value, name) => (isPublicOutput(name) ? value : hide(value))) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function mapValues<T>(object: object, change: (value: never, name: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value as never, name)]));
}
