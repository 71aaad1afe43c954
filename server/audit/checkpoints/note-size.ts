/** Tree size named by a note, verified or not, for locating the note only. Null if it names none. */
export const sizeSaid = (note: string): number | null =>
  Number(/^[^\n]+\n([0-9]{1,15})\n/.exec(note)?.[1] ?? NaN) || null;
