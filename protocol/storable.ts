/** PostgreSQL's text and jsonb hold no U+0000, and its jsonb no half of a surrogate pair. */
export const STORABLE_TEXT = /^[^\0\p{Surrogate}]*$/u;

/** Levels of lists and objects in one message, itself included: jsonb, like everything recursive, has a limit. */
export const MAX_DEPTH = 16;

/**
 * Whether a value out of `JSON.parse` is still what was sent after a schema has walked it and `JSON.stringify` has
 * written it: schemas drop a key `__proto__`, and a number beyond a double's range (`1e400`, read as Infinity) is
 * written as null. Both without a word.
 */
export function isKept(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => key !== '__proto__' && isKept(item));
}

/** Whether a value out of `JSON.parse` can be stored as it is: its texts, its keys, its numbers and its depth. */
export function isStorable(value: unknown, depth = MAX_DEPTH): boolean {
  if (typeof value === 'string') return STORABLE_TEXT.test(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isStorable(item, depth - 1));
  // Schemas pass over a key of this name without a word: it would be taken and not stored.
  return Object.entries(value).every(
    ([key, item]) => key !== '__proto__' && STORABLE_TEXT.test(key) && isStorable(item, depth - 1),
  );
}
