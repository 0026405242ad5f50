import { ProviderError, type ValueObject } from '../engine/resource';
import { text } from '../attributes';

/** Refuses names of secrets and variables before anything is sent, as the real provider does. */
export function checkName(config: ValueObject, attribute: string): void {
  const name = text(config, attribute);
  if (name === '') return;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new ProviderError(
      'Secret names can only contain alphanumeric characters or underscores and must not start with a number',
      '',
      [attribute],
    );
  }
  if (/^GITHUB_/i.test(name))
    throw new ProviderError('Secret names must not start with the GITHUB_ prefix', '', [attribute]);
}
