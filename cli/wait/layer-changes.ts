/** What to tell the person who waits: a layer's line when it changes, and a reason when it is a new one. */
import { reasonText } from '../status/describe';
import type { LayerStatus, Reason } from '../status/platform-status';

export interface LayerChanges {
  /** Lines about what is different from the last call. */
  next(layers: readonly LayerStatus[]): string[];
}

/** What Argo CD and helm make up for each attempt and say in its failure: the name of a folder, the port that they asked from. */
const OF_ONE_ATTEMPT = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|:\d+(?=->)/g;

export function layerChanges(): LayerChanges {
  const states = new Map<string, string>();
  const reasons = new Map<string, string>();
  /** While a retry runs, the failure that it is about is no news. */
  const news = (name: string, found: readonly Reason[], healthy: boolean): string[] => {
    if (healthy) reasons.delete(name);
    const failed = found.filter((reason) => reason.failed).map(reasonText);
    const text = failed.join('\n').replace(OF_ONE_ATTEMPT, '');
    if (text === '' || reasons.get(name) === text) return [];
    reasons.set(name, text);
    return failed.map((line) => `    ${line}`);
  };
  return {
    next: (layers) =>
      layers
        .flatMap((layer) => [layer, ...layer.parts])
        .flatMap((layer) => {
          const state = stateOf(layer);
          const changed = states.get(layer.name) !== state;
          states.set(layer.name, state);
          const why = news(layer.name, layer.reasons, layer.healthy);
          return changed || why.length > 0 ? [`${layer.name}: ${state}`, ...why] : [];
        }),
  };
}

function stateOf({ sync, health, revision, waitingFor }: LayerStatus): string {
  if (waitingFor !== undefined) return `waiting for ${waitingFor}`;
  return [sync, health, ...(revision ? [revision.slice(0, 7)] : [])].join(', ');
}
