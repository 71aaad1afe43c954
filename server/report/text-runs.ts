/** A stretch of text in one font. */
export interface Run {
  readonly text: string;
  /** Index of the font. */
  readonly font: number;
}

/** Letters that are written from right to left. */
const FROM_RIGHT = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;

/** Spaces and marks take the font of what stands before them. */
const NEUTRAL = /^[\s\p{Mn}\p{Me}\u200c\u200d]$/u;

/**
 * Pure: the text in fonts that have its letters. One that no font has is written as its code point, `[U+738B]`: never as
 * an empty box.
 * @param has whether a font has a code point; the first font that has it is taken
 */
export function runsOf(text: string, fonts: number, has: (font: number, codePoint: number) => boolean): Run[] {
  const runs: { text: string; font: number }[] = [];
  for (const letter of text.normalize('NFC')) {
    const code = letter.codePointAt(0)!;
    const last = runs.at(-1);
    if (last && NEUTRAL.test(letter) && has(last.font, code)) {
      last.text += letter;
      continue;
    }
    let font = 0;
    while (font < fonts && !has(font, code)) font++;
    const written = font < fonts ? letter : `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
    const used = font < fonts ? font : 0;
    if (last?.font === used) last.text += written;
    else runs.push({ text: written, font: used });
  }
  return runs.map(({ text: part, font }) => ({ text: inVisualOrder(part), font }));
}

/** Pure: words from right to left change places where they stand together; their letters are placed by the font. */
export function inVisualOrder(text: string): string {
  const words = text.split(/(\s+)/);
  const isFromRight = (at: number) => FROM_RIGHT.test(words[at] ?? '');
  const ordered: string[] = [];
  for (let from = 0; from < words.length; from++) {
    let to = from;
    while (isFromRight(from) && isFromRight(to + 2)) to += 2;
    ordered.push(...words.slice(from, to + 1).toReversed());
    from = to;
  }
  return ordered.join('');
}
