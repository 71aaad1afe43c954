import { useEffect, useRef, useState } from 'preact/hooks';
import { messageOf } from './api-error.ts';

/** One page of a list, as the API answers it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export interface Pages<T> {
  /** Those read so far; undefined before the first page. They stay while the first page of other inputs is read. */
  readonly items: readonly T[] | undefined;
  /** Of the next page; null after the last. */
  readonly cursor: string | null;
  readonly busy: boolean;
  readonly problem: string | undefined;
  /** Reads the next page; undefined after the last. */
  readonly more: (() => void) | undefined;
  /** Reads the first page again. */
  readonly reload: () => void;
}

/** A list read page by page, from its beginning when `inputs` change. An answer to an older request is dropped. */
export function usePages<T>(
  read: (cursor: string | undefined) => Promise<Page<T>>,
  inputs: readonly unknown[],
): Pages<T> {
  const [page, setPage] = useState<Page<T>>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(true);
  const asked = useRef(0);
  const load = async (cursor: string | undefined, before: readonly T[]) => {
    const turn = ++asked.current;
    setBusy(true);
    try {
      const { items, nextCursor } = await read(cursor);
      if (turn !== asked.current) return;
      setPage({ items: [...before, ...items], nextCursor });
      setProblem(undefined);
    } catch (error) {
      if (turn === asked.current) setProblem(messageOf(error));
    } finally {
      if (turn === asked.current) setBusy(false);
    }
  };
  useEffect(() => {
    void load(undefined, []);
    return () => void asked.current++;
  }, inputs);
  const cursor = page?.nextCursor ?? null;
  return {
    items: page?.items,
    cursor,
    busy,
    problem,
    more: cursor === null ? undefined : () => void load(cursor, page?.items ?? []),
    reload: () => void load(undefined, []),
  };
}
