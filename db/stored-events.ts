import type { EventWrite } from './events.ts';
import { saltedDigest } from './audit-hash.ts';

/** Events of one session, as a transaction writes them. */
export interface StoredEvents {
  readonly sessionId: string;
  /** The session's own; what is erased with the session can be guessed no more. */
  readonly salt: Uint8Array;
  readonly events: readonly EventWrite[];
}

/** Longer lists are split: an entry stays readable. */
export const EVENTS_PER_ENTRY = 200;

/** What the log says of an event's row: its facts in clear, its details by their salted digest (base64url). */
export interface EventFacts {
  readonly id: string;
  readonly seq: number;
  readonly offset: number;
  readonly type: string;
  readonly weight: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly confidence: number | null;
  readonly review: string | null;
  readonly details: string;
}

/** `details`: the bytes that are stored, which begin with the event's id so that two events never share a digest. */
export const factsOf = (event: EventWrite, details: string, salt: Uint8Array): EventFacts => ({
  id: event.id,
  seq: event.seq,
  offset: event.change_offset,
  type: event.type,
  weight: event.weight,
  startedAt: event.started_at.toISOString(),
  endedAt: event.ended_at?.toISOString() ?? null,
  confidence: event.confidence,
  review: event.review,
  details: saltedDigest('details', salt, `${event.id} ${details}`).toString('base64url'),
});
