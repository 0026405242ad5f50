/**
 * Where a state has its secrets:
 *
 * - outputs and attributes that the state marks as sensitive, and outputs that a contract of the stacks declares secret;
 * - of the outputs that a stack read from another one, all that no contract declares public: Terraform does not mark them;
 * - attributes that are secret by their name although no schema marks them, such as user data.
 */
import { isDynamic } from '../secrets/dynamic-value';
import { isSecretName } from '../secrets/secret-names';
import { isSecretEntry } from '../secrets/secret-pairs';
import { isPublicOutput, isSecretOutput } from './stacks';
import type { PathStep, StateFile, StateInstance, StateOutput, StateResource } from './state-format';

export interface SecretRules {
  /** What stands in the place of a secret, which may be of any type. */
  readonly replace: (value: unknown) => unknown;
  /** Whether the name of an attribute tells, at any depth. */
  readonly isNamed: (type: string, name: string) => boolean;
  /** Whether what is marked is not secret all the same; the default is that every mark counts. */
  readonly isExcepted?: (type: string, path: readonly PathStep[]) => boolean;
}

export function replaceSecrets(state: StateFile, rules: SecretRules): StateFile {
  return {
    ...state,
    outputs: mapValues(state.outputs, (output, name) => inOutput(output, name, rules)),
    resources: state.resources.map((resource) => inResource(resource, rules)),
  };
}

/** The outputs that a state publishes for everybody, without those that it marks. */
export function publicTexts({ outputs }: StateFile): string[] {
  const found = Object.entries(outputs).filter(([name, { sensitive }]) => isPublicOutput(name) && !sensitive);
  return found.map(([, { value }]) => String(value));
}

/** Every text in a value, changed. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => mapTexts(item, change)) as T;
  return (isObject(value) ? mapValues(value, (item) => mapTexts(item, change)) : value) as T;
}

function inOutput(output: StateOutput, name: string, { replace }: SecretRules): StateOutput {
  const isSecret = output.sensitive || isSecretOutput(name) || (!isPublicOutput(name) && isSecretName(name));
  return isSecret ? { ...output, sensitive: true, value: replace(output.value) } : output;
}

function inResource(resource: StateResource, rules: SecretRules): StateResource {
  const { type, instances } = resource;
  return {
    ...resource,
    instances: instances.map((instance) => {
      const attributes = inMarked(instance, type, rules);
      return { ...instance, attributes: inNamed(attributes, type, rules) as StateInstance['attributes'] };
    }),
  };
}

function inMarked(
  { attributes, sensitive_attributes: paths = [] }: StateInstance,
  type: string,
  { replace, isExcepted }: SecretRules,
): unknown {
  const marked = paths.filter((path) => isExcepted?.(type, path) !== true);
  return marked.reduce<unknown>((value, path) => replaceAt(value, path, replace), attributes);
}

/** Where the path does not lead anywhere, the whole place is replaced. */
function replaceAt(value: unknown, [step, ...rest]: readonly PathStep[], replace: SecretRules['replace']): unknown {
  if (step === undefined) return replace(value);
  const key = keyOf(step);
  // An attribute of any type stands beside its type, which the path does not say.
  if (isDynamic(value)) return { ...value, value: replaceAt(value.value, [step, ...rest], replace) };
  if (!isObject(value) || key === undefined || !Object.hasOwn(value, key)) return replace(value);
  const child = replaceAt((value as Record<string, unknown>)[key], rest, replace);
  if (Array.isArray(value)) return value.map((item, index) => (index === Number(key) ? child : (item as unknown)));
  return { ...value, [key]: child };
}

export function keyOf({ type, value }: PathStep): string | undefined {
  const key = type === 'index' && isObject(value) ? (value as { value?: unknown }).value : value;
  return typeof key === 'string' || typeof key === 'number' ? String(key) : undefined;
}

function inNamed(value: unknown, type: string, rules: SecretRules): unknown {
  const { replace, isNamed } = rules;
  if (Array.isArray(value))
    return value.map((item, at) => (isSecretEntry(value, `${at}`) ? replace(item) : inNamed(item, type, rules)));
  if (!isObject(value)) return value;
  return mapValues(value, (item, name) => {
    if (type === 'terraform_remote_state' && name === 'outputs') return inRemoteOutputs(item, rules);
    // `automount_service_account_token: true` is no secret.
    const isSecret = isSecretEntry(value, name, (attribute) => isNamed(type, attribute));
    return isSecret ? replace(item) : inNamed(item, type, rules);
  });
}

/** The outputs of another stack: an object beside its type. */
function inRemoteOutputs(outputs: unknown, { replace }: SecretRules): unknown {
  if (!isObject(outputs) || !('value' in outputs) || !isObject(outputs.value)) return replace(outputs);
  const value = mapValues(outputs.value, (item, name) => (isPublicOutput(name) ? item : replace(item)));
  return { ...outputs, value };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function mapValues<T>(object: object, change: (value: never, name: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value as never, name)]));
}
