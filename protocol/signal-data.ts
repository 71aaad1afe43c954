/** Limits of signals. No imports: also part of the browser SDK. */

/** Signals of one stream that may be unacknowledged (rule S6). */
export const SIGNAL_WINDOW = 64;

/** Most bytes of a signal's `data`, as JSON in UTF-8: what is stored, whatever escapes or spaces it was sent with. */
export const MAX_SIGNAL_DATA_BYTES = 2048;

/** Of a string in UTF-8. Half a surrogate pair, which is never stored, counts for two. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += 1;
    // Each half of a pair counts for two, and four is what the pair takes.
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) bytes += 1;
  }
  return bytes;
}

export const isSignalDataSmall = (data: Readonly<Record<string, unknown>>): boolean =>
  utf8Bytes(JSON.stringify(data)) <= MAX_SIGNAL_DATA_BYTES;
