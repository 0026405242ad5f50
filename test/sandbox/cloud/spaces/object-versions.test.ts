import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createBucket, deleteBucket } from '#sandbox/cloud/spaces/buckets';
import { addVersion, currentVersion, dataFile } from '#sandbox/cloud/spaces/object-versions';
import { newDraft, openStore, type Store } from '#sandbox/cloud/spaces/store';
import { newFolder } from '#test/new-folder';
import { BUCKET } from './sample-spaces';

type Check = Parameters<typeof addVersion>[4];

function write(store: Store, text: string, check?: Check): void {
  const draft = newDraft(store);
  writeFileSync(dataFile(draft), text);
  addVersion(store, BUCKET, draft, { key: 'a', deleteMarker: false, etag: '', size: text.length, headers: {} }, check);
}

function read(store: Store): string | undefined {
  const current = currentVersion(store, BUCKET, 'a');
  return current && readFileSync(dataFile(current.folder), 'utf8');
}

const onlyIfAbsent: Check = (current) => {
  if (current !== undefined) throw new Error('there is one');
};

/** A check during which another writer comes first, as one in another process may. */
function interruptedBy(other: () => void, check: NonNullable<Check> = () => {}): NonNullable<Check> {
  let isFirst = true;
  return (current) => {
    check(current);
    if (isFirst) other();
    isFirst = false;
  };
}

describe('two writers of one object', () => {
  let store: Store;
  beforeEach(() => {
    store = openStore(newFolder('spaces'), 'fra1', true);
    createBucket(store, BUCKET);
  });

  it('both succeed, and the later one counts', () => {
    const early = interruptedBy(() => write(store, 'early'));
    write(store, 'late', early);
    expect(read(store)).toBe('late');
  });

  it('do not both pass a condition, even if the second comes between the check and the write of the first', () => {
    const early = interruptedBy(() => write(store, 'early', onlyIfAbsent), onlyIfAbsent);
    expect(() => write(store, 'late', early)).toThrow('there is one');
    expect(read(store)).toBe('early');
  });

  it('do not bring a bucket back that was deleted meanwhile', () => {
    const deletion = interruptedBy(() => deleteBucket(store, BUCKET));
    expect(() => write(store, 'late', deletion)).toThrow(expect.objectContaining({ id: 'NoSuchBucket' }));
  });
});

describe('what a killed process left unfinished', () => {
  it('is removed a day later', () => {
    const folder = newFolder('spaces');
    const store = openStore(folder, 'fra1', true);
    const [old, recent] = [newDraft(store), newDraft(store)];
    const yesterday = Date.now() / 1000 - 25 * 3600;
    utimesSync(old, yesterday, yesterday);
    openStore(folder, 'fra1', true);
    expect([existsSync(old), existsSync(recent)]).toEqual([false, true]);
  });
});
