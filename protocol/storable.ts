/** PostgreSQL's text and jsonb cannot hold U+0000, and its jsonb no lone surrogate. */
export const STORABLE_TEXT = /^[^\0\p{Surrogate}]*$/u;

/** Maximum nesting of a message, including itself. */
export const MAX_DEPTH = 16;

/**
 * True if a value from `JSON.parse` survives a schema and `JSON.stringify` unchanged. Schemas silently drop a key
 * `__proto__`, and a number outside the range of a double (`1e400`, parsed as Infinity) is written as null.
 */
export function isKept(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => key !== '__proto__' && isKept(item));
}

/** True if a value from `JSON.parse` can be stored unchanged: its strings, keys, numbers and nesting. */
export function isStorable(value: unknown, depth = MAX_DEPTH): boolean {
  if (typeof value === 'string') return STORABLE_TEXT.test(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isStorable(item, depth - 1));
  // Schemas silently drop this key: it would be accepted and not stored.
  return Object.entries(value).every(
    ([key, item]) => key !== '__proto__' && STORABLE_TEXT.test(key) && isStorable(item, depth - 1),
  );
}
