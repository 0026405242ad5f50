/** What of plans must not be shown: by Terraform's own marks, by the names of attributes, and by looks. */
import { secretIndex, type SecretIndex } from '#cli/secrets/secret-index';
import { isSecretAttribute } from '#cli/secrets/secret-names';
import { hasSecretEntry, isAttributeName, isSecretEntry, secretTexts } from '#cli/secrets/secret-pairs';
import { looksSecret } from '#cli/secrets/secret-values';
import { everyChange, resourcesIn, type Change, type Mask, type PlanFile } from '../plan-file';

const SHORTEST_SECRET_NAME = 8;

export interface Redaction {
  /** Whether an attribute must be hidden, for its name, what stands beside it, or because a secret is in it. */
  hides(owners: readonly unknown[], attribute: Place): boolean;
  /** Whether a text has a secret in it, wherever it came from. */
  isSecret(text: string): boolean;
  /** Whether a text has a secret in it that is known by its value. */
  isKnown(text: string): boolean;
  /** Whether the name of an attribute must be hidden: a map may have secrets as its keys. */
  hidesName(name: string): boolean;
}

export interface Place {
  readonly type: string;
  /** Name of the attribute. */
  readonly name: string;
  readonly sensitive: Mask;
}

/** Learns the secrets of all plans first: one that is marked in a stack may stand unmarked in another. */
export function learnSecrets(plans: readonly PlanFile[]): Redaction {
  const index = indexOf(plans);
  const isSecret = (text: string) => index.isIn(text) || looksSecret(text);
  // A weak secret may be a word that is in a name, or a short name.
  const hidesName = (name: string) =>
    isAttributeName(name) ? name.length >= SHORTEST_SECRET_NAME && index.isWhole(name) : isSecret(name);
  return {
    isSecret,
    isKnown: (text) => index.isIn(text),
    hidesName,
    hides: (owners, { type, name, sensitive }) =>
      hasMark(sensitive) ||
      owners.some((owner) => {
        if (!isObject(owner) || !Object.hasOwn(owner, name)) return false;
        const value = owner[name];
        return (
          isSecretEntry(owner, name, named(type)) ||
          hasSecretEntry(value, named(type)) ||
          textsIn(value).some(isSecret) ||
          keysIn(value).some(hidesName)
        );
      }),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function named(type: string): (name: string) => boolean {
  return (name) => isSecretAttribute(type, name);
}

/** What is marked in a plan, or secret by its name. */
function indexOf(plans: readonly PlanFile[]): SecretIndex {
  const index = secretIndex();
  const learn = (value: unknown) => {
    for (const text of secretTexts(value)) index.add(text);
  };
  const visit = (value: unknown, mask: Mask, type: string): void => {
    if (mask === true) return learn(value);
    if (typeof value !== 'object' || value === null) return;
    for (const [name, item] of Object.entries(value)) {
      if (isSecretEntry(value, name, named(type))) learn(item);
      else visit(item, maskAt(mask, name), type);
    }
  };
  const visitChange = ({ before, after, before_sensitive, after_sensitive }: Change, type: string): void => {
    visit(before, before_sensitive, type);
    visit(after, after_sensitive, type);
  };
  for (const plan of plans) {
    for (const { type, change } of everyChange(plan)) visitChange(change, type);
    for (const change of Object.values(plan.output_changes ?? {})) visitChange(change, '');
    const modules = [plan.prior_state?.values?.root_module, plan.planned_values?.root_module];
    for (const { type, values, sensitive_values } of modules.flatMap(resourcesIn))
      visit(values, sensitive_values, type);
    for (const { sensitive, value } of Object.values(plan.prior_state?.values?.outputs ?? {}))
      if (sensitive) learn(value);
    const declared = plan.configuration?.root_module?.variables ?? {};
    for (const [name, { value }] of Object.entries(plan.variables ?? {})) if (declared[name]?.sensitive) learn(value);
  }
  return index;
}

export function maskAt(mask: Mask, name: string): Mask {
  if (mask === true) return true;
  if (typeof mask !== 'object' || mask === null) return false;
  return Object.hasOwn(mask, name) ? (mask as Readonly<Record<string, Mask>>)[name] : false;
}

function hasMark(mask: Mask): boolean {
  if (typeof mask !== 'object' || mask === null) return mask === true;
  return Object.values(mask).some(hasMark);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [`${value}`];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function keysIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(keysIn)];
}
