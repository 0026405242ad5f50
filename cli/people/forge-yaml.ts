/** Changes forge.yaml as a person would: what is not concerned stays as it is, comments and spaces included. */
import { isMap, isScalar, isSeq, parseDocument, type Document, type YAMLMap } from 'yaml';

/** @param text a valid forge.yaml that lists somebody of this name */
export function withoutOperator(text: string, name: string): string {
  const document = parseDocument(text);
  const pair = (document.contents as YAMLMap).items.find(({ key }) => isScalar(key) && key.value === 'operators');
  const list = pair?.value;
  if (!isSeq(list) || !isScalar(pair?.key)) throw new Error('forge.yaml has no list of operators');
  const index = list.items.findIndex((item) => isMap(item) && item.get('name') === name);
  if (list.items.length === 1) {
    const end = endOf(text, list.range!);
    return `${text.slice(0, pair.key.range![1])}: []${text.slice(end)}`;
  }
  const ranges = (list.items as YAMLMap[]).map(({ range }) => range!);
  const [start, ...rest] = ranges[index]!;
  if (!list.flow) {
    const next = text.indexOf('\n', endOf(text, [start, ...rest]));
    return text.slice(0, text.lastIndexOf('\n', start) + 1) + text.slice(next + 1);
  }
  const others = ranges.filter((_, place) => place !== index).map((range) => text.slice(range[0], range[1]));
  return `${text.slice(0, list.range![0])}[${others.join(', ')}]${text.slice(list.range![1])}`;
}

/** @param text a valid forge.yaml */
export function withAdminCertificate(text: string, generation: number): string {
  const document: Document = parseDocument(text);
  const found = document.getIn(['rotation', 'adminCertificate'], true);
  if (isScalar(found)) return `${text.slice(0, found.range![0])}${generation}${text.slice(found.range![1])}`;
  document.setIn(['rotation', 'adminCertificate'], generation);
  return document.toString({ lineWidth: 0 });
}

/** Where a value ends, without the lines after it. */
function endOf(text: string, [start, end]: readonly [number, number, ...number[]]): number {
  return start + text.slice(start, end).trimEnd().length;
}
