import { type Insertable, type Selectable, sql } from 'kysely';
import type { CheckInPictureKind, CheckInState } from '../protocol/check-in-bounds.ts';
import type { Executor, Tx } from './executor.ts';
import type { CheckInDecisionsTable, CheckInsTable } from './schema/check-ins.ts';
import type { ExamFacts } from './visibility.ts';

export type CheckInRow = Selectable<CheckInsTable>;
export type CheckInDecisionRow = Omit<
  Selectable<CheckInDecisionsTable>,
  'reason_salt' | 'key_digest' | 'body_digest'
> & {
  readonly by_name: string;
  readonly by_email: string;
};

/** A check-in with the facts of its exam that decide who of the staff sees it. */
export type PlacedCheckInRow = CheckInRow & Pick<ExamFacts, 'organisation_id' | 'staff_access'>;

export type NewCheckIn = Pick<
  CheckInRow,
  'id' | 'exam_id' | 'student_id' | 'room' | 'wants' | 'opened_at' | 'erase_at' | 'delete_at'
>;

/** @returns undefined if the student has an open one at the exam */
export async function insertCheckIn(ex: Executor, row: NewCheckIn): Promise<CheckInRow | undefined> {
  return ex
    .insertInto('check_ins')
    .values({
      ...row,
      wants: JSON.stringify(row.wants),
      session_id: null,
      state: 'collecting',
      revision: 1,
      retake: '[]',
      uploads: 0,
      since: row.opened_at,
      closed_at: null,
      erased_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

const ofStudent = (ex: Executor, examId: string, studentId: string) =>
  ex
    .selectFrom('check_ins')
    .selectAll()
    .where('exam_id', '=', examId)
    .where('student_id', '=', studentId)
    .where('closed_at', 'is', null);

export async function findOpenCheckIn(
  ex: Executor,
  examId: string,
  studentId: string,
): Promise<CheckInRow | undefined> {
  return ofStudent(ex, examId, studentId).executeTakeFirst();
}

/** The open check-in of a student, locked until the end of the transaction. */
export async function lockOpenCheckIn(tx: Tx, examId: string, studentId: string): Promise<CheckInRow | undefined> {
  return ofStudent(tx, examId, studentId).forUpdate().executeTakeFirst();
}

export async function lockCheckIn(tx: Tx, id: string): Promise<CheckInRow | undefined> {
  return tx.selectFrom('check_ins').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export async function findPlacedCheckIn(ex: Executor, id: string): Promise<PlacedCheckInRow | undefined> {
  return ex
    .selectFrom('check_ins')
    .innerJoin('exams', 'exams.id', 'check_ins.exam_id')
    .selectAll('check_ins')
    .select(['exams.organisation_id', 'exams.staff_access'])
    .where('check_ins.id', '=', id)
    .executeTakeFirst();
}

export interface CheckInChange {
  readonly state?: CheckInState;
  readonly since?: Date;
  readonly retake?: readonly CheckInPictureKind[];
  readonly uploads?: number;
  readonly closed_at?: Date;
  readonly erase_at?: Date;
  readonly erased_at?: Date;
}

/** Changes a locked check-in and raises its revision. */
export async function changeCheckIn(tx: Tx, id: string, { retake, ...change }: CheckInChange): Promise<void> {
  await tx
    .updateTable('check_ins')
    .set((eb) => ({
      ...change,
      ...(retake && { retake: JSON.stringify(retake) }),
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', id)
    .execute();
}

/** Uses the admission of a student up. @returns undefined if staff have not admitted them, or no longer do */
export async function useCheckIn(
  tx: Tx,
  id: string,
  { session, at }: { readonly session: string; readonly at: Date },
): Promise<CheckInRow | undefined> {
  return tx
    .updateTable('check_ins')
    .set((eb) => ({ session_id: session, closed_at: at, revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', 'admitted')
    .where('closed_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
}

/** Place in the waiting room among those of the same room, at most `most`; null: not in it. */
export async function waitingPlace(
  ex: Executor,
  { id, exam_id, room, state, since }: Pick<CheckInRow, 'id' | 'exam_id' | 'room' | 'state' | 'since'>,
  most: number,
): Promise<number | null> {
  if (state !== 'waiting') return null;
  const { rows } = await sql<{ before: number }>`SELECT count(*)::integer AS before FROM (
    SELECT 1 FROM check_ins WHERE exam_id = ${exam_id}::uuid AND state = 'waiting' AND closed_at IS NULL
      AND room IS NOT DISTINCT FROM ${room}::text AND (since, id) < (${since}::timestamptz, ${id}::uuid)
    LIMIT ${most - 1}) AS earlier`.execute(ex);
  return (rows[0]?.before ?? 0) + 1;
}

/** Check-ins that a student has opened since a time. */
export async function countCheckIns(ex: Executor, studentId: string, since: Date): Promise<number> {
  const row = await ex
    .selectFrom('check_ins')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('student_id', '=', studentId)
    .where('opened_at', '>=', since)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

export async function insertCheckInDecision(
  tx: Tx,
  {
    retake,
    shown,
    missing,
    ...row
  }: Omit<Insertable<CheckInDecisionsTable>, 'retake' | 'shown' | 'missing'> &
    Readonly<Record<'retake' | 'shown' | 'missing', readonly CheckInPictureKind[]>>,
): Promise<void> {
  await tx
    .insertInto('check_in_decisions')
    .values({
      ...row,
      retake: JSON.stringify(retake),
      shown: JSON.stringify(shown),
      missing: JSON.stringify(missing),
    })
    .execute();
}

/** Decision under an idempotency key. */
export async function findKeyedDecision(
  ex: Executor,
  keyDigest: Uint8Array,
): Promise<{ readonly body_digest: Uint8Array | null } | undefined> {
  return ex
    .selectFrom('check_in_decisions')
    .select('body_digest')
    .where('key_digest', '=', keyDigest)
    .executeTakeFirst();
}

/** Decisions about a check-in, newest first. */
export async function listCheckInDecisions(ex: Executor, id: string, limit: number): Promise<CheckInDecisionRow[]> {
  return ex
    .selectFrom('check_in_decisions')
    .innerJoin('users', 'users.id', 'check_in_decisions.by')
    .select([
      'check_in_decisions.id',
      'check_in_id',
      'decision',
      'reason',
      'retake',
      'shown',
      'missing',
      'by',
      'check_in_decisions.created_at',
      'users.name as by_name',
      'users.email as by_email',
    ])
    .where('check_in_id', '=', id)
    .orderBy('check_in_decisions.id', 'desc')
    .limit(limit)
    .execute();
}

export async function findSessionCheckIn(ex: Executor, session: string): Promise<CheckInRow | undefined> {
  return ex.selectFrom('check_ins').selectAll().where('session_id', '=', session).executeTakeFirst();
}

/** Moves open check-ins to the rooms of their enrolments. */
export async function moveCheckIns(
  tx: Tx,
  enrolments: readonly { readonly exam_id: string; readonly student_id: string; readonly room: string | null }[],
): Promise<void> {
  const given = enrolments.map(({ exam_id, student_id, room }) => ({ exam_id, student_id, room }));
  await sql`UPDATE check_ins SET room = given.room, revision = revision + 1
    FROM jsonb_to_recordset(${JSON.stringify(given)}::jsonb) AS given (exam_id uuid, student_id uuid, room text)
    WHERE check_ins.exam_id = given.exam_id AND check_ins.student_id = given.student_id AND check_ins.closed_at IS NULL
      AND check_ins.room IS DISTINCT FROM given.room`.execute(tx);
}
