/** A state as it may be shown: what is secret in it, what is so by its looks, and whatever contains one of these values, is hidden. */
import { secretIndex } from '../secrets/secret-index';
import { isSecretAttribute } from '../secrets/secret-names';
import { collectStrings, HIDDEN, looksSecret } from '../secrets/secret-values';
import { mapTexts, publicTexts, replaceSecrets } from './secrets-of-state';
import type { StateFile } from './state-format';

export function redactState(state: StateFile): StateFile {
  const secrets = new Set<string>();
  const replace = (value: unknown) => {
    if (value === null || value === undefined || value === '') return value;
    for (const text of collectStrings(value)) secrets.add(text);
    return HIDDEN;
  };
  const { outputs, resources } = replaceSecrets(state, { replace, isNamed: isSecretAttribute });
  // A URL may be marked in one place and published in another: what is published is no secret.
  for (const text of publicTexts({ ...state, outputs })) secrets.delete(text);
  const index = secretIndex();
  for (const secret of secrets) index.add(secret);
  const hide = (text: string) => (text !== HIDDEN && (looksSecret(text) || index.isIn(text)) ? HIDDEN : text);
  return { ...state, outputs: mapTexts(outputs, hide), resources: mapTexts(resources, hide) };
}
