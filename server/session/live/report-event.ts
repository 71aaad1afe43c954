import { uuidv7 } from 'uuidv7';
import { ProtocolError } from '../../../protocol/errors.ts';
import { isReserved } from '../../../protocol/event-types.ts';
import { checkOwnSession, type OwnSessionParts } from './own-session.ts';
import { streamOfKey } from '../record/key-stream.ts';
import { wordsOf } from '../signals/check-signal.ts';
import type { Report } from '../signals/reports.ts';
import { type LiveSessions, type ReportedEvent, storedReport } from './session-acts.ts';

type ReportParts = OwnSessionParts & { readonly sessions: LiveSessions };

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
    await checkOwnSession(parts, sessionId, who);
    return await parts.sessions.ask(sessionId, 'report', { report, stream, keyed: key !== undefined });
  } catch (error) {
    const over = error instanceof ProtocolError && error.code === 'session_over';
    const stored = over && key !== undefined ? await storedReport(parts.db, sessionId, stream, report) : undefined;
    if (stored) return stored;
    throw error;
  }
}
