/** Adds one cluster to a kubeconfig that has others: nothing of theirs changes, comments and order included. */
import { isMap, isNode, isScalar, isSeq, parseDocument, YAMLSeq, type Document, type YAMLMap } from 'yaml';
import { CommandFailure } from '#clients/failure';

const LISTS = ['clusters', 'users', 'contexts'] as const;

/**
 * @param existing text of the file; empty when there is none
 * @param added a kubeconfig with one context
 * @param use makes the added context the current one; it also becomes that where there is none
 * @throws CommandFailure when the existing text is no kubeconfig
 */
export function mergeKubeconfig(existing: string, added: string, use: boolean): string {
  if (existing.trim() === '') return added;
  const document = parseDocument(existing);
  const addition = parseDocument(added);
  if (document.errors.length > 0) throw new CommandFailure(`it is no YAML: ${document.errors[0]!.message}`);
  if (!isMap(document.contents))
    throw new CommandFailure('it is no kubeconfig, which has clusters, users and contexts');
  for (const list of LISTS) {
    const target = listOf(document, list);
    for (const entry of listOf(addition, list).items) put(target, entry as YAMLMap);
  }
  if (use || !document.get('current-context')) document.set('current-context', addition.get('current-context'));
  return document.toString({ lineWidth: 0, indentSeq: isIndented(existing) });
}

/** Made if there is none. */
function listOf(document: Document, key: string): YAMLSeq {
  const found = document.get(key, true);
  if (isSeq(found)) return found;
  if (found !== undefined && !(isScalar(found) && found.value === null)) {
    throw new CommandFailure(`it is no kubeconfig: ${key} is not a list`);
  }
  const made = new YAMLSeq();
  document.set(key, made);
  return made;
}

/** In the place of an entry of the same name, or at the end. */
function put(list: YAMLSeq, entry: YAMLMap): void {
  // An empty list is often written as [].
  if (list.items.length === 0) list.flow = false;
  const place = list.items.findIndex((item) => isMap(item) && item.get('name') === entry.get('name'));
  if (place === -1) {
    list.add(entry);
    return;
  }
  const old = list.items[place];
  if (isNode(old)) {
    entry.commentBefore = old.commentBefore ?? null;
    entry.spaceBefore = old.spaceBefore ?? false;
  }
  list.items[place] = entry;
}

/** kubectl writes lists without indentation, people often with it. */
function isIndented(text: string): boolean {
  return !/^[\w-]+:[ \t]*(#.*)?\r?\n- /m.test(text);
}
