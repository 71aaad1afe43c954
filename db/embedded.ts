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
/**
 * Minimum free inodes. After a file that could not be created, PGlite's file system keeps its name: the engine finds it
 * to exist and not to open for the rest of the process.
 */
const MIN_FREE_INODES = 32;

export interface EmbeddedOptions {
  readonly minFreeBytes?: number | undefined;
  readonly minFreeInodes?: number | undefined;
  /** Called when the engine can no longer be used: another query might block this thread, so the process must end. */
  readonly onBroken?: ((error: Error) => void) | undefined;
}

type Minimum = Pick<EmbeddedOptions, 'minFreeBytes' | 'minFreeInodes'>;

/** @throws Error with SQLSTATE `53100` if the file system of the folder has too little free space or too few inodes */
export function checkFree(
  folder: string,
  { minFreeBytes = MIN_FREE_BYTES, minFreeInodes = MIN_FREE_INODES }: Minimum = {},
): void {
  const { bavail, bsize, files, ffree } = statfsSync(folder);
  // File systems without a fixed number of inodes report 0.
  const hasInodes = files === 0 || ffree >= minFreeInodes;
  if (hasInodes && bavail * bsize >= minFreeBytes) return;
  const missing = hasInodes ? `${Math.round(minFreeBytes / 1024 / 1024)} MiB` : `${minFreeInodes} inodes`;
  throw Object.assign(new Error(`less than ${missing} free on the file system of ${folder}: writes are refused`), {
    code: '53100',
  });
}

function isFull(folder: string, minimum: Minimum): boolean {
  try {
    checkFree(folder, minimum);
    return false;
  } catch {
    return true;
  }
}

/** SQLSTATE duplicate_file: a file that could not be created earlier, for want of space or rights. */
const DUPLICATE_FILE = '58P02';

/** Errors after which the engine cannot be used any more, unlike an error of a statement. */
function isPanic(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { severity, code } = error as { severity?: unknown; code?: unknown };
  return error.name === 'RuntimeError' || severity === 'PANIC' || code === DUPLICATE_FILE;
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
  { onBroken, ...minimum }: EmbeddedOptions,
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
        if (!/^\s*select\b/i.test(query)) checkFree(folder, minimum);
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
    close: () => (broken || isFull(folder, minimum) ? Promise.resolve() : engine.close()),
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
