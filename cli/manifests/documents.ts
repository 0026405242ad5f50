/** The objects that a YAML or JSON file of manifests describes. */
import { LineCounter, parseAllDocuments } from 'yaml';

export interface ManifestDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Only when the manifest says it. */
  readonly namespace: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  /** Where it starts, from 1. */
  readonly line: number;
  readonly body: ManifestBody;
}

export interface ManifestBody {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
  readonly items?: readonly ManifestBody[];
  readonly [field: string]: unknown;
}

const MANIFEST_FILE = /\.(ya?ml|json)$/;

/** Whether Argo CD would read it as manifests. */
export function isManifestFile(path: string): boolean {
  return MANIFEST_FILE.test(path);
}

/** The objects of a file; what is no manifest is left out, as Argo CD does. Throws an Error when it cannot be parsed. */
export function manifestDocuments(text: string): ManifestDocument[] {
  const lineCounter = new LineCounter();
  return [...parseAllDocuments(text, { lineCounter })].flatMap((document) => {
    const fault = document.errors[0];
    if (fault !== undefined) throw new Error(fault.message);
    const start = document.contents?.range?.[0] ?? 0;
    const body = document.toJS() as ManifestBody | null;
    return body === null ? [] : documentsOf(body, lineCounter.linePos(start).line);
  });
}

function documentsOf(body: ManifestBody, line: number): ManifestDocument[] {
  const { apiVersion, kind, metadata, items } = body;
  if (kind?.endsWith('List') && Array.isArray(items)) {
    return (items as ManifestBody[]).flatMap((item) => documentsOf(item, line));
  }
  if (apiVersion === undefined || kind === undefined || metadata?.name === undefined) return [];
  const { name, namespace, annotations = {} } = metadata;
  return [{ apiVersion, kind, name, namespace, annotations, line, body }];
}

/** `apps` of `apps/v1`; empty for the core. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
}
