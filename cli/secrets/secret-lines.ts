/** Finds the lines of a text that hold a secret, also those where it goes on behind the line that tells. */
import { assignments, secretAssignments } from './assignments';
import { decodedIn, hasSecretForm, KEY_BEGIN, KEY_END } from './secret-forms';
import { isSecretName } from './secret-names';
import { NAMING, VALUE } from './secret-pairs';

/** How far the value of a pair may be from its name. */
const PAIR = 4;
// eslint-disable-next-line no-control-regex -- the colours and links of a terminal
const ESCAPES = /\u001b\[[0-9;:?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g;
/** What Terraform, its CDK, GitHub and programs write before a line. */
const FRAME =
  /^(?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d\S* )?(?:\[[\w .:-]+\] ?)*(?:[^│┃╷╵]{0,40}[│┃╷╵])?(?:\s*\d+: )?(?:[+~] )?/;
const PUBLIC_BEGIN = /-{4,5} ?BEGIN /;
const ANY_END = /-{4,5} ?END /;

interface Line {
  /** Without what is only written before it. */
  readonly text: string;
  readonly whole: string;
  readonly indent: number;
  /** Of the line of the text in which it stands; one in JSON holds several. */
  readonly owner: number;
}

/** Whether a line still belongs to the secret that began before it. */
type Continuation = (line: Line) => boolean;

/** A text as it is read, without the escape sequences of a terminal. */
export function plainLines(text: string): string[] {
  return text.replaceAll(ESCAPES, '').split(/\r\n|\r|\n/);
}

/** @param isKnown whether a line has one of the secrets in it that are known by their values */
export function secretLines(texts: readonly string[], isKnown: (text: string) => boolean = () => false): Set<number> {
  const lines = texts.flatMap(linesIn);
  const isNamed = namesIn(lines);
  const found = new Set<Line>();
  let goesOn: Continuation = () => false;
  for (const [index, line] of lines.entries()) {
    if (goesOn(line)) {
      found.add(line);
      continue;
    }
    const begun = beginning(lines, index, isNamed(index));
    if (begun.isSecret || isKnown(line.whole) || isKnown(texts[line.owner]!)) found.add(line);
    goesOn = found.has(line) ? either(begun.goesOn, isOneWord) : begun.goesOn;
  }
  for (const line of [...ends(lines), ...encodedBlocks(lines)]) found.add(line);
  return new Set([...found].map(({ owner }) => owner));
}

function linesIn(text: string, owner: number): Line[] {
  const parts = text
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/\\+(?:[nr]|u000[ad]|x0[ad])/gi, '\n')
    .replaceAll(/\\+t/g, ' ')
    .replaceAll(/\\+u001b\[[0-9;]*m/gi, '')
    .replaceAll(/\\+(["'/])/g, '$1')
    .split('\n');
  return parts.map((part) => {
    const plain = part.replace(FRAME, (frame) => ' '.repeat(frame.length));
    return { text: plain.trim(), whole: part, indent: plain.search(/\S|$/), owner };
  });
}

/** Names that tell of a secret in a line, also by the name that stands beside a value, or by the kind of an object. */
function namesIn(lines: readonly Line[]): (index: number) => (name: string) => boolean {
  const isSecretObject = lines.some(({ text }) => /\bkind["']?\s*[:=]\s*["']?Secret\b/.test(text));
  const near = new Set<number>();
  for (const [index, { text }] of lines.entries()) {
    const isPair = assignments(text).some(
      ({ name, value }) =>
        (NAMING.test(name) && isSecretName(/^["'`]?([\w.-]*)/.exec(value)![1]!)) || /^secret_?name$/i.test(name),
    );
    if (isPair) for (let other = index - PAIR; other <= index + PAIR; other++) near.add(other);
  }
  return (index) => (name) =>
    isSecretName(name) || (near.has(index) && VALUE.test(name)) || (isSecretObject && /^(data|stringData)$/.test(name));
}

function beginning(
  lines: readonly Line[],
  index: number,
  isNamed: (name: string) => boolean,
): { isSecret: boolean; goesOn: Continuation } {
  const line = lines[index]!;
  if (KEY_BEGIN.test(line.whole)) return { isSecret: true, goesOn: keyBody(lines, index) };
  const all = secretAssignments(line.whole, isNamed);
  // Of a line that is full of them, the first and the last ones tell how it goes on.
  const values = all.filter((_, place) => place < 10 || place >= all.length - 10).map(({ value }) => value.trimEnd());
  const isSecret =
    values.some((value) => !isOpen(value)) || hasSecretForm(line.whole) || decodedIn(line.whole).some(isTelling);
  const rest = values.map((value) => valueBody(value, line, lines[index + 1]));
  return { isSecret, goesOn: either(...rest) };
}

function isTelling(text: string): boolean {
  const lines = text.split('\n');
  return lines.some((line) => hasSecretForm(line) || secretAssignments(line).some(({ value }) => !isOpen(value)));
}

/** Nothing of the value stands in the line of its name. */
function isOpen(value: string): boolean {
  return /^(?:[&!]\S*\s*)*["'[({]*(?:[|>][-+0-9]*)?\s*(?:#.*)?$|^<<[-~]?\s*["']?\w+["']?$/.test(value);
}

/** Up to the end of the key, or as far as lines look like one when it has none. */
function keyBody(lines: readonly Line[], begin: number): Continuation {
  if (ANY_END.test(lines[begin]!.text.replace(/^.*BEGIN/, ''))) return () => false;
  const last = lines.slice(begin + 1, begin + 400).findIndex(({ text }) => ANY_END.test(text));
  const end = last === -1 ? undefined : lines[begin + 1 + last];
  let isOver = false;
  return (line) => {
    if (isOver) return false;
    isOver = line === end;
    return end !== undefined || isOneWord(line) || line.text === '' || /^[\w-]+: \S+/.test(line.text);
  };
}

function valueBody(value: string, { indent }: Line, next: Line | undefined): Continuation {
  const heredoc = /^<<[-~]?\s*["']?(\w+)/.exec(value)?.[1];
  if (heredoc !== undefined) return until((text) => text === heredoc);
  const quote = /^("""|'''|["'`])/.exec(value)?.[1];
  if (quote !== undefined && !value.slice(quote.length).includes(quote)) return until((text) => text.includes(quote));
  if (openBrackets(value) > 0) return insideOf(openBrackets(value));
  const deeper: Continuation = (line) => line.text === '' || line.indent > indent;
  const isNextOther = next !== undefined && next.indent <= indent && /^(- )?[\w."'-]+(:(\s|$)|\s*=)/.test(next.text);
  const isContinued = value.endsWith('\\') || (isOpen(value) && !isNextOther);
  return isContinued ? either(deeper, firstOnes()) : deeper;
}

function openBrackets(text: string): number {
  return [...text.matchAll(/[[{(]/g)].length - [...text.matchAll(/[\]})]/g)].length;
}

function insideOf(brackets: number): Continuation {
  let open = brackets;
  return ({ text }) => {
    const isInside = open > 0;
    open += openBrackets(text);
    return isInside;
  };
}

/** The next line with a text in it, and those before. */
function firstOnes(): Continuation {
  let isOver = false;
  return ({ text }) => {
    if (isOver) return false;
    isOver = text !== '' && !text.endsWith('\\');
    return true;
  };
}

function until(isEnd: (text: string) => boolean): Continuation {
  let isOver = false;
  return ({ text }) => {
    if (isOver) return false;
    isOver = isEnd(text);
    return true;
  };
}

/** Every one is asked, since they count. */
function either(...all: readonly Continuation[]): Continuation {
  return (line) => all.map((goesOn) => goesOn(line)).includes(true);
}

/** Such as the rest of a key that is broken over lines. */
function isOneWord({ text }: Line): boolean {
  return /^(?:(?:[>#*+|-]|\/\/) +)?["'`]?[\w+/=.~-]+["'`]?[,;\\]?$/.test(text);
}

/** What stands before the end of a key whose beginning is cut off. */
function ends(lines: readonly Line[]): Line[] {
  return lines.flatMap(({ text }, end) => {
    if (!KEY_END.test(text)) return [];
    const before = lines.slice(0, end);
    return before.slice(before.findLastIndex((line) => line.text !== '' && !isOneWord(line)) + 1);
  });
}

/** Several lines of nothing but Base64, unless they are a certificate or another public text. */
function encodedBlocks(lines: readonly Line[]): Line[] {
  const found: Line[] = [];
  let block: Line[] = [];
  let isPublic = false;
  for (const line of [...lines, { text: ':', whole: '', indent: 0, owner: 0 }]) {
    if (/^(?:[>#*+|-] +)?["'`]?[A-Za-z0-9+/_-]{8,}={0,2}["'`]?[,\\]?$/.test(line.text)) block.push(line);
    else {
      if (!isPublic && isEncoded(block.map(({ text }) => text))) found.push(...block);
      block = [];
      isPublic = PUBLIC_BEGIN.test(line.text);
    }
  }
  return found;
}

function isEncoded(block: readonly string[]): boolean {
  const long = block.filter((text) => text.length >= 40 && [/[A-Z]/, /[a-z]/, /\d/].every((kind) => kind.test(text)));
  const joined = block.join('').replaceAll(/["'`,\\>#*| ]/g, '');
  return long.length > 1 || (block.length > 1 && [joined, ...decodedIn(joined)].some(isTelling));
}
