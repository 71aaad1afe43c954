/** Limits of signals. No imports: also part of the browser SDK. */

/** Signals of one stream that may be unacknowledged (rule S6). */
export const SIGNAL_WINDOW = 64;

/** Maximum size of a signal's `data`: bytes of its canonical JSON in UTF-8, as stored. */
export const MAX_SIGNAL_DATA_BYTES = 2048;

/** Length of a string in UTF-8. A lone surrogate, which is never stored, counts as two bytes. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += 1;
    // Each half of a pair counts as two of the pair's four bytes.
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) bytes += 1;
  }
  return bytes;
}

export const isSignalDataSmall = (data: Readonly<Record<string, unknown>>): boolean =>
  utf8Bytes(JSON.stringify(data)) <= MAX_SIGNAL_DATA_BYTES;
