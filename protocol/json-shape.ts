/** Maximum number of list items and object fields in one JSON text. */
export const MAX_JSON_ITEMS = 1000;
/** Maximum nesting of one JSON text; stored values have a lower limit (MAX_DEPTH). */
const MAX_JSON_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * True if a JSON text is within the limits of values and nesting. Checked before parsing, which allocates every value,
 * and before schemas, which report an issue for each. One pass, which ends at the first value too many.
 */
export function isModestJson(text: string): boolean {
  let items = 1;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        // To the closing quote, or to the end: the parser reports that error.
        for (at++; at < text.length; at++) {
          const code = text.charCodeAt(at);
          if (code === QUOTE) break;
          if (code === BACKSLASH) at++;
        }
        break;
      }
      case OPEN_LIST:
      case OPEN_OBJECT:
        if (++depth > MAX_JSON_DEPTH) return false;
        if (++items > MAX_JSON_ITEMS) return false;
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth--;
        break;
      case COMMA:
        if (++items > MAX_JSON_ITEMS) return false;
    }
  }
  return true;
}
