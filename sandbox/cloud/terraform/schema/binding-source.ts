/** The TypeScript of a binding, and what that generated code tells about the schema. */
import { readFileSync } from 'node:fs';

export interface InputField {
  /** Name in Terraform. */
  readonly name: string;
  readonly optional: boolean;
  /** TypeScript type as written. */
  readonly type: string;
  readonly isBlock: boolean;
}

export interface ClassField {
  readonly name: string;
  readonly computed: boolean;
  readonly optional: boolean;
  readonly required: boolean;
  /** The code of its accessors. */
  readonly code: string;
}

export interface BindingSource {
  /** Name of the resource's, data source's or provider's class. */
  readonly rootClass: string;
  /** Fields of an interface, or undefined when there is none of this name. */
  inputs(interfaceName: string): readonly InputField[] | undefined;
  /** Fields of a class, or undefined when there is none of this name. */
  fields(className: string): readonly ClassField[] | undefined;
  /** How a field is written to HCL: `simple`, `struct`, `list`, `set` or `map`, by the interface or class and its field. */
  hclType(owner: string, field: string): string | undefined;
}

/** @param file TypeScript, or what it was compiled to in a package, which carries its source in a source map */
export function readBindingSource(file: string): BindingSource {
  const code = readFileSync(file, 'utf8');
  const text = file.endsWith('.ts') ? code : embeddedSource(file, code);
  const rootClass = /export class (\w+) extends cdktf\.Terraform(?:Resource|DataSource|Provider) /.exec(text)?.[1];
  if (rootClass === undefined) throw new Error(`${file} is no binding of a resource, data source or provider`);
  return {
    rootClass,
    inputs: (name) => inputsOf(text, name),
    fields: (name) => fieldsOf(text, name),
    hclType: (owner, field) => hclTypeOf(text, owner, field),
  };
}

function embeddedSource(file: string, code: string): string {
  const [, encoded] = /sourceMappingURL=data:application\/json[^,]*;base64,(\S+)/.exec(code) ?? [];
  if (encoded === undefined) throw new Error(`${file} carries no source map`);
  const map = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as { sourcesContent: [string] };
  return map.sourcesContent[0];
}

const FIELD = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*readonly \w+(\??): ([^;]*(?:\{[^}]*\})?[^;]*);/g;

function inputsOf(text: string, name: string): InputField[] | undefined {
  const body = bodyAfter(text, new RegExp(`export interface ${name}(?: extends [\\w.]+)? \\{`));
  if (body === undefined) return undefined;
  return [...body.matchAll(FIELD)].map(([, doc, optional, type]) => {
    const field = /#(\w+) [\w.]+#\w+\}/.exec(doc!)![1]!;
    return {
      name: field,
      optional: optional === '?',
      type: type!,
      isBlock: new RegExp(`\\* ${field} block\\s`).test(doc!),
    };
  });
}

function fieldsOf(text: string, name: string): ClassField[] | undefined {
  const body = bodyAfter(text, new RegExp(`export class ${name} extends [\\w.]+ \\{`));
  if (body === undefined) return undefined;
  const header = /\/\/ (\w+) - computed: (true|false), optional: (true|false), required: (true|false)/g;
  const found = [...body.matchAll(header)];
  return found.map(([line, field, computed, optional, required], index) => ({
    name: field!,
    computed: computed === 'true',
    optional: optional === 'true',
    required: required === 'true',
    code: body.slice(found[index]!.index + line.length, found[index + 1]?.index ?? body.length),
  }));
}

function hclTypeOf(text: string, owner: string, field: string): string | undefined {
  const lowered = owner[0]!.toLowerCase() + owner.slice(1);
  const code =
    bodyAfter(text, new RegExp(`export function ${lowered}ToHclTerraform\\(.*\\{`)) ??
    bodyAfter(text, new RegExp(`export class ${owner} extends [\\w.]+ \\{`));
  return new RegExp(`\\n\\s+${field}: \\{\\s+value: [^\\n]*\\s+isBlock: \\w+,\\s+type: "(\\w+)"`).exec(code ?? '')?.[1];
}

/** Generated code closes what it opens at the start of a line with a brace at the start of a line. */
function bodyAfter(text: string, opening: RegExp): string | undefined {
  const match = opening.exec(text);
  if (match === null) return undefined;
  const start = match.index + match[0].length;
  return text.slice(start, text.indexOf('\n}', start) + 1);
}
