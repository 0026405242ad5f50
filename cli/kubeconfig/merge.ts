/** Adds one cluster to a kubeconfig that has others: nothing of theirs changes, comments and order included. */
import { isMap, isScalar, isSeq, parseDocument, YAMLSeq, type Document, type Scalar, type YAMLMap } from 'yaml';
import { CommandFailure } from '#clients/failure';
import { json } from '../output/text';
import { standAlone } from './stand-alone';

/** The lists of a kubeconfig, and what an entry has beside its name. */
const LISTS = { clusters: 'cluster', users: 'user', contexts: 'context' } as const;
type List = keyof typeof LISTS;

/** Files in the place of what we write; kubectl refuses both at once. */
const REPLACED = ['certificate-authority', 'client-certificate', 'client-key'];
const EMPTY = 'apiVersion: v1\nkind: Config\n';

export interface KubeconfigFile {
  readonly path: string;
  /** Empty when there is none. */
  readonly text: string;
}

/**
 * As kubectl changes several files: an entry in the first that has it, all else in one of them.
 *
 * @param files in kubectl's order
 * @param target path of the one that takes what is new
 * @param added a kubeconfig with one context
 * @param use makes the added context the current one; it also becomes that where no file has one
 * @returns the files that are to be written
 * @throws CommandFailure when one of them is no kubeconfig
 */
export function mergeKubeconfigs(
  files: readonly KubeconfigFile[],
  target: string,
  added: string,
  use: boolean,
): KubeconfigFile[] {
  const addition = parseDocument(added);
  const parsed = files.map((file) => ({ ...file, document: read(file) }));
  const main = parsed.find(({ path }) => path === target)!;
  const changed = new Set<(typeof parsed)[number]>();
  const hasCurrent = parsed.some(({ document }) => document.get('current-context'));
  for (const list of Object.keys(LISTS) as List[]) {
    for (const entry of listOf(addition, list).items as YAMLMap[]) {
      const holder = parsed.find(({ document }) => placesOf(document, list, entry).length > 0) ?? main;
      put(holder.document, list, entry);
      changed.add(holder);
    }
  }
  if (use || !hasCurrent) {
    main.document.set('current-context', addition.get('current-context'));
    changed.add(main);
  }
  return Array.from(changed, ({ path, text, document }) => ({
    path,
    text: isJson(text) ? json(document.toJS()) : document.toString({ lineWidth: 0, indentSeq: isIndented(text) }),
  }));
}

function read({ path, text }: KubeconfigFile): Document {
  const refuse = (reason: string) => new CommandFailure(`${path} was left as it is: it is ${reason}.`);
  const document: Document = parseDocument(text, { merge: true });
  if (document.errors.length > 0) throw refuse(`no YAML: ${document.errors[0]!.message}`);
  try {
    // A value that holds itself fails here, as it does with kubectl.
    JSON.stringify(document.toJS());
  } catch (error) {
    throw refuse(`no YAML: ${(error as Error).message.split('\n')[0]}`);
  }
  if (document.toJS() === null) document.contents = parseDocument(EMPTY).contents;
  if (!isMap(document.contents)) throw refuse('no kubeconfig, which has clusters, users and contexts');
  for (const list of Object.keys(LISTS)) {
    const found = document.get(list, true);
    const isMissing = found === undefined || (isScalar(found) && found.value === null);
    if (!isMissing && !isSeq(found)) throw refuse(`no kubeconfig: ${list} is not a list`);
  }
  return document;
}

/** Made if there is none. */
function listOf(document: Document, key: List): YAMLSeq {
  const found = document.get(key, true);
  if (isSeq(found)) return found;
  const made = new YAMLSeq();
  document.set(key, made);
  return made;
}

/** Of the entries that have the same name. */
function placesOf(document: Document, key: List, entry: YAMLMap): number[] {
  const list = ((document.toJS() as Record<string, unknown>)[key] ?? []) as ({ name?: unknown } | null)[];
  return list.flatMap((item, index) => (item?.name === entry.get('name') ? [index] : []));
}

/** In the place of an entry of the same name, with the settings that it has beside ours; else at the end. */
function put(document: Document, key: List, entry: YAMLMap): void {
  const list = listOf(document, key);
  const [place, ...again] = placesOf(document, key, entry);
  if (place === undefined) {
    // An empty list is often written as [].
    if (list.items.length === 0) list.flow = false;
    list.add(entry);
    return;
  }
  for (const index of [place, ...again]) standAlone(document, list, index);
  // kubectl reads no file that has a name twice.
  list.items = list.items.filter((_, index) => !again.includes(index));
  const old = list.items[place] as YAMLMap;
  const [settings, ours] = [old, entry].map((map) => map.get(LISTS[key], true)) as [unknown, YAMLMap<Scalar, Scalar>];
  if (isMap(settings)) update(settings, ours);
  else old.set(LISTS[key], ours);
}

function update(settings: YAMLMap, ours: YAMLMap<Scalar, Scalar>): void {
  for (const name of REPLACED) if (ours.has(`${name}-data`)) settings.delete(name);
  for (const { key, value } of ours.items) {
    // A namespace is only where to begin.
    if (!(key.value === 'namespace' && settings.has('namespace'))) settings.set(key.value, value?.value);
  }
  // kubectl refuses an authority beside this setting.
  if (settings.get('insecure-skip-tls-verify') === true) settings.delete('certificate-authority-data');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** kubectl writes lists without indentation, people often with it. */
function isIndented(text: string): boolean {
  return !/^[\w-]+:[ \t]*(#.*)?\r?\n- /m.test(text);
}
