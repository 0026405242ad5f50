/** Frees an entry of YAML's anchors, so that it can be changed without changing anything else. */
import { isNode, visit, type Document, type Node, type YAMLSeq } from 'yaml';

/** Writes out what others take from an item of a list, and what it takes from others. */
export function standAlone(document: Document, list: YAMLSeq, index: number): void {
  const item = list.items[index] as Node;
  const plain = (node: Node) => document.createNode(node.toJS(document), { aliasDuplicateObjects: false }) as Node;
  let isTaking = false;
  const inside = new Set<unknown>();
  visit(item, {
    Node: (_, node) => void inside.add(node),
    Alias: () => void (isTaking = true),
    Pair: (_, { key }) => void (isTaking ||= isNode(key) && key.toJS(document) === '<<'),
  });
  visit(document, {
    Alias: (_, alias, path) => {
      const isOutside = !path.includes(item) && alias !== item;
      return isOutside && inside.has(alias.resolve(document)) ? plain(alias) : undefined;
    },
  });
  if (!isTaking) return;
  const written = plain(item);
  written.commentBefore = item.commentBefore ?? null;
  written.spaceBefore = item.spaceBefore ?? false;
  list.items[index] = written;
}
