/** The servers' signs of life, as somebody sees and removes them on DigitalOcean's page (docs/lost-machine.md). */
import { listBuckets } from '../cloud/spaces/buckets';
import { allVersions, removeVersion } from '../cloud/spaces/object-versions';
import type { Store } from '../cloud/spaces/store';

const FOLDER = '/.alive/';

/** @returns the nodes whose signs are gone now */
export function removeSignsOfLife(store: Store): string[] {
  return listBuckets(store).flatMap(({ name }) => {
    const signs = allVersions(store, name).filter(({ key }) => key.includes(FOLDER));
    for (const { key, id } of signs) removeVersion(store, name, key, id);
    return signs.map(({ key }) => key.slice(key.indexOf(FOLDER) + FOLDER.length));
  });
}
