import { uuidv7 } from 'uuidv7';
import { findSignal } from '../../../db/events.ts';
import type { Db } from '../../../db/executor.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { isReserved } from '../../../protocol/event-types.ts';
import type { Event } from '../../../protocol/events.ts';
import { undecidedEventView } from '../record/event-view.ts';
import { openOwnSession } from './own-session.ts';
import type { SessionRegistry } from './session-registry.ts';
import { streamOfKey } from '../record/key-stream.ts';
import { wordsOf } from '../signals/check-signal.ts';
import { digestOf, type Report } from '../signals/reports.ts';

interface ReportParts {
  readonly db: Db;
  readonly registry: SessionRegistry;
}

/** `replayed`: it was stored for an earlier request with the same key. */
export interface ReportedEvent {
  readonly event: Event;
  readonly replayed: boolean;
}

function checkSame(stored: string | null, report: Report): void {
  if (stored !== digestOf(report))
    throw new ProtocolError('idempotency_conflict', 'this Idempotency-Key was used for another event');
}

async function storedEvent(
  db: Db,
  session: string,
  stream: string,
  report: Report,
): Promise<ReportedEvent | undefined> {
  const row = await findSignal(db, session, stream, 1);
  if (!row) return undefined;
  checkSame(row.body_digest, report);
  return { event: undecidedEventView(row), replayed: true };
}

/**
 * Stores what a student's client reports; resolves after COMMIT. With a key a repetition answers the stored event
 * again, also after the session's end or the server's.
 * @throws ProtocolError `reserved_signal`, `not_found`, `session_over`, `session_not_live` or `idempotency_conflict`
 */
export async function reportEvent(
  parts: ReportParts,
  who: { readonly userId: string },
  sessionId: string,
  report: Report,
  key: string | undefined,
): Promise<ReportedEvent> {
  if (isReserved(report.type)) throw new ProtocolError('reserved_signal', `${report.type} is reserved for the server`);
  const words = wordsOf(report.type, report.data);
  if (words) report = { ...report, data: words };
  const stream = key === undefined ? uuidv7() : streamOfKey(sessionId, key);
  try {
    const session = await openOwnSession(parts, sessionId, who);
    if (key !== undefined) {
      const stored =
        session.reports.isComplete || session.reports.find(stream)
          ? undefined
          : await storedEvent(parts.db, sessionId, stream, report);
      if (stored) return stored;
      // Asked after the query: the same request may have come meanwhile.
      const known = session.reports.find(stream);
      if (known) {
        checkSame(known.digest, report);
        return { event: undecidedEventView(await known.event), replayed: true };
      }
    }
    return { event: undecidedEventView(await session.report(report, stream, key !== undefined)), replayed: false };
  } catch (error) {
    const over = error instanceof ProtocolError && error.code === 'session_over';
    const stored = over && key !== undefined ? await storedEvent(parts.db, sessionId, stream, report) : undefined;
    if (stored) return stored;
    throw error;
  }
}
