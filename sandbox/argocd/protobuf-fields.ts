/** Changes texts in a Protocol Buffers message without knowing its schema. */

interface Field {
  /** Tag, and for other types than texts and messages the value, as they were sent. */
  readonly head: Buffer;
  /** A text, bytes or a message. */
  readonly body?: Buffer;
}

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

/**
 * @param marks only what holds one of them is looked into
 * @param replace gets the whole of each text with a mark; undefined leaves it
 */
export function replaceFields(
  message: Buffer,
  marks: readonly string[],
  replace: (text: string) => string | undefined,
): Buffer {
  if (!marks.some((mark) => message.includes(mark))) return message;
  const fields = fieldsOf(message);
  if (fields === undefined) return message;
  const parts = fields.flatMap(({ head, body }) => {
    if (body === undefined) return [head];
    const text = replace(body.toString());
    const changed = text === undefined ? replaceFields(body, marks, replace) : Buffer.from(text);
    return [head, varint(changed.length), changed];
  });
  return Buffer.concat(parts);
}

/** Undefined for what is no message: a text that only mentions a mark. */
function fieldsOf(message: Buffer): Field[] | undefined {
  const fields: Field[] = [];
  for (let at = 0; at < message.length;) {
    const tagEnd = endOfVarint(message, at);
    const type = message[at]! & 7;
    if (type === DELIMITED) {
      const start = endOfVarint(message, tagEnd);
      const end = start + numberAt(message, tagEnd);
      fields.push({ head: message.subarray(at, tagEnd), body: message.subarray(start, end) });
      at = end;
    } else {
      const end = { [VARINT]: endOfVarint(message, tagEnd), [FIXED64]: tagEnd + 8, [FIXED32]: tagEnd + 4 }[type];
      if (end === undefined) return undefined;
      fields.push({ head: message.subarray(at, end) });
      at = end;
    }
    if (at > message.length) return undefined;
  }
  return fields;
}

function endOfVarint(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at]! >= 0x80) at++;
  return at + 1;
}

function numberAt(bytes: Buffer, start: number): number {
  const digits = bytes.subarray(start, endOfVarint(bytes, start));
  return digits.reduceRight((number, byte) => number * 0x80 + (byte & 0x7f), 0);
}

function varint(number: number): Buffer {
  const bytes: number[] = [];
  let rest = number;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}
