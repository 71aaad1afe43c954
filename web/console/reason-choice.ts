/** Pure: the suggestion that an arrow key brings into a field of a reason; undefined: the key does something else. */
export function chosenReason(suggestions: readonly string[], written: string, key: string): string | undefined {
  if (suggestions.length === 0 || (key !== 'ArrowDown' && key !== 'ArrowUp')) return undefined;
  const at = suggestions.indexOf(written);
  // The arrows move the cursor in a text of one's own.
  if (at < 0) return written === '' ? suggestions.at(key === 'ArrowDown' ? 0 : -1) : undefined;
  const { length } = suggestions;
  return suggestions[(at + (key === 'ArrowDown' ? 1 : length - 1)) % length];
}
