/** The Applications among manifests, and where each gets its own from. */
import { isMap, isSeq, parseAllDocuments, type Document, type YAMLMap } from 'yaml';

export interface Source {
  readonly repoURL: string;
  readonly targetRevision: string | undefined;
  readonly chart: string | undefined;
  readonly path: string | undefined;
  readonly node: YAMLMap;
}

export interface Application {
  readonly name: string;
  readonly sources: readonly Source[];
}

/** The documents of a manifest; undefined for what is not YAML: Argo CD is to say so, not we. */
export function documentsOf(text: string): Document.Parsed[] | undefined {
  const documents = parseAllDocuments(text);
  if ('empty' in documents || documents.some(({ errors }) => errors.length > 0)) return undefined;
  return documents;
}

/** Undefined for any other kind. */
export function applicationIn(document: Document.Parsed): Application | undefined {
  if (!isMap(document.contents) || document.get('kind') !== 'Application') return undefined;
  const several = document.getIn(['spec', 'sources']);
  const nodes = [document.getIn(['spec', 'source']), ...(isSeq(several) ? several.items : [])];
  return {
    name: text(document.getIn(['metadata', 'name'])) ?? '',
    sources: nodes.filter((node): node is YAMLMap => isMap(node)).map(sourceOf),
  };
}

function sourceOf(node: YAMLMap): Source {
  return {
    repoURL: text(node.get('repoURL')) ?? '',
    targetRevision: text(node.get('targetRevision')),
    chart: text(node.get('chart')),
    path: text(node.get('path')),
    node,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** As one text again, comments included. */
export function textOf(documents: readonly Document.Parsed[]): string {
  return documents.map((document) => document.toString({ lineWidth: 0 })).join('');
}
