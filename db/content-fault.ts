/**
 * Whether an error is caused by the data, so that a retry cannot help: SQLSTATE classes 22 (data), 23 (constraint), 54
 * (limits, such as nesting) and P0 (raised by a trigger), corrupted rows (XX001, XX002), and values that cannot be
 * serialised, such as an invalid date.
 */
export function isContentFault(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^(22|23|54|P0|XX00[12])/.test(code);
}
