/** A stretch of text in one font. */
export interface Run {
  readonly text: string;
  /** Index of the font. */
  readonly font: number;
}

/** Words from right to left, apart from the rest: a font places their letters, but not what stands beside them. */
const FROM_RIGHT = /([\p{Script=Arabic}\p{Script=Hebrew}][\p{Script=Arabic}\p{Script=Hebrew}\p{M}\u200c\u200d]*)/u;
/** Between words from right to left, these are of the same stretch. */
const BETWEEN = /^[\s\p{P}]*$/u;

/** Spaces and marks take the font of what stands before them. */
const SPACE = /^\s$/u;
const MARK = /^[\p{Mn}\p{Me}\u200c\u200d]$/u;

/** The first font that has a code point; undefined: none. */
export type FontOf = (codePoint: number) => number | undefined;

/** Pure: whether a text has a letter that no font has. */
export function lacksLetters(text: string, fontOf: FontOf): boolean {
  for (const letter of text.normalize('NFC'))
    if (!SPACE.test(letter) && fontOf(letter.codePointAt(0)!) === undefined) return true;
  return false;
}

/**
 * Pure: a line in fonts that have its letters, from left to right. A letter that no font has is written as its code
 * point, `[U+738B]`: never as an empty box.
 */
export function runsOf(line: string, fontOf: FontOf): Run[] {
  const composed = line.normalize('NFC');
  // Code points are written from left to right.
  const parts = lacksLetters(composed, fontOf) ? [composed] : inVisualOrder(composed);
  return parts.flatMap((part) => fontRuns(part, fontOf));
}

function fontRuns(part: string, fontOf: FontOf): Run[] {
  const runs: { text: string; font: number }[] = [];
  for (const letter of part) {
    const code = letter.codePointAt(0)!;
    const last = runs.at(-1);
    if (last && (SPACE.test(letter) || MARK.test(letter))) {
      last.text += letter;
      continue;
    }
    const font = SPACE.test(letter) ? 0 : fontOf(code);
    const written = font === undefined ? `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]` : letter;
    if (last?.font === (font ?? 0)) last.text += written;
    else runs.push({ text: written, font: font ?? 0 });
  }
  return runs;
}

/** Pure: parts of a line, from left to right: words from right to left change places where they stand together. */
export function inVisualOrder(line: string): readonly string[] {
  // Words from right to left are at odd places.
  const parts = line.split(FROM_RIGHT);
  const ordered: string[] = [];
  for (let from = 0; from < parts.length; from++) {
    let to = from;
    if (from % 2 === 1) while (to + 2 < parts.length && BETWEEN.test(parts[to + 1]!)) to += 2;
    ordered.push(...parts.slice(from, to + 1).toReversed());
    from = to;
  }
  return ordered.filter((part) => part !== '');
}
