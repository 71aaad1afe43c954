import { statfsSync } from 'node:fs';
import type { PGlite } from '@electric-sql/pglite';
import type { PGliteDialectConfig } from 'kysely';
import { loopTurn } from './loop-turn.ts';

/** What kysely uses of PGlite. */
type Engine = Exclude<PGliteDialectConfig['pglite'], (...of: never[]) => unknown>;
type Ask = Engine['query'];
/** Does the work when the event loop has time for it. */
type InTurn = <R>(work: () => Promise<R>) => Promise<R>;

/**
 * Writing is refused below this: a log segment has 16 MiB, and where none can be made PGlite panics. In a COMMIT it
 * never returns from that, and this thread hangs; so it must not come to it. What is refused is tried again, and
 * nothing is acknowledged meanwhile.
 */
export const MIN_FREE_BYTES = 24 * 1024 * 1024;

export interface EmbeddedOptions {
  readonly minFreeBytes?: number | undefined;
  /** The engine has panicked: another query would hang this thread. Whoever is told ends the process. */
  readonly onBroken?: ((error: Error) => void) | undefined;
}

/** @throws Error with the SQLSTATE `53100` when too little is left on the file system of the folder */
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

/** An error of one statement leaves the engine usable, a panic does not. */
function isPanic(error: unknown): error is Error {
  return (
    error instanceof Error && (error.name === 'RuntimeError' || (error as { severity?: unknown }).severity === 'PANIC')
  );
}

/** One engine, and the two lines before it. */
export interface EmbeddedLines {
  readonly ordinary: Engine;
  /** Its statements go before what else waits for this turn of the event loop. */
  readonly urgent: Engine;
}

/**
 * PGlite as kysely takes it: it lets the event loop go on between statements, does not write to a full disk, and after
 * a panic it is left alone.
 */
export function guardEmbedded(
  pglite: PGlite,
  folder: string,
  { minFreeBytes, onBroken }: EmbeddedOptions,
): EmbeddedLines {
  const engine = pglite as Engine;
  let broken: Error | undefined;
  /** Urgent statements that have not been answered. */
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
  /** Who waits for a transaction waits for its turns, too: it takes none while that is urgent. */
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
    get ready() {
      return engine.ready;
    },
    get waitReady() {
      return engine.waitReady;
    },
    // Closing asks the engine, too.
    close: () => (broken ? Promise.resolve() : engine.close()),
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
