/** Faults and latency put into the work of a provider. */
import { setTimeout as sleep } from 'node:timers/promises';
import { latencyOf, takeEffect, type Conditions } from '#sandbox/cloud/http/faults';
import { ProviderCrash, ProviderError } from './resource';

/**
 * Does a provider's work under the given conditions.
 *
 * @param operation type and verb, such as `helm_release:create`: the name by which faults and latency find it
 */
export async function disturbed<T>(conditions: Conditions, operation: string, work: () => Promise<T>): Promise<T> {
  const latency = latencyOf(conditions, operation);
  if (latency > 0) await sleep(latency);
  const effect = takeEffect(conditions, operation);
  if (effect?.kind === 'delay') await sleep(effect.ms);
  if (effect?.kind === 'error') throw new ProviderError(effect.message, `${effect.status} ${effect.id}`);
  if (effect?.kind === 'crash-before') throw new ProviderCrash(`crashed before ${operation}`);
  const result = await work();
  if (effect?.kind === 'crash-after') throw new ProviderCrash(`crashed after ${operation}`);
  return result;
}
