/**
 * The part of GitHub's expressions that our workflows use: property access, strings, true, false, null, ==, !=, &&, ||, !,
 * brackets, and the status functions. Anything else is refused, so that no test passes on a wrong guess.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
 */

export type Value = string | number | boolean | null | undefined | { readonly [name: string]: Value };

export interface Surroundings {
  /** `secrets`, `vars`, `env`, `inputs`, `github`, `steps`, `needs`, ... */
  readonly contexts: Readonly<Record<string, Value>>;
  /** Whether a step of this job (or a job that this one needs) failed. */
  readonly failed: boolean;
}

const TOKEN = /\s*(?:('(?:[^']|'')*')|(&&|\|\||==|!=|[!().])|([A-Za-z_][\w-]*)|(\d+))/y;

interface Reader {
  peek(): string | undefined;
  next(): string;
}

/** Text with every `${{ }}` replaced by what it stands for. */
export function interpolate(text: string, surroundings: Surroundings): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => textOf(evaluate(expression, surroundings)));
}

/** The condition of a step or job: without a status function it also asks for success. */
export function isMet(condition: string | boolean | undefined, surroundings: Surroundings): boolean {
  const text = String(condition ?? 'success()').replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1');
  const asksStatus = /\b(success|failure|always|cancelled)\s*\(/.test(text);
  return (asksStatus || !surroundings.failed) && isTrue(evaluate(text, surroundings));
}

/** Throws for anything beyond the forms above. */
export function evaluate(text: string, surroundings: Surroundings): Value {
  const tokens = tokensOf(text);
  let at = 0;
  const reader: Reader = {
    peek: () => tokens[at],
    next: () => {
      const token = tokens[at++];
      if (token === undefined) throw new Error(`The expression "${text.trim()}" ends too early.`);
      return token;
    },
  };
  const value = either(reader, surroundings);
  if (reader.peek() !== undefined) throw new Error(`The runner does not know "${reader.peek()}" in "${text.trim()}".`);
  return value;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const whole = text.trimEnd();
  for (let at = 0; at < whole.length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(whole);
    if (match === null) throw new Error(`The runner cannot read the expression "${text.trim()}" from position ${at}.`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

function either(reader: Reader, surroundings: Surroundings): Value {
  let value = both(reader, surroundings);
  while (reader.peek() === '||') {
    reader.next();
    const right = both(reader, surroundings);
    value = isTrue(value) ? value : right;
  }
  return value;
}

function both(reader: Reader, surroundings: Surroundings): Value {
  let value = comparison(reader, surroundings);
  while (reader.peek() === '&&') {
    reader.next();
    const right = comparison(reader, surroundings);
    value = isTrue(value) ? right : value;
  }
  return value;
}

function comparison(reader: Reader, surroundings: Surroundings): Value {
  const left = negation(reader, surroundings);
  const operator = reader.peek();
  if (operator !== '==' && operator !== '!=') return left;
  reader.next();
  const isSame = same(left, negation(reader, surroundings));
  return operator === '==' ? isSame : !isSame;
}

function negation(reader: Reader, surroundings: Surroundings): Value {
  if (reader.peek() !== '!') return operand(reader, surroundings);
  reader.next();
  return !isTrue(negation(reader, surroundings));
}

function operand(reader: Reader, surroundings: Surroundings): Value {
  const token = reader.next();
  if (token === '(') {
    const value = either(reader, surroundings);
    expect(reader, ')');
    return value;
  }
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (/^\d/.test(token)) return Number(token);
  if (token === 'true' || token === 'false') return token === 'true';
  if (token === 'null') return null;
  if (reader.peek() === '(') return status(token, reader, surroundings);
  return property(token, reader, surroundings);
}

function status(name: string, reader: Reader, { failed }: Surroundings): boolean {
  const answers: Record<string, boolean> = { always: true, success: !failed, failure: failed, cancelled: false };
  const answer = answers[name];
  if (answer === undefined) throw new Error(`The runner does not know the function ${name}().`);
  expect(reader, '(');
  expect(reader, ')');
  return answer;
}

function property(context: string, reader: Reader, { contexts }: Surroundings): Value {
  if (!(context in contexts)) throw new Error(`The runner does not know the context "${context}" here.`);
  let value = contexts[context];
  while (reader.peek() === '.') {
    reader.next();
    const name = reader.next();
    value = typeof value === 'object' && value !== null ? value[name] : undefined;
  }
  return value;
}

function expect(reader: Reader, wanted: string): void {
  const found = reader.next();
  if (found !== wanted) throw new Error(`The runner expected "${wanted}" and found "${found}".`);
}

/** GitHub ignores case when it compares strings; what is absent equals the empty string. */
function same(left: Value, right: Value): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left.toLowerCase() === right.toLowerCase();
  if (typeof left === typeof right) return left === right;
  return (left ?? '') === (right ?? '');
}

function isTrue(value: Value): boolean {
  return !(value === undefined || value === null || value === false || value === '' || value === 0);
}

function textOf(value: Value): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
