import { yamlText } from '#config/yaml-text';

describe('YAML for readers of both versions', () => {
  it.each(
    '2024_01 no NO n y yes On off TRUE null Null ~ 1e3 1E3 12345e7 1e_3 1_e3 0o17 -0o7 0o1_7 007 08 0777 0x1F 0x_1F 0b11 1.10 1. .5 +1 1__0 12:30:45 6:30 190:20:30.15 2024-01-01 2024-01-01T00:00:00Z .inf -.INF .nan = <<'.split(
      ' ',
    ),
  )('quotes %s', (word) => {
    expect(yamlText({ key: word }, { singleQuote: true })).toBe(`key: '${word}'\n`);
    expect(yamlText({ [word]: 1 }, { singleQuote: true })).toBe(`'${word}': 1\n`);
  });

  it.each(['main', 'v1.0', '1.2.3', 'none', 'yes/no', 'release-2024_01', '10.0.0.0/8', '0 3 * * *', '120s'])(
    'leaves %s as it is',
    (word) => expect(yamlText({ key: word })).toBe(`key: ${word}\n`),
  );

  it('leaves what is no text as it is', () => {
    expect(yamlText({ a: true, b: null, c: 1000, d: 1.5, e: [false] })).toBe(
      'a: true\nb: null\nc: 1000\nd: 1.5\ne:\n  - false\n',
    );
  });
});
