/** Plans as `terraform show -json` prints them, made of what a test is about. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planComment } from '#cli/plan/comment/plan-comment';
import type { Action, Change, PlanFile, ResourceChange } from '#cli/plan/plan-file';
import { newFolder } from '#test/new-folder';

export function resource(address: string, actions: Action[], change: Omit<Change, 'actions'> = {}): ResourceChange {
  return { address, mode: 'managed', type: address.split('.')[0]!, change: { actions, ...change } };
}

export function droplet(
  name: string,
  actions: Action[],
  size: string,
  next = size,
  more: Partial<Change> = {},
): ResourceChange {
  const values = (slug: string) => ({
    name,
    size: slug,
    region: 'fra1',
    user_data: `#!/bin/sh\ntoken=planted-in-user-data-${name}`,
  });
  const creates = actions.includes('create');
  const deletes = actions.includes('delete');
  return resource(`digitalocean_droplet.${name}`, actions, {
    before: creates && !deletes ? null : values(size),
    after: deletes && !creates ? null : values(next),
    before_sensitive: { user_data: true },
    after_sensitive: { user_data: true },
    ...more,
  });
}

export function plan(...changes: ResourceChange[]): PlanFile {
  return { format_version: '1.2', resource_changes: changes };
}

export interface Sample {
  readonly plans?: Readonly<Record<string, PlanFile>>;
  readonly meta?: Readonly<Record<string, object>>;
  readonly errors?: Readonly<Record<string, string>>;
  /** As from `forge layers diff --out`; null when it made no file. */
  readonly layers?: string | null;
}

/** The comment on plans that are written to a folder first, as by `forge plan run`. */
export function commentOn({ plans = {}, meta = {}, errors = {}, layers }: Sample): string {
  const folder = newFolder('comment');
  const errorsFolder = join(folder, 'errors');
  mkdirSync(errorsFolder);
  for (const [stack, content] of Object.entries(plans))
    writeFileSync(join(folder, `${stack}.json`), JSON.stringify(content));
  for (const [stack, content] of Object.entries(meta))
    writeFileSync(join(folder, `${stack}.meta.json`), JSON.stringify(content));
  for (const [stack, log] of Object.entries(errors)) writeFileSync(join(errorsFolder, `${stack}.log`), log);
  const layersFile = join(folder, 'layers.json');
  if (typeof layers === 'string') writeFileSync(layersFile, layers);
  return planComment({
    plansFolder: folder,
    errorsFolder,
    name: 'forge',
    environment: 'production',
    ...(layers !== undefined && { layersFile }),
  });
}
