import type { ListedCheckInRow } from '../../db/check-in-lists.ts';
import type { CheckInPictureRow } from '../../db/check-in-pictures.ts';
import type { CheckInDecisionRow, CheckInRow } from '../../db/check-ins.ts';
import { conversationOf, type Policy } from '../../protocol/policy.ts';
import type {
  CheckIn,
  CheckInDecision,
  CheckInListItem,
  CheckInPicture,
  CheckInRecord,
} from '../../protocol/http/check-in.ts';
import type { CheckInWants } from '../../protocol/http/check-in-terms.ts';
import { startUntil } from '../session/live/check-in-gate.ts';
import { extraMinutesOf, grantedTo } from '../session/live/granted.ts';
import { missingKinds, presentKinds } from './kinds.ts';

export const pictureView = ({ id, kind, at, digest }: CheckInPictureRow): CheckInPicture => ({
  id,
  kind,
  at: at.toISOString(),
  digest: Buffer.from(digest).toString('base64url'),
});

/** @param names `none`: for students whom the policy does not show who it was; `plain`: without the address */
export const decisionView = (row: CheckInDecisionRow, names: 'full' | 'plain' | 'none'): CheckInDecision => ({
  id: row.id,
  decision: row.decision,
  reason: row.reason,
  retake: row.retake,
  shown: row.shown,
  missing: row.missing,
  by: names === 'none' ? null : { id: row.by, name: row.by_name, ...(names === 'full' && { email: row.by_email }) },
  at: row.created_at.toISOString(),
});

/** How students read who it was: as in messages of staff. */
export const namesFor = (policy: Pick<Policy, 'conversation'>): 'plain' | 'none' =>
  conversationOf(policy).staffNames ? 'plain' : 'none';

export const wantsView = ({ photo, document, room, keepDays }: CheckInRow['wants']): CheckInWants => ({
  photo,
  document,
  room,
  keepDays,
});

const time = (at: Date | null): string | null => at?.toISOString() ?? null;

/** The exam with what the student's enrolment adds, as a start reads them. */
const termsOf = ({ exam, enrolment }: ListedCheckInRow) => ({
  ...exam,
  extra_minutes: enrolment?.extra_minutes ?? null,
  detection: enrolment?.detection ?? null,
  profile: enrolment?.profile ?? null,
});

function accommodationsOf(row: ListedCheckInRow): CheckInListItem['accommodations'] {
  const granted = grantedTo(termsOf(row));
  if (!granted) return null;
  const { extraMinutes, profile } = granted;
  return {
    extraMinutes,
    breakMinutes: profile?.breakMinutes ?? 0,
    headCovering: profile?.headCovering ?? false,
    profile: profile?.name ?? null,
    note: profile?.note ?? null,
  };
}

/** Once pictures are gone or the check-in is over, what was shown is what the newest decision says. */
function shownOf({ erased_at, closed_at, wants, pictures, decision }: ListedCheckInRow) {
  if (erased_at !== null || closed_at !== null)
    return { present: decision?.shown ?? [], missing: decision?.missing ?? [] };
  return { present: presentKinds(pictures), missing: missingKinds(wants, pictures) };
}

/** @param viewers other staff who have it open */
export function listItemView(row: ListedCheckInRow, viewers: CheckInListItem['viewers']): CheckInListItem {
  const until = startUntil(row.exam, extraMinutesOf(termsOf(row)), !row.has_sat);
  return {
    id: row.id,
    state: row.state,
    revision: row.revision,
    exam: { id: row.exam_id, title: row.exam.title },
    student: {
      id: row.student_id,
      name: row.student.name,
      email: row.student.email,
      studentNumber: row.student.student_number,
    },
    room: row.room,
    seat: row.enrolment?.seat ?? null,
    accommodations: accommodationsOf(row),
    openedAt: row.opened_at.toISOString(),
    since: row.since.toISOString(),
    startUntil: until === undefined ? null : new Date(until).toISOString(),
    ...shownOf(row),
    decision: row.decision && decisionView(row.decision, 'full'),
    sessionId: row.session_id,
    erasedAt: time(row.erased_at),
    viewers,
  };
}

export const checkInView = (
  row: ListedCheckInRow,
  {
    pictures,
    decisions,
    mayDecide,
    viewers,
  }: {
    readonly pictures: readonly CheckInPictureRow[];
    readonly decisions: readonly CheckInDecisionRow[];
    readonly mayDecide: boolean;
    readonly viewers: CheckInListItem['viewers'];
  },
): CheckIn => ({
  ...listItemView(row, viewers),
  wants: wantsView(row.wants),
  pictures: pictures.filter(({ submitted }) => submitted).map(pictureView),
  decisions: decisions.map((decision) => decisionView(decision, 'full')),
  mayDecide,
});

/** Of a session, for its record. @param decisions newest first */
export const recordView = (
  row: CheckInRow,
  {
    pictures,
    decisions,
    names,
  }: {
    readonly pictures: readonly CheckInPictureRow[];
    readonly decisions: readonly CheckInDecisionRow[];
    readonly names: 'full' | 'plain' | 'none';
  },
): CheckInRecord => ({
  id: row.id,
  openedAt: row.opened_at.toISOString(),
  usedAt: (row.closed_at ?? row.since).toISOString(),
  wants: wantsView(row.wants),
  decisions: decisions.toReversed().map((decision) => decisionView(decision, names)),
  pictures: pictures.filter(({ submitted }) => submitted).map(pictureView),
  erasedAt: time(row.erased_at),
});
