import { findSignal } from '../../../db/events.ts';
import type { Readmission } from '../../../db/available-exams.ts';
import type { Db } from '../../../db/executor.ts';
import type { StudentNames } from '../../../db/sessions.ts';
import type { Command } from '../../../protocol/console.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Event } from '../../../protocol/events.ts';
import { undecidedEventView } from '../record/event-view.ts';
import { digestOf, type Report } from '../signals/reports.ts';
import type { LiveSession } from './live-session.ts';
import type { SessionRequests } from '../requests/session-requests.ts';
import type { CommandAuthor } from './proctor-commands.ts';
import type { Sessions } from './session-door.ts';

/** `replayed`: it was stored for an earlier request with the same key. */
export interface ReportedEvent {
  readonly event: Event;
  readonly replayed: boolean;
}

export interface ReportAct {
  readonly report: Report;
  readonly stream: string;
  /** The request has a key: a repetition answers the stored event. */
  readonly keyed: boolean;
}

type Direction = Parameters<SessionRequests['askHeadTurn']>[1];
type FaceCheckDecision = Parameters<SessionRequests['decideFaceCheck']>[2];

interface By {
  readonly by: string;
}

/** What people and their programs ask of a running session. */
export const sessionActs = (db: Db) => ({
  command: (session: LiveSession, { command, by }: { readonly command: Command; readonly by: CommandAuthor }) =>
    session.command(command, by),
  end: (session: LiveSession, { by }: By) => session.end('ended', by),
  read: (session: LiveSession, { upTo, by }: By & { readonly upTo: number }) => session.read(upTo, by),
  lowerHand: async (session: LiveSession, { by }: By) => {
    await session.lowerHand(by);
    return session.isHandRaised;
  },
  continued: (session: LiveSession, { readmission }: { readonly readmission: Readmission }) =>
    session.continued(readmission),
  moveTo: async (session: LiveSession, { room }: { readonly room: string | null }) => session.moveTo(room),
  rename: async (session: LiveSession, { names }: { readonly names: StudentNames }) => session.rename(names),
  snapshot: (session: LiveSession, { by }: By) => session.snapshot(by),
  askHeadTurn: (session: LiveSession, { by, direction }: By & { readonly direction?: Direction }) =>
    session.request((requests) => requests.askHeadTurn(by, direction)),
  askRoomLook: (session: LiveSession, { by, reason }: By & { readonly reason?: string | undefined }) =>
    session.request((requests) => requests.askRoomLook(by, reason)),
  beginFaceCheck: (session: LiveSession, { by }: By) => session.request((requests) => requests.beginFaceCheck(by)),
  decideFaceCheck: (
    session: LiveSession,
    { by, event, decision }: By & { readonly event: string; readonly decision: FaceCheckDecision },
  ) => session.request((requests) => requests.decideFaceCheck(event, by, decision)),
  report: (session: LiveSession, act: ReportAct) => storeReport(db, session, act),
  analyse: (session: LiveSession, { jpeg }: { readonly jpeg: Uint8Array }) => session.analyse(jpeg),
});

export type SessionActs = ReturnType<typeof sessionActs>;

/** The door, as edges have it. */
export type LiveSessions = Sessions<SessionActs>;

async function storeReport(db: Db, session: LiveSession, { report, stream, keyed }: ReportAct): Promise<ReportedEvent> {
  if (keyed) {
    const stored =
      session.reports.isComplete || session.reports.find(stream)
        ? undefined
        : await storedReport(db, session.id, stream, report);
    if (stored) return stored;
    // Asked after the query: the same request may have come meanwhile.
    const known = session.reports.find(stream);
    if (known) {
      checkSame(known.digest, report);
      return { event: undecidedEventView(await known.event), replayed: true };
    }
  }
  return { event: undecidedEventView(await session.report(report, stream, keyed)), replayed: false };
}

/** @throws ProtocolError `idempotency_conflict` */
function checkSame(stored: string | null, report: Report): void {
  if (stored !== digestOf(report))
    throw new ProtocolError('idempotency_conflict', 'this Idempotency-Key was used for another event');
}

/** The event of an earlier request with the same key. @throws ProtocolError `idempotency_conflict` */
export async function storedReport(
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
