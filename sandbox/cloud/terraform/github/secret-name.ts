import { text } from '../attributes';
import { ProviderError, type ValueObject } from '../engine/resource';

/** Refuses names of secrets and variables before anything is sent, as the official provider does. */
export function checkName(config: ValueObject, attribute: string): void {
  const name = text(config, attribute);
  if (name === '') return;
  const path = [attribute];
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    const rule = 'can only contain alphanumeric characters or underscores and must not start with a number';
    throw new ProviderError(`secret names ${rule}`, '', path);
  }
  if (/^GITHUB_/i.test(name)) throw new ProviderError('secret names must not start with the GITHUB_ prefix', '', path);
}
