/** The objects that a YAML or JSON file of manifests describes, read as Argo CD's repo-server reads it: YAML 1.1. */
import { LineCounter, parseAllDocuments, type ScalarTag, type Tags } from 'yaml';
import { CommandFailure } from '#clients/failure';

export interface ManifestDocument {
  readonly apiVersion: string;
  readonly kind: string;
  /** With `generateName`, that and a star. */
  readonly name: string;
  /** Only when the manifest says it. */
  readonly namespace: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  /** Where it starts, from 1. */
  readonly line: number;
  readonly body: ManifestBody;
}

/** A key without a value is null: Argo CD takes it for one that is not there. */
export interface ManifestBody {
  readonly apiVersion?: string | null;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string | number | null;
    readonly generateName?: string | null;
    readonly namespace?: string | null;
    readonly annotations?: Readonly<Record<string, string>> | null;
    readonly finalizers?: readonly string[] | null;
  } | null;
  readonly items?: readonly ManifestBody[] | null;
  readonly [field: string]: unknown;
}

const MANIFEST_FILE = /\.(ya?ml|json)$/;
const BYTE_ORDER_MARK = /^\uFEFF/;
const LOOKS_LIKE_MANIFEST = [/apiVersion"?:/, /kind"?:/, /metadata"?:/];

/** Whether Argo CD would read it as manifests. */
export function isManifestFile(path: string): boolean {
  return MANIFEST_FILE.test(path);
}

/**
 * The objects of a file. A file that does not look like manifests is left out, as Argo CD does.
 *
 * @param file only its name counts
 * @throws CommandFailure with file, line and reason, where Argo CD would refuse the whole folder
 */
export function manifestDocuments(file: string, text: string): ManifestDocument[] {
  if (/[\0\uFFFD]/.test(text)) throw new CommandFailure(`${file} is no text in UTF-8. Save it as such.`);
  const found: ManifestDocument[] = [];
  try {
    const content = text.replace(BYTE_ORDER_MARK, '');
    for (const document of file.endsWith('.json') ? [jsonBody(content)] : yamlBodies(content)) {
      found.push(...documentsOf(document.body, document.line));
    }
    return found;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const mayBeLeftOut = !file.endsWith('.json') && found.length === 0;
    if (mayBeLeftOut && !LOOKS_LIKE_MANIFEST.every((sign) => sign.test(text))) return [];
    throw new CommandFailure(`${file}:${error.line} ${error.message}. Argo CD would refuse the whole folder for it.`, {
      cause: error,
    });
  }
}

class Refusal extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

interface Body {
  readonly body: unknown;
  readonly line: number;
}

function jsonBody(text: string): Body {
  try {
    return { body: JSON.parse(text), line: 1 };
  } catch (error) {
    throw new Refusal(1, `is not one JSON object: ${(error as Error).message}`);
  }
}

/** Documents are split at lines that start with three dashes before any of them is parsed, so anchors end there. */
function* yamlBodies(text: string): Generator<Body> {
  let chunk: string[] = [];
  let start = 1;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (!line.startsWith('---')) {
      chunk.push(line);
      continue;
    }
    if (!/^---\s*(#.*)?$/.test(line)) {
      throw new Refusal(index + 1, `has more than a comment after the three dashes that separate documents: ${line}`);
    }
    yield* yamlBody(chunk.join('\n'), start);
    chunk = [];
    start = index + 2;
  }
  yield* yamlBody(chunk.join('\n'), start);
}

function* yamlBody(chunk: string, start: number): Generator<Body> {
  if (/^([ \t]*(#.*)?\n)*%/.test(chunk)) throw new Refusal(start, 'is not valid YAML: a directive cannot be read here');
  const lineCounter = new LineCounter();
  const lineAt = (offset: number): number => start + Math.max(lineCounter.linePos(offset).line, 1) - 1;
  const options = { lineCounter, prettyErrors: false, uniqueKeys: false, version: '1.1', customTags } as const;
  // What follows a line of three dots is not read.
  const [document] = parseAllDocuments(chunk, options);
  if (document === undefined) return;
  const [fault] = document.errors;
  if (fault !== undefined) throw new Refusal(lineAt(fault.pos[0]), `is not valid YAML: ${fault.message}`);
  const line = lineAt(document.contents?.range?.[0] ?? 0);
  const body = plain(document, line);
  if (body !== null) yield { body, line };
}

/** The numbers that Argo CD's library knows beside those of YAML 1.1; times are text to it. */
const LEADING_ZERO: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0o?[0-9]+$/,
  resolve: Number,
};

function customTags(tags: Tags): Tags {
  const isTime = (tag: Tags[number]) =>
    typeof tag === 'object' && (tag.format === 'TIME' || tag.tag.endsWith(':timestamp'));
  return [LEADING_ZERO, ...tags.filter((tag) => !isTime(tag))];
}

/** Aliases are only followed here: one may lead nowhere, into itself, or to too much. */
function plain(document: { toJS(): unknown }, line: number): unknown {
  try {
    // JSON.stringify throws when an alias leads into itself.
    return JSON.parse(JSON.stringify(document.toJS()));
  } catch (error) {
    throw new Refusal(line, error instanceof ReferenceError ? error.message : 'has an alias that leads into itself');
  }
}

function documentsOf(body: unknown, line: number): ManifestDocument[] {
  if (!isMap(body))
    throw new Refusal(line, 'is no object of the API: a document must be a map with apiVersion and kind');
  const { apiVersion, kind, metadata, items } = body as ManifestBody;
  if (typeof kind !== 'string' || kind === '') throw new Refusal(line, 'has no kind, which must be text');
  if (Array.isArray(items)) return items.flatMap((item) => documentsOf(item, line));
  if (items === null && body['spec'] === undefined && body['status'] === undefined) return [];
  const { name, generateName, namespace } = metadataOf(metadata, line);
  const annotations = annotationsOf(metadata?.annotations ?? {}, line);
  const called = name ?? (generateName ? `${generateName}*` : '');
  if (called === '') return [];
  const place = { namespace: namespace || undefined, annotations, line };
  return [{ apiVersion: apiVersion ?? '', kind, name: String(called), ...place, body: body }];
}

function metadataOf(metadata: unknown, line: number): NonNullable<ManifestBody['metadata']> {
  if (metadata === null || metadata === undefined) return {};
  if (!isMap(metadata)) throw new Refusal(line, 'has metadata that are no map');
  return metadata;
}

function annotationsOf(annotations: unknown, line: number): Record<string, string> {
  if (!isMap(annotations)) throw new Refusal(line, 'has annotations that are no map');
  const wrong = Object.entries(annotations).find(([, value]) => typeof value !== 'string');
  if (wrong === undefined) return annotations as Record<string, string>;
  throw new Refusal(line, `has an annotation ${wrong[0]} that is no text: put its value in quotes`);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `apps` of `apps/v1`; empty for the core. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
}
