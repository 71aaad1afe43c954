import { DatabaseRefusedError, DatabaseUnavailableError } from '../unavailable.ts';
import { canPass, describeFault } from './connection-fault.ts';
import { Servers } from './servers.ts';

const POLL_MS = 500;
const TELL_MS = 10_000;
const ASK_MS = 5000;

export interface WaitOptions {
  readonly url: string;
  readonly waitMs: number;
  /** Called at the first failure, and then every 10 s. */
  readonly onWait: (error: Error) => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits until PostgreSQL can be used: it may start after the server, or be in a failover.
 * @throws DatabaseRefusedError if waiting cannot help, DatabaseUnavailableError if the time is up, or the reason of the
 * signal
 */
export async function waitForPostgres({ url, waitMs, onWait, signal }: WaitOptions): Promise<void> {
  const servers = new Servers(url);
  const until = performance.now() + waitMs;
  let toldAt = -Infinity;
  for (;;) {
    try {
      const client = await servers.connect({ query_timeout: ASK_MS }, '-start');
      return await client.end();
    } catch (error) {
      const cause = error instanceof DatabaseUnavailableError ? (error.cause as Error) : (error as Error);
      if (cause instanceof DatabaseRefusedError || !canPass(cause)) throw refusal(cause);
      signal?.throwIfAborted();
      const now = performance.now();
      if (now >= until)
        throw new DatabaseUnavailableError(
          new Error(`the database did not come up within ${Math.round(waitMs / 1000)} s: ${describeFault(cause)}`, {
            cause,
          }),
        );
      if (now - toldAt >= TELL_MS) {
        toldAt = now;
        onWait(cause);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    signal?.throwIfAborted();
  }
}

const refusal = (cause: Error) =>
  cause instanceof DatabaseRefusedError
    ? cause
    : new DatabaseRefusedError(`the database refuses the connection: ${describeFault(cause)}`, { cause });
