/** Values, keys of objects among them, in one text of JSON. */
export const MAX_JSON_ITEMS = 1000;
/** Lists and objects in one another, in one text of JSON; what is stored has its own, smaller limit. */
const MAX_JSON_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Whether a text that may be JSON has few enough values, and few enough in one another, for what comes next: parsing
 * makes an object of each, and a schema walks them all and has something to say about each. One pass, and it ends at
 * the first one too many.
 */
export function isModestJson(text: string): boolean {
  let items = 1;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        // To the quote that ends it, or the end: the parser says what is wrong then.
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
