import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, ConnectionLost, type Endpoint } from './api-error';
import { latencyOf, takeEffect, type Conditions } from './faults';

/** One call of an emulated API. */
export interface Call extends Endpoint {
  /** The scope that it needs, which is also its name for faults and latency: `droplet:create`. */
  readonly operation: string;
}

/**
 * Performs a call under the given conditions: latency, faults, the work itself, then the write to disk.
 * Errors of the API leave it with the endpoint that they answer.
 */
export async function perform<T>(
  conditions: Conditions,
  call: Call,
  work: () => T | Promise<T>,
  save: () => void,
): Promise<T> {
  try {
    const latency = latencyOf(conditions, call.operation);
    if (latency > 0) await sleep(latency);
    const effect = takeEffect(conditions, call.operation);
    if (effect?.kind === 'delay') await sleep(effect.ms);
    if (effect?.kind === 'error') throw new ApiError(effect.status, effect.id, effect.message, effect.headers);
    if (effect?.kind === 'crash-before') throw new ConnectionLost(call.operation);
    const result = await work();
    if (call.method !== 'GET') save();
    if (effect?.kind === 'crash-after') throw new ConnectionLost(call.operation);
    return result;
  } catch (error) {
    if (error instanceof ApiError) error.endpoint ??= { method: call.method, url: call.url };
    throw error;
  }
}
