import { manifestDocuments } from '#cli/manifests/documents';

const MAP = 'apiVersion: v1\nkind: ConfigMap\n';
const A = `${MAP}metadata: {name: a}\n`;
const B = `${MAP}metadata: {name: b}\n`;
const JSON_A = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}';
const namesIn = (text: string, file = 'x.yaml') => manifestDocuments(file, text).map(({ name }) => name);
const withAnnotation = (value: string) => `${MAP}metadata: {name: a, annotations: {key: ${value}}}\n`;

describe('the objects of a manifest', () => {
  it.each<[string, string, string[]]>([
    ['annotations and labels without a value', `${MAP}metadata:\n  name: a\n  labels:\n  annotations:\n`, ['a']],
    ['a key twice, of which the last counts', `${A}data:\n  a: b\n  a: c\n`, ['a']],
    ['metadata twice', `${A}metadata: {name: b}\n`, ['b']],
    ['a namespace without a value', `${MAP}metadata: {name: a, namespace: }\n`, ['a']],
    ['documents without content', `---\n---\n${A}---\n# nothing\n---\nnull\n--- # more\n\n${B}---\n`, ['a', 'b']],
    ['nothing', '', []],
    ['a list', `apiVersion: v1\nkind: List\nitems:\n- ${JSON_A}\n`, ['a']],
    ['a list of any kind', `apiVersion: v1\nkind: Many\nitems: [${JSON_A}]\n`, ['a']],
    ['a list without items', 'apiVersion: v1\nkind: List\nmetadata: {name: x}\nitems:\n', []],
    ['merge keys', `${MAP}metadata:\n  <<: &m {name: a}\n  labels: *m\n`, ['a']],
    ['a name that the API makes', `${MAP}metadata: {generateName: a-}\n`, ['a-*']],
    ['no name', `${MAP}metadata: {}\n`, []],
    ['no metadata', MAP, []],
    ['a byte order mark', `\uFEFF${A}`, ['a']],
    ['lines of Windows', `${A}---\n${B}`.replaceAll('\n', '\r\n'), ['a', 'b']],
    ['a very long line', `${A}data: {a: ${'x'.repeat(300_000)}}\n`, ['a']],
    ['tags of its own', `${A}data: {a: !mine x}\n`, ['a']],
    ['three dots, after which nothing is read', `${A}...\n${B}`, ['a']],
    ['no version', 'kind: ConfigMap\nmetadata: {name: a}\n', ['a']],
    ['dates and times, which are text', withAnnotation('2024-01-01'), ['a']],
    ['times, which are text', withAnnotation('12:30:45'), ['a']],
    ['values of a chart, which are left out', 'replicas: 1\n---\na: {{ .Values.x }}\n', []],
    ['other YAML that is broken, which is left out', 'a: [\n', []],
    ['a list of something else, which is left out', '- a\n- b\n', []],
  ])('are read from a file with %s', (_, text, names) => {
    expect(namesIn(text)).toEqual(names);
  });

  it.each<[string, string, string]>([
    ['a tab', `${MAP}metadata:\n\tname: a\n`, 'x.yaml:4 is not valid YAML'],
    ['an anchor of another document', `${MAP}metadata: {name: &n a}\n---\n${MAP}metadata: {name: *n}\n`, 'x.yaml:5 '],
    ['an alias that leads into itself', `${A}data: &d\n  a: *d\n`, 'x.yaml:1 has an alias that leads into itself'],
    ['text after the dashes', `${A}--- {a: b}\n`, 'x.yaml:4 has more than a comment after the three dashes'],
    ['dashes within quotes', `${A}data:\n  a: "x\n---\n  y"\n`, 'x.yaml:'],
    ['a directive', `%YAML 1.1\n---\n${A}`, 'x.yaml:1 is not valid YAML'],
    ['a document that is no object', `${A}---\n- a\n`, 'x.yaml:5 is no object of the API'],
    ['a document that is text', `${A}---\ntext\n`, 'x.yaml:5 is no object of the API'],
    ['a document without a kind', `${A}---\na: b\n`, 'x.yaml:5 has no kind'],
    ['a kind that is a number', `apiVersion: v1\nkind: 5\nmetadata: {name: a}\n`, 'x.yaml:1 has no kind'],
    ['an item without a kind', `${A}---\nkind: List\nitems: [{metadata: {name: a}}]\n`, 'x.yaml:5 has no kind'],
    ['an item that is text', `${A}---\nkind: List\nitems: [a]\n`, 'x.yaml:5 is no object of the API'],
    ['annotations that are a list', `${MAP}metadata: {name: a, annotations: [b]}\n`, 'annotations that are no map'],
    ['metadata that are text', `${MAP}metadata: a\n`, 'metadata that are no map'],
    ['another encoding', Buffer.from(A, 'utf16le').toString('utf8'), 'x.yaml is no text in UTF-8'],
    ...['yes', 'on', '0o17', '08', '017', '0x1F', '1e3', '1_000', '~', '', '1.5'].map(
      (value): [string, string, string] => [
        `the annotation ${value}`,
        withAnnotation(value),
        'x.yaml:1 has an annotation key that is no text: put its value in quotes',
      ],
    ),
  ])('are refused in words from a file with %s', (_, text, message) => {
    expect(() => namesIn(text)).toThrow(message);
  });

  it('are found at once behind thousands of empty lines', () => {
    expect(manifestDocuments('x.yaml', `${'\n'.repeat(5000)}${A}`)).toHaveLength(1);
  });

  it('come one from a JSON file', () => {
    expect(namesIn(JSON_A, 'x.json')).toEqual(['a']);
    expect(() => namesIn(`${JSON_A}\n${JSON_A}`, 'x.json')).toThrow('x.json:1 is not one JSON object: ');
    expect(() => namesIn(A, 'x.json')).toThrow('x.json:1 is not one JSON object: ');
    expect(() => namesIn('{"a": 1}', 'x.json')).toThrow('x.json:1 has no kind');
  });

  it('say on which line they start, and which value counts', () => {
    const [, second] = manifestDocuments('x.yaml', `${A}---\n# b\n${B}data: {a: 1}\ndata: {a: 2}\n`);
    expect([second?.line, second?.body['data']]).toEqual([6, { a: 2 }]);
  });
});
