import { setMaxListeners } from 'node:events';

/** Stages of a shutdown, in order: each is complete before the next one begins. */
export const STAGES = [
  /** No new connections. */
  'listener',
  /** All sockets are closed over the drain time; their sessions store what the close leads to. */
  'sockets',
  'sessions',
  /** Before the writes: each stored picture has a row to write. */
  'evidence',
  'writes',
  /** Before the database: an open request would only fail on it. */
  'requests',
  /** After the writes: other processes own its sessions from then on. */
  'node',
  /** Before the database: each mail's outcome is recorded. */
  'mail',
  'camera-watches',
  'security-log',
  'inference',
  'audit-log',
  'database',
  'database-lock',
] as const;

export type Stage = (typeof STAGES)[number];

/** Periodic work of the server, at most: more listeners are a leak. */
const MOST_WORK = 30;
/** Whatever the drain time, what waits to be stored gets this long. */
const MIN_STORE_MS = 2000;

interface ShutdownTimes {
  /** For closing the sockets. */
  readonly drainMs: number;
  /** For storing what waits, at each stage that stores. */
  readonly storeMs: number;
}

type Close = (times: ShutdownTimes) => void | Promise<void>;

/** One signal and one order for the end of a server, whether it ran or failed to start. */
export class Shutdown {
  readonly #controller = new AbortController();
  readonly #closes = new Map<Stage, Close[]>();

  constructor() {
    // One for each periodic work.
    setMaxListeners(MOST_WORK, this.#controller.signal);
  }

  /** Aborted when the shutdown begins: periodic work ends. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  on(stage: Stage, close: Close): void {
    const closes = this.#closes.get(stage);
    if (closes) closes.push(close);
    else this.#closes.set(stage, [close]);
  }

  /** A second call does nothing. @throws the first error, after all stages */
  async run(drainMs: number): Promise<void> {
    if (this.signal.aborted) return;
    this.#controller.abort();
    const times = { drainMs, storeMs: Math.max(MIN_STORE_MS, drainMs) };
    const errors: unknown[] = [];
    for (const close of STAGES.flatMap((stage) => this.#closes.get(stage) ?? []))
      try {
        await close(times);
      } catch (error) {
        errors.push(error);
      }
    if (errors.length > 0) throw errors[0];
  }
}
