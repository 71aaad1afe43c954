/**
 * The tree's size that a note names, good or not: for whoever looks for the note; believed by nobody. Null when it
 * names none.
 */
export const sizeSaid = (note: string): number | null =>
  Number(/^[^\n]+\n([0-9]{1,15})\n/.exec(note)?.[1] ?? NaN) || null;
