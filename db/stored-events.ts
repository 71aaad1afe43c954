import { hash } from 'node:crypto';
import type { EventRow } from './events.ts';

/** Events of one session stored by a transaction. */
export interface StoredEvents {
  readonly sessionId: string;
  /** Salt of the session: once it is deleted with the session, digests cannot be guessed. */
  readonly salt: Uint8Array;
  readonly events: readonly EventRow[];
}

/** Longer lists are split, so that an entry stays readable. */
export const EVENTS_PER_ENTRY = 500;

/** Audit record of an event row: its digest, sequence number and offset. */
export interface LoggedEvent {
  readonly seq: number;
  readonly offset: number;
  /** `eventDigest`, base64url. */
  readonly digest: string;
}

const DOMAIN = 'invigil/audit/event/v1';

/**
 * Salted commitment to an event row, base64url: SHA-256 over the domain, the salt (hexadecimal) and the columns, one
 * per line, as UTF-8. Only the last column, the stored details, can contain a line break.
 */
export function eventDigest(event: Omit<EventRow, 'details'>, details: string, salt: Uint8Array): string {
  const row = `${DOMAIN}\n${Buffer.from(salt).toString('hex')}\n${event.id}\n${event.session_id}\n${event.seq}\n${event.change_offset}\n${event.type}\n${event.source}\n${event.severity}\n${event.weight}\n${event.started_at.toISOString()}\n${
    event.ended_at?.toISOString() ?? ''
  }\n${event.duration_ms ?? ''}\n${event.confidence ?? ''}\n${event.review ?? ''}\n${event.stream ?? ''}\n${event.client_seq ?? ''}\n${event.body_digest ?? ''}\n${details}`;
  return hash('sha256', row, 'base64url');
}

export const logged = (event: EventRow, salt: Uint8Array): LoggedEvent => ({
  seq: event.seq,
  offset: event.change_offset,
  digest: eventDigest(event, JSON.stringify(event.details), salt),
});
