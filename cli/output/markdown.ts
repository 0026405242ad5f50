/** Markdown for GitHub. Texts of others are shown, and nothing in them is interpreted. */

const LONGEST_NAME = 160;
/** Control and format characters: escape sequences, and those that turn the direction of writing. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu;

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** @param rows cells in Markdown, each on one line. Without rows there is no table. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const rule = columns.map(({ align }) => (align === 'right' ? '--:' : '---')).join('|');
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns.map(({ title }) => title)), `|${rule}|`, ...rows.map(line)].join('\n');
}

/** One line of visible characters. */
function visible(text: string): string {
  return text.toWellFormed().replace(INVISIBLE, '\u00b7');
}

/** In a line or a cell of a table: a code span, in which nothing is a mention, a link or HTML. Nothing for no text. */
export function codeSpan(text: string, longest = LONGEST_NAME): string {
  if (text === '') return '';
  return `\`${shortened(visible(text), longest).replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

/** A code block whose fence the lines cannot end. */
export function codeBlock(lines: readonly string[], language = ''): string {
  const text = lines.map(visible).join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** As many names as fit into a number of characters, and how many more there are. */
export function someOf(names: readonly string[], room: number): string {
  const kept: string[] = [];
  let left = room;
  for (const text of names) {
    left -= text.length + 2;
    if (left < 0) break;
    kept.push(text);
  }
  return kept.length === names.length ? kept.join(', ') : `${kept.join(', ')} and ${names.length - kept.length} more`;
}

export function shortened(text: string, longest: number): string {
  const characters = text.length <= longest ? [] : [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join('')}…`;
}
