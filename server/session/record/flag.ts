import { uuidv7 } from 'uuidv7';
import type { NewAuditEntry } from '../../../db/audit/append.ts';
import type { EventRow } from '../../../db/events.ts';
import { UNTOLD_EVENTS } from '../../../protocol/event-types.ts';
import type { Event } from '../../../protocol/events.ts';
import { withoutAttention } from './event-view.ts';

/** What a person saw and names. Times are server ms. */
export interface NewFlag {
  readonly by: string;
  readonly category: string;
  readonly label: string;
  readonly weight: number;
  readonly note: string | undefined;
  /** Undefined: now. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

export const SNAPSHOT = 'PROCTOR_SNAPSHOT';

const UNTOLD: ReadonlySet<string> = new Set(UNTOLD_EVENTS);

/** Events that the student's client is not sent, and that the student does not read before a verdict is released. */
export const isForStaff = ({ type, source }: Pick<EventRow, 'type' | 'source'>): boolean =>
  source === 'proctor' && UNTOLD.has(type);

/** An event as its student reads it once a verdict is released: what staff noted for each other is left out. */
export function toItsStudent(event: Event): Event {
  if (!isForStaff(event)) return withoutAttention(event);
  const { note: _note, ...details } = event.details;
  return { ...event, details };
}

/** A flag, or a picture that a person keeps, for the audit log. */
export const actOfFlag = (event: EventRow, by: string, category?: string): NewAuditEntry & { id: string } => ({
  id: uuidv7(),
  type: category === undefined ? 'SNAPSHOT_TAKEN' : 'SESSION_FLAGGED',
  entityId: event.session_id,
  actor: by,
  at: event.started_at,
  payload: { eventId: event.id, ...(category !== undefined && { category, weight: event.weight }) },
});
