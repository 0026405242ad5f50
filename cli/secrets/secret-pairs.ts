/** Secrets in structured values whose names stand beside them: pairs, arguments, objects of Kubernetes. */
import { isSecretName } from './secret-names';

/** What says, beside a value, which one it is. */
export const NAMING = /^(id|env|field|label|param|parameter|variable|header)$|(name|key)$/i;
/** Where the value of a pair stands. */
export const VALUE = /^(values|val|default|contents?|data|text|literal)$|value$/i;
const NAME_OF_A_SECRET = /^secret_?name$/i;
/** Words that are everywhere, and of which no secret consists. */
const COMMON = /^(|true|false|null|none|auto|string|number|bool)$/i;

/**
 * Whether what stands under a name in an object or a list is a secret by a name.
 *
 * @param isNamed whether the name of an attribute says so
 */
export function isSecretEntry(container: object, name: string, isNamed = isSecretName): boolean {
  const item: unknown = Object.hasOwn(container, name) ? (container as Record<string, unknown>)[name] : undefined;
  if (!isSet(item)) return false;
  if (Array.isArray(container)) return isSecretArgument(container, Number(name));
  return isNamed(name) || (VALUE.test(name) && isSecretPair(container)) || isDataOfSecret(container, name);
}

/** Every value in another that is a secret by its name. */
export function hasSecretEntry(value: unknown, isNamed = isSecretName): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, item]) => isSecretEntry(value, name, isNamed) || hasSecretEntry(item, isNamed),
  );
}

/** The texts of a secret: of pairs the values, since names are no secrets. */
export function secretTexts(value: unknown): string[] {
  if (typeof value === 'string') return COMMON.test(value) ? [] : [value];
  if (typeof value === 'number') return [`${value}`];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(secretTexts);
  const entries = Object.entries(value);
  const isPair = entries.some(([name]) => VALUE.test(name));
  return entries.flatMap(([name, item]) => {
    if (isPair && /^(name|key|type)$/i.test(name) && typeof item === 'string' && isOrdinaryName(item)) return [];
    return [...(isOrdinaryName(name) ? [] : [name]), ...secretTexts(item)];
  });
}

/** Whether a key is an attribute's: a map may also have secrets as its keys. */
export function isAttributeName(name: string): boolean {
  return /^[a-z]+\d{0,2}(_[a-z]+\d{0,2})*$/.test(name);
}

/** Whether a key is made of words, such as `Content-Type` or `kubernetes.io/name`. */
function isOrdinaryName(name: string): boolean {
  return isAttributeName(name) || /^[A-Za-z]+\d{0,2}([_./: -][A-Za-z]+\d{0,2})*$/.test(name);
}

function isSet(item: unknown): boolean {
  return (
    item !== null && item !== undefined && typeof item !== 'boolean' && !(typeof item === 'string' && COMMON.test(item))
  );
}

function isSecretPair(container: object): boolean {
  return Object.entries(container).some(
    ([name, item]) =>
      typeof item === 'string' && (NAME_OF_A_SECRET.test(name) || (NAMING.test(name) && isSecretName(item))),
  );
}

/** `["--password", "x"]`, and a list of a name and its value. */
function isSecretArgument(list: readonly unknown[], index: number): boolean {
  const before = list[index - 1];
  if (typeof before !== 'string' || !isSecretName(before)) return false;
  return before.startsWith('-') || (list.length === 2 && typeof list[1] === 'string');
}

function isDataOfSecret(container: object, name: string): boolean {
  return 'kind' in container && container.kind === 'Secret' && /^(data|stringData)$/.test(name);
}
