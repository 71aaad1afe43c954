/**
 * Whether an error is about what was to be written, so that trying the same again cannot help: SQLSTATE classes 22
 * (data), 23 (constraint), 54 (a limit, of nesting for one) and P0 (a trigger's refusal), a damaged row (XX001, XX002),
 * and what cannot even be made into a statement, such as a time that is none.
 */
export function isContentFault(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^(22|23|54|P0|XX00[12])/.test(code);
}
