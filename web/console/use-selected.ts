import { useCallback, useRef, useState } from 'preact/hooks';

export interface Selected {
  readonly ids: ReadonlySet<string>;
  /** Adds or removes one; with `range`, all from the one before to this one. @param order ids as they are shown */
  toggle(id: string, range: boolean, order: readonly string[]): void;
  add(ids: readonly string[]): void;
  clear(): void;
}

/** Pure: ids between two, both included, in the order of the list; the second alone if the first is not in it. */
export function between(order: readonly string[], from: string | undefined, to: string): readonly string[] {
  const [a, b] = [from === undefined ? -1 : order.indexOf(from), order.indexOf(to)];
  return a < 0 || b < 0 ? [to] : order.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/** Sessions selected on the wall. */
export function useSelected(): Selected {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string>(undefined);
  const toggle = useCallback((id: string, range: boolean, order: readonly string[]) => {
    const stretch = range ? between(order, last.current, id) : [id];
    last.current = id;
    setIds((before) => {
      const after = new Set(before);
      const selects = range || !before.has(id);
      for (const one of stretch) {
        if (selects) after.add(one);
        else after.delete(one);
      }
      return after;
    });
  }, []);
  const add = useCallback((more: readonly string[]) => setIds((before) => new Set([...before, ...more])), []);
  const clear = useCallback(() => setIds(new Set()), []);
  return { ids, toggle, add, clear };
}
