/** Sections of the comment that are opened by a click, and as many of them as a comment takes. */
import { codeBlock } from '#cli/output/markdown';

export interface Section {
  /** Plain text, shown while it is closed. */
  readonly summary: string;
  readonly lines: readonly string[];
  /** For the colours of its lines. */
  readonly language?: 'diff';
}

/** What stands between two parts of the comment. */
export const GAP = '\n\n';
const NOTE =
  'Attributes are left out, and what did not fit: the change is too large for a comment. All of it: `npx forge plan run`, `npx forge layers diff`.';

export function render({ summary, lines, language }: Section): string {
  const title = summary.replaceAll('`', '');
  return [`<details><summary>${title}</summary>`, codeBlock(lines, language), '</details>'].join(GAP);
}

/** Length of parts of the comment, each with the gap before it. */
export function lengthOf(parts: readonly string[]): number {
  return parts.reduce((total, part) => total + GAP.length + part.length, 0);
}

/** As many sections as fit into a number of characters, the last one shortened, after a note that says so. */
export function cut(sections: readonly Section[], room: number): string[] {
  const kept = [NOTE];
  for (const section of sections) {
    const left = room - lengthOf(kept) - GAP.length;
    const whole = render(section);
    if (whole.length <= left) {
      kept.push(whole);
      continue;
    }
    const beginning = renderBeginning(section, left);
    return beginning === undefined ? kept : [...kept, beginning];
  }
  return kept;
}

/** With as many lines as fit; undefined when none does. */
function renderBeginning(section: Section, room: number): string | undefined {
  for (let count = linesWithin(section.lines, room); count > 0; count--) {
    const rest = `(${section.lines.length - count} more)`;
    const text = render({ ...section, lines: [...section.lines.slice(0, count), rest] });
    if (text.length <= room) return text;
  }
  return undefined;
}

/** How many lines would fit if nothing stood around them. */
function linesWithin(lines: readonly string[], room: number): number {
  let length = 0;
  const first = lines.findIndex((line) => (length += line.length + 1) > room);
  return first === -1 ? lines.length : first;
}
