/** Texts of others, so that GitHub shows them and does nothing with them. */

const LONGEST_NAME = 160;
/** Control and format characters: escape sequences, and those that turn the direction of writing. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu;

/** One line of visible characters. */
export function visible(text: string): string {
  return text.toWellFormed().replace(INVISIBLE, '\u00b7');
}

/** In a line or a cell of a table: a code span, in which nothing is a mention, a link or HTML. */
export function codeSpan(text: string): string {
  return `\`${shortened(visible(text), LONGEST_NAME).replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

/** A code block whose fence the lines cannot end. */
export function codeBlock(lines: readonly string[], language = ''): string {
  const text = lines.map(visible).join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

export function shortened(text: string, longest: number): string {
  const characters = text.length <= longest ? [] : [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join('')}…`;
}
