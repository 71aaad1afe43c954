const LIMIT_MS = 15_000;

const undoing = new Set<() => Promise<void>>();

/**
 * Registers what has to be undone also when somebody ends a benchmark half-way, and takes longer than an exit waits
 * for.
 * @returns does it, once, however often it is called
 */
export function undoWhenLeaving(undo: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  const once = (): Promise<void> => {
    undoing.delete(once);
    return (done ??= undo());
  };
  undoing.add(once);
  return once;
}

/** Undoes everything that is left, newest first; never rejects, and takes a bounded time. */
export async function leave(): Promise<void> {
  const all = (async () => {
    for (const undo of [...undoing].toReversed()) await undo().catch(() => {});
  })();
  await Promise.race([all, new Promise((resolve) => setTimeout(resolve, LIMIT_MS).unref())]);
}
