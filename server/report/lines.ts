/** Where a long word may be broken. */
const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Addresses, keys and hyphenated names are broken behind these. */
const IN_ADDRESSES = /(?<=[@./_-])/u;

/**
 * Pure: breaks a text into lines that are not wider than the width: at its line breaks, at spaces, and in a word that is
 * longer than a line behind its points and hyphens, else between its letters, as texts without spaces are.
 */
export function linesOf(text: string, width: number, measure: (text: string) => number): string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/).flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    let used = 0;
    const add = (part: string) => {
      const wide = measure(part);
      if (used + wide > width && line !== '') {
        lines.push(line.trimEnd());
        [line, used] = ['', 0];
        if (part.trim() === '') return;
      }
      line += part;
      used += wide;
    };
    for (const part of paragraph.split(/(\s+)/))
      for (const piece of measure(part) <= width ? [part] : part.split(IN_ADDRESSES))
        if (measure(piece) <= width) add(piece);
        else for (const { segment } of letters.segment(piece)) add(segment);
    return [...lines, line.trimEnd()];
  });
}
