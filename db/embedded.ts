import { statfsSync } from 'node:fs';
import type { PGlite } from '@electric-sql/pglite';
import { loopTurn } from './loop-turn.ts';
import type { Engine } from './pglite-dialect.ts';

type Ask = Engine['query'];
/** Runs the work once the event loop has time for it. */
type InTurn = <R>(work: () => Promise<R>) => Promise<R>;

/**
 * Minimum free space, bytes; below it writes are refused. A log segment takes 16 MiB; if it cannot be created PGlite
 * panics, and in a COMMIT it never returns and blocks the thread. Refused writes are retried and not acknowledged
 * meanwhile.
 */
const MIN_FREE_BYTES = 24 * 1024 * 1024;

export interface EmbeddedOptions {
  readonly minFreeBytes?: number | undefined;
  /** Called when the engine has panicked: another query would block this thread, so the process must end. */
  readonly onBroken?: ((error: Error) => void) | undefined;
}

/** @throws Error with SQLSTATE `53100` if the file system of the folder has too little free space */
export function checkFree(folder: string, minFreeBytes: number = MIN_FREE_BYTES): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= minFreeBytes) return;
  throw Object.assign(
    new Error(
      `less than ${Math.round(minFreeBytes / 1024 / 1024)} MiB free on the file system of ${folder}: writes are refused`,
    ),
    { code: '53100' },
  );
}

function isFull(folder: string, minFreeBytes: number | undefined): boolean {
  try {
    checkFree(folder, minFreeBytes);
    return false;
  } catch {
    return true;
  }
}

/** A panic makes the engine unusable, unlike an error of a statement. */
function isPanic(error: unknown): error is Error {
  return (
    error instanceof Error && (error.name === 'RuntimeError' || (error as { severity?: unknown }).severity === 'PANIC')
  );
}

/** One engine with two queues. */
export interface EmbeddedLines {
  readonly ordinary: Engine;
  /** Its statements precede others waiting for a turn of the event loop. */
  readonly urgent: Engine;
}

/**
 * Wraps PGlite for kysely: yields to the event loop between statements, refuses writes on a full disk, and rejects
 * everything after a panic.
 */
export function guardEmbedded(
  pglite: PGlite,
  folder: string,
  { minFreeBytes, onBroken }: EmbeddedOptions,
): EmbeddedLines {
  const engine: Engine = pglite;
  let broken: Error | undefined;
  /** Number of pending urgent statements. */
  let urgentOnes = 0;
  const fail = (error: unknown): never => {
    if (isPanic(error) && !broken) {
      broken = error;
      onBroken?.(error);
    }
    throw error;
  };
  const guarded =
    (inTurn: InTurn) =>
    (ask: Ask): Ask =>
    (query, ...more) =>
      inTurn(async () => {
        if (broken) throw broken;
        if (!/^\s*select\b/i.test(query)) checkFree(folder, minFreeBytes);
        return ask<never>(query, ...more).catch(fail);
      });
  const ordinary: InTurn = (work) => loopTurn.hasTime().then(work);
  /** Statements inside a transaction do not yield while an urgent statement waits for that transaction. */
  const within: InTurn = (work) => (urgentOnes > 0 ? loopTurn.hasTimeForUrgent() : loopTurn.hasTime()).then(work);
  const urgent: InTurn = async (work) => {
    urgentOnes += 1;
    try {
      await loopTurn.hasTimeForUrgent();
      return await work();
    } finally {
      urgentOnes -= 1;
    }
  };
  const lineOf = (alone: InTurn, inTransaction: InTurn, whole: InTurn = (work) => work()): Engine => ({
    get closed() {
      return engine.closed;
    },
    // Closing writes a checkpoint, which may panic. Without one, the next start replays the log as after a crash.
    close: () => (broken || isFull(folder, minFreeBytes) ? Promise.resolve() : engine.close()),
    query: guarded(alone)((...of) => engine.query<never>(...of)),
    transaction: (work) =>
      whole(() =>
        engine.transaction((tx) =>
          work({ query: guarded(inTransaction)((...of) => tx.query<never>(...of)), rollback: () => tx.rollback() }),
        ),
      ).catch(fail),
  });
  return { ordinary: lineOf(ordinary, within), urgent: lineOf(urgent, urgent, urgent) };
}
