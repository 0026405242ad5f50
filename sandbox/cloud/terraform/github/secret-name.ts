import { text } from '../attributes';
import { ProviderError, type ValueObject } from '../engine/resource';

/** Refuses names of secrets and variables before anything is sent, as the official provider does. */
export function checkName(config: ValueObject, attribute: string): void {
  const name = text(config, attribute);
  if (name === '') return;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw refusal('can only contain alphanumeric characters or underscores and must not start with a number');
  }
  if (/^GITHUB_/i.test(name)) throw refusal('must not start with the GITHUB_ prefix');

  function refusal(rule: string): ProviderError {
    return new ProviderError('Error', `secret names ${rule}`, [attribute]);
  }
}
