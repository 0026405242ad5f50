/** Names and what is assigned to them in a line: `password: x`, `PGPASSWORD=x`, `--token x`, `<secret>x</secret>`. */
import { STACKS } from '#stacks/stack-names';
import { isSecretName } from './secret-names';

export interface Assignment {
  readonly name: string;
  /** All that follows in the line. */
  readonly value: string;
}

const ASSIGNED =
  /(?<![\w.-])([\w.-]*\w)(?:\[[^\]\s]*\])?["'`]?\]?[ \t]*(=>|:=|[:=│])(?![:=/]{1,2}(?:[^\w]|$)|\/\/)[ \t]*/g;
/** Also a key of YAML on a line of its own, and Helm's block of Terraform. */
const ARGUMENT = /(?<![\w-])(--?[a-z][\w-]*|\? [\w.-]+|set_sensitive(?= \{))["']?,?(?:[ \t]+(?![-=:])|$)/gi;
const ELEMENT = /<([\w.-]+)>(?!<)/g;
/** Nothing but a switch, a reference, or what is hidden already. */
const HARMLESS = [
  /^(["'`]?)(?:true|false|null|nil|\(sensitive[^)]*\)|\(known after[^)]*\)|<(?:sensitive|redacted|computed|hidden|nil|unset)>|\[?redacted\]?|\*{3,})\1/i,
  /^(["'`]?)(?:\$\{[^}]*\}|\$[A-Z_][A-Z0-9_]*|\{\{[^}]*\}\})\1/,
  /^(?:var|local|data|module|each|random_\w+|tls_\w+)\.[\w.[\]"*-]+/,
  /^(?:""|''|``|\[\]|\{\})/,
];
/** What may follow it. */
const END = /^\s*(?:$|[,;)}\]#]|&(?!\w+ )|&&|\|\s)|^\s+\S+[:=]/;
/** Terraform's words behind the address of a resource. */
const PROGRESS = /^(?:[A-Z][a-z]+ [a-z]*\s?[a-z]*\.\.\.|[A-Z][a-z]+ing\.\.\.|[A-Z][a-z]+ complete after |Plan to )/;

/** @param isNamed whether a name tells that what is assigned to it is secret */
export function secretAssignments(line: string, isNamed: (name: string) => boolean = isSecretName): Assignment[] {
  const found = [...line.matchAll(ASSIGNED), ...line.matchAll(ARGUMENT), ...line.matchAll(ELEMENT)];
  return found.flatMap(({ 0: text, 1: name = '', 2: sign, index }) => {
    const value = line.slice(index + text.length);
    const isProgress = sign === ':' && name.includes('.') && PROGRESS.test(value);
    return isToldBy(name, sign, isNamed) && !isProgress && !isHarmless(value) ? [{ name, value }] : [];
  });
}

/** Every name to which something is assigned, with it. */
export function assignments(line: string): Assignment[] {
  return [...line.matchAll(ASSIGNED)].map(({ 0: text, 1: name = '', index }) => ({
    name,
    value: line.slice(index + text.length),
  }));
}

/** Of an address before a colon, such as `kubernetes_secret_v1.cloud: …`, only the last part is a name. */
function isToldBy(name: string, sign: string | undefined, isNamed: (name: string) => boolean): boolean {
  if ((STACKS as readonly string[]).includes(name)) return false;
  const parts = name.split('.');
  const told = sign === ':' ? parts.slice(-1) : parts;
  return [...told, ...(parts.at(-1) === 'key' ? [name] : [])].some(isNamed);
}

function isHarmless(value: string): boolean {
  if (/^[,;)}\]]+(\s|$)/.test(value)) return true;
  return HARMLESS.some((form) => {
    const found = form.exec(value)?.[0];
    return found !== undefined && END.test(value.slice(found.length));
  });
}
