/** One difference between two JSON values. */
export interface Difference {
  /** Names of the fields, separated by dots; empty for the value itself. */
  readonly path: string;
  /** Null if only the other has it. */
  readonly from: unknown;
  readonly to: unknown;
}

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Differences of two JSON values, field by field, in the order of `from` and then of new fields. Lists are compared as a whole. */
export function differences(from: unknown, to: unknown, path = ''): Difference[] {
  if (isObject(from) && isObject(to))
    return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((name) =>
      differences(from[name], to[name], path === '' ? name : `${path}.${name}`),
    );
  // An absent object is one without fields, so that each of its fields is named.
  if (isObject(from) && to === undefined) return differences(from, {}, path);
  if (from === undefined && isObject(to)) return differences({}, to, path);
  return same(from, to) ? [] : [{ path, from: from ?? null, to: to ?? null }];
}

function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => differences(item, b[index]).length === 0);
  return (a ?? null) === (b ?? null);
}
