/** Sessions named in one request for commands, at most. No imports: also part of the pages. */
export const MOST_COMMANDED = 500;
