import { listAnalysisMinutes } from '../../db/analysis-minutes.ts';
import { snapshot } from '../../db/audit/leaves.ts';
import { findEnrolment } from '../../db/enrolments.ts';
import { type EventRow, listEvents } from '../../db/events.ts';
import { type EvidenceRow, listEvidenceOf } from '../../db/evidence.ts';
import { findExam } from '../../db/exams.ts';
import type { Executor } from '../../db/executor.ts';
import { listReadmissions } from '../../db/readmissions.ts';
import { listReviews, type ReviewRow } from '../../db/reviews.ts';
import { listSessionStaff } from '../../db/session-staff.ts';
import { findSession } from '../../db/sessions.ts';
import { findUser } from '../../db/users.ts';
import { findVerdictState } from '../../db/verdict-case.ts';
import { listVerdicts } from '../../db/verdicts.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { auditIn, type ProofParts } from '../audit/proofs.ts';
import { checkInOfSession } from '../check-in/record.ts';
import { attentionOf } from '../session/rules/attended.ts';
import { readReleases } from '../session/review/releases-view.ts';
import { levelOf } from '../session/rules/risk.ts';

/** Rows of each kind in one report, at most. */
const MOST = 5000;
const PAGE = 500;

export type ReportData = Awaited<ReturnType<typeof read>>;

/** Everything that a report states, of one moment: its figures add up. @throws ProtocolError `not_found` */
export const readReport = ({ db, verifierKey }: ProofParts, session: string): Promise<ReportData> =>
  snapshot(db, (tx) => read(tx, verifierKey, session));

async function read(tx: Executor, verifierKey: string, id: string) {
  const session = await findSession(tx, id);
  const [student, exam] = session
    ? [await findUser(tx, session.student_id), await findExam(tx, session.exam_id)]
    : [undefined, undefined];
  if (!session || !student || !exam) throw new ProtocolError('not_found', 'session not found');
  const events = await allEvents(tx, id);
  const { policy } = session;
  return {
    session,
    student,
    exam,
    seat: (await findEnrolment(tx, exam.id, student.id))?.seat ?? null,
    events,
    reviews: (await allReviews(tx, id)).toReversed(),
    verdicts: await listVerdicts(tx, id, MOST),
    releases: await readReleases(tx, id, (await findVerdictState(tx, id))?.officer_id ?? null),
    checkIn: await checkInOfSession(tx, id),
    readmissions: await listReadmissions(tx, id, MOST),
    staff: await listSessionStaff(tx, id),
    evidence: await listEvidenceOf(tx, id, MOST),
    analysis: await listAnalysisMinutes(tx, { session: id, limit: MOST }),
    audit: await auditIn(tx, verifierKey, id),
    reviewedLevel: levelOf(policy, session.reviewed_score),
    attention: attentionOf(policy, events),
  };
}

async function allEvents(tx: Executor, session: string): Promise<EventRow[]> {
  const events: EventRow[] = [];
  while (events.length < MOST) {
    const page = await listEvents(tx, { session, afterSeq: events.at(-1)?.seq ?? 0, limit: PAGE });
    events.push(...page);
    if (page.length < PAGE) break;
  }
  return events;
}

async function allReviews(tx: Executor, session: string): Promise<ReviewRow[]> {
  const reviews: ReviewRow[] = [];
  while (reviews.length < MOST) {
    const page = await listReviews(tx, { session }, { cursor: reviews.at(-1)?.id, limit: PAGE });
    reviews.push(...page);
    if (page.length < PAGE) break;
  }
  return reviews;
}

/** Pictures of the report, by event. */
export type ReportPictures = ReadonlyMap<string, readonly { readonly row: EvidenceRow; readonly jpeg: Uint8Array }[]>;
