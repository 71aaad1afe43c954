const LIMIT_MS = 15_000;

const undoing = new Set<() => Promise<void>>();

/**
 * Registers a cleanup that also runs when a benchmark is interrupted and takes longer than a process exit allows.
 * @returns runs it, once for any number of calls
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

/** Runs all remaining cleanups, newest first; never rejects, and takes a bounded time. */
export async function leave(): Promise<void> {
  const all = (async () => {
    for (const undo of [...undoing].toReversed()) await undo().catch(() => {});
  })();
  await Promise.race([all, new Promise((resolve) => setTimeout(resolve, LIMIT_MS).unref())]);
}
