import { type RawBuilder, sql } from 'kysely';
import type { AccommodationTerms, DetectionChanges } from '../protocol/accommodations.ts';
import type { CheckInPictureKind, CheckInState } from '../protocol/check-in-bounds.ts';
import type { CheckInDecisionRow, CheckInRow } from './check-ins.ts';
import { type EnrolledProfile, joinedProfile } from './enrolments.ts';
import type { ExamRow } from './exams.ts';
import type { Executor } from './executor.ts';
import { checkInSeenBy, type Viewer } from './visibility.ts';

/** A check-in as staff read it in a list. */
export interface ListedCheckInRow extends CheckInRow {
  readonly exam: Pick<
    ExamRow,
    'title' | 'starts_at' | 'ends_at' | 'active_since' | 'duration_minutes' | 'late_start_minutes'
  >;
  readonly student: { readonly name: string; readonly email: string; readonly student_number: string | null };
  /** Null: not enrolled. */
  readonly enrolment: {
    readonly extra_minutes: number;
    readonly detection: DetectionChanges;
    readonly seat: string | null;
    readonly profile: EnrolledProfile | null;
  } | null;
  /** Whether the student has a session of the exam. */
  readonly has_sat: boolean;
  /** Numbers of what decisions are about: of what was submitted, before that of what there is. */
  readonly pictures: Readonly<Partial<Record<CheckInPictureKind, number>>>;
  readonly decision: CheckInDecisionRow | null;
}

/** Order: by the time of the state, or by the time of opening. */
export interface CheckInPlace {
  /** Ms; not used where the order is that of opening. */
  readonly value: number;
  readonly id: string;
}

export interface CheckInFilter {
  readonly exam?: string | undefined;
  readonly state?: CheckInState | undefined;
  readonly room?: string | undefined;
  readonly open: boolean;
  readonly seenBy: Viewer;
  readonly after: CheckInPlace | undefined;
  readonly limit: number;
}

/** Those who wait for staff come first who came first; of others the newest. */
const isLongestFirst = (state: CheckInState | undefined): boolean => state === 'waiting' || state === 'held';

type FlatRow = CheckInRow &
  ListedCheckInRow['exam'] & {
    student_name: string;
    student_email: string;
    student_number: string | null;
    extra_minutes: number | null;
    detection: DetectionChanges | null;
    seat: string | null;
    profile_id: string | null;
    profile_name: string | null;
    profile_version: number | null;
    profile_terms: AccommodationTerms | null;
    has_sat: boolean;
    pictures: ListedCheckInRow['pictures'] | null;
    decision_id: string | null;
    decision: CheckInDecisionRow['decision'] | null;
    decision_reason: string | null;
    decision_retake: CheckInPictureKind[] | null;
    decision_shown: CheckInPictureKind[] | null;
    decision_missing: CheckInPictureKind[] | null;
    decision_by: string | null;
    decision_at: Date | null;
    decision_by_name: string | null;
    decision_by_email: string | null;
  };

/** @param chosen the page's check-ins, found by their index before anything is joined */
const read = async (
  ex: Executor,
  chosen: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
): Promise<ListedCheckInRow[]> => {
  const { rows } = await sql<FlatRow>`
    WITH chosen AS MATERIALIZED (${chosen})
    SELECT chosen.*, exams.title, exams.starts_at, exams.ends_at, exams.active_since, exams.duration_minutes,
      exams.late_start_minutes, users.name AS student_name, users.email AS student_email, users.student_number,
      enrolments.extra_minutes, enrolments.detection, enrolments.seat, profiles.id AS profile_id,
      profiles.name AS profile_name, profiles.version AS profile_version, profile_versions.content AS profile_terms,
      EXISTS (SELECT FROM sessions WHERE sessions.exam_id = chosen.exam_id AND sessions.student_id = chosen.student_id) AS has_sat,
      (SELECT jsonb_object_agg(kind, number) FROM (SELECT kind, count(*)::integer AS number FROM check_in_pictures
        WHERE check_in_id = chosen.id AND (submitted OR chosen.state = 'collecting') GROUP BY kind) AS kinds) AS pictures,
      newest.id AS decision_id, newest.decision, newest.reason AS decision_reason, newest.retake AS decision_retake,
      newest.shown AS decision_shown, newest.missing AS decision_missing, newest.by AS decision_by,
      newest.created_at AS decision_at, author.name AS decision_by_name, author.email AS decision_by_email
    FROM chosen
    JOIN exams ON exams.id = chosen.exam_id
    JOIN users ON users.id = chosen.student_id
    LEFT JOIN enrolments ON enrolments.exam_id = chosen.exam_id AND enrolments.student_id = chosen.student_id
    LEFT JOIN profiles ON profiles.id = enrolments.accommodation_profile_id
    LEFT JOIN profile_versions ON profile_versions.profile_id = profiles.id AND profile_versions.version = profiles.version
    LEFT JOIN LATERAL (SELECT * FROM check_in_decisions WHERE check_in_id = chosen.id ORDER BY id DESC LIMIT 1) AS newest ON true
    LEFT JOIN users AS author ON author.id = newest.by
    ORDER BY ${order}`.execute(ex);
  return rows.map(nested);
};

const nested = (row: FlatRow): ListedCheckInRow => ({
  ...row,
  exam: row,
  student: { name: row.student_name, email: row.student_email, student_number: row.student_number },
  enrolment:
    row.extra_minutes === null || row.detection === null
      ? null
      : {
          extra_minutes: row.extra_minutes,
          detection: row.detection,
          seat: row.seat,
          profile: joinedProfile(row),
        },
  pictures: row.pictures ?? {},
  decision:
    row.decision_id === null
      ? null
      : {
          id: row.decision_id,
          check_in_id: row.id,
          decision: row.decision!,
          reason: row.decision_reason,
          retake: row.decision_retake!,
          shown: row.decision_shown!,
          missing: row.decision_missing!,
          by: row.decision_by!,
          created_at: row.decision_at!,
          by_name: row.decision_by_name!,
          by_email: row.decision_by_email!,
        },
});

export async function findListedCheckIn(ex: Executor, id: string): Promise<ListedCheckInRow | undefined> {
  const [row] = await read(ex, sql`SELECT * FROM check_ins WHERE id = ${id}::uuid`, sql`chosen.id`);
  return row;
}

/** Whoever still waits when an exam is over is no longer expected to be let in. */
const inSight = sql`exams.status IN ('scheduled', 'active')`;

/** Check-ins that staff see. Without an exam only open ones are asked for, of which there are as many as people wait. */
export async function listCheckIns(
  ex: Executor,
  { exam, state, room, open, seenBy, after, limit }: CheckInFilter,
): Promise<ListedCheckInRow[]> {
  const longestFirst = isLongestFirst(state);
  const direction = longestFirst ? sql`ASC` : sql`DESC`;
  const isAfter = longestFirst ? sql`>` : sql`<`;
  const byState = state !== undefined;
  const place =
    after &&
    (byState
      ? sql`(check_ins.since, check_ins.id) ${isAfter} (${new Date(after.value)}::timestamptz, ${after.id}::uuid)`
      : sql`check_ins.id < ${after.id}::uuid`);
  const conditions = [
    checkInSeenBy(seenBy),
    exam === undefined ? inSight : sql`check_ins.exam_id = ${exam}::uuid`,
    byState ? sql`check_ins.state = ${state}` : undefined,
    room === undefined ? undefined : sql`check_ins.room = ${room}`,
    open ? sql`check_ins.closed_at IS NULL` : undefined,
    place,
  ].filter((condition) => condition !== undefined);
  const order = (of: 'check_ins' | 'chosen') =>
    byState
      ? sql`${sql.ref(`${of}.since`)} ${direction}, ${sql.ref(`${of}.id`)} ${direction}`
      : sql`${sql.ref(`${of}.id`)} DESC`;
  return read(
    ex,
    sql`SELECT check_ins.* FROM check_ins JOIN exams ON exams.id = check_ins.exam_id
      WHERE ${sql.join(conditions, sql` AND `)} ORDER BY ${order('check_ins')} LIMIT ${limit}`,
    order('chosen'),
  );
}

export interface WaitingOfExam {
  readonly exam_id: string;
  readonly title: string;
  readonly waiting: number;
  readonly since: Date;
}

/** Students in the waiting rooms that staff see, by exam, longest waiting first. */
export async function countWaiting(ex: Executor, seenBy: Viewer, limit: number): Promise<WaitingOfExam[]> {
  const { rows } = await sql<WaitingOfExam>`
    SELECT exams.id AS exam_id, exams.title, count(*)::integer AS waiting, min(check_ins.since) AS since
    FROM check_ins JOIN exams ON exams.id = check_ins.exam_id
    WHERE check_ins.state = 'waiting' AND check_ins.closed_at IS NULL AND ${inSight} AND ${checkInSeenBy(seenBy)}
    GROUP BY exams.id ORDER BY since, exams.id LIMIT ${limit}`.execute(ex);
  return rows;
}
