/** Plans in Markdown, for people: no secret, nothing of others interpreted, and the same bytes for the same plans. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { STACKS } from '#stacks/stack-names';
import { readMeta } from '../plan-folder';
import { parsePlan } from '../plan-file';
import type { LayersPart } from './layers';
import { renderComment } from './markdown';
import { learnSecrets } from './redaction';
import { reportStack } from './stack-report';

export interface PlanCommentOptions {
  /** Filled by `forge plan run`. */
  readonly plansFolder: string;
  /** With the logs of stacks that could not be planned. */
  readonly errorsFolder?: string;
  /** Written by `forge layers diff`. Without it, the comment says nothing of the layers. */
  readonly layersFile?: string;
  readonly name: string;
  readonly environment: string;
}

/** The marker, by which the comment is found again, is the first line. */
export function planComment(options: PlanCommentOptions): string {
  const { plansFolder, errorsFolder, layersFile, name, environment } = options;
  const sources = STACKS.map((stack) => {
    const file = join(plansFolder, `${stack}.json`);
    const text = readText(file);
    return {
      stack,
      meta: readMeta(plansFolder, stack),
      error: errorsFolder === undefined ? undefined : readText(join(errorsFolder, `${stack}.log`)),
      plan: text === undefined ? undefined : parsePlan(text, file),
    };
  });
  return renderComment({
    marker: `<!-- forge-plan ${name}/${environment} -->`,
    title: `Plan of ${name}-${environment}`,
    reports: sources.map(reportStack),
    redaction: learnSecrets(sources.flatMap(({ plan }) => plan ?? [])),
    layers: layersFile === undefined ? undefined : readLayers(layersFile),
  });
}

function readLayers(file: string): LayersPart {
  const text = readText(file);
  return text === undefined ? 'missing' : (JSON.parse(text) as LayersPart);
}

function readText(file: string): string | undefined {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, 'utf8') : undefined;
}
