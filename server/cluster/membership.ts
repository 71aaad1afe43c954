import { hostname } from 'node:os';
import { uuidv7 } from 'uuidv7';
import type { Executor } from '../../db/executor.ts';
import { beat, forgetAllNodes, forgetNode, forgetSilentNodes } from '../../db/nodes.ts';
import type { Timers } from '../clock.ts';
import type { Logger } from '../log.ts';

const BEAT_MS = 2000;
/** Of beats: every minute. */
const FORGET_EVERY = 30;

export interface MembershipParts {
  readonly db: Executor;
  readonly timers: Timers;
  readonly log: Logger;
  /** False for the embedded database, which is never shared. */
  readonly isShared: boolean;
  /** No other process serves this database: what a dead one has left ends at once. */
  readonly isAlone: boolean;
  readonly signal: AbortSignal;
}

/** This process among those that serve the database: its lease keeps others from its sessions. */
export class Membership {
  /** New with each start: a process that is started again owns nothing of what it owned before. */
  readonly id = uuidv7();
  readonly isShared: boolean;
  readonly #name = hostname();
  readonly #parts: MembershipParts;
  #beats = 0;
  #beating: Promise<void> | undefined;
  #left = false;

  constructor(parts: MembershipParts) {
    this.#parts = parts;
    this.isShared = parts.isShared;
  }

  /** Joins. Without a database it does so as soon as there is one. */
  async start(): Promise<void> {
    const { db, timers, isAlone, signal, log } = this.#parts;
    if (!this.isShared) return;
    if (isAlone)
      await forgetAllNodes(db).catch((error: unknown) => log.warn({ err: error }, 'leases of earlier processes stay'));
    await this.#beat();
    signal.addEventListener(
      'abort',
      timers.every(BEAT_MS, () => void this.#beat()),
      { once: true },
    );
  }

  /** Everything is written: others take the sessions over at once. */
  async leave(): Promise<void> {
    this.#left = true;
    await this.#beating;
    if (this.isShared) await forgetNode(this.#parts.db, this.id).catch(() => {});
  }

  #beat(): Promise<void> {
    // One at a time: a slow database is not asked more often.
    this.#beating ??= this.#beatOnce().finally(() => (this.#beating = undefined));
    return this.#beating;
  }

  async #beatOnce(): Promise<void> {
    const { db, log } = this.#parts;
    if (this.#left) return;
    try {
      await beat(db, { id: this.id, name: this.#name });
      if (this.#beats++ % FORGET_EVERY === 0) await forgetSilentNodes(db);
    } catch (error) {
      log.debug({ err: error }, 'the lease of this process could not be extended');
    }
  }
}
