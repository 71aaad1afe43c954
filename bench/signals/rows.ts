import { hash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { EventRow } from '../../db/events.ts';

interface Stream {
  readonly session: string;
  readonly id: string;
  /** Signals so far. */
  count: number;
}

/** Rows as the server stores them for signals: several sessions in turn, each its own stream. */
export class SignalRows {
  readonly #streams: readonly Stream[];
  #turn = 0;

  /** @param sessions without events */
  constructor(sessions: readonly string[]) {
    this.#streams = sessions.map((session) => ({ session, id: uuidv7(), count: 0 }));
  }

  take(count: number): EventRow[] {
    return Array.from({ length: count }, () => this.#next());
  }

  #next(): EventRow {
    const stream = this.#streams[this.#turn++ % this.#streams.length]!;
    const n = ++stream.count;
    const now = new Date();
    const details = { clientAt: now.toISOString(), data: { hidden: true } };
    return {
      id: uuidv7(),
      session_id: stream.session,
      seq: n,
      change_offset: n,
      type: 'TAB_SWITCH',
      source: 'client',
      severity: 'medium',
      weight: 3,
      started_at: now,
      ended_at: now,
      duration_ms: 0,
      confidence: null,
      details,
      review: null,
      stream: stream.id,
      client_seq: n,
      body_digest: hash('sha256', JSON.stringify(['TAB_SWITCH', details.clientAt, details.data]), 'base64url'),
    };
  }
}
