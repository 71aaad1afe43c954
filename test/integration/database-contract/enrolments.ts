import { uuidv7 } from 'uuidv7';
import { expect, test } from 'vitest';
import { findStudentExam, listAvailableExams } from '../../../db/available-exams.ts';
import { deleteEnrolment, findEnrolment, listEnrolments, saveEnrolment } from '../../../db/enrolments.ts';
import type { Db } from '../../../db/executor.ts';
import { findExam, setExamStatus, updateExam } from '../../../db/exams.ts';
import { insertReadmission } from '../../../db/readmissions.ts';
import { saveTotals } from '../../../db/sessions.ts';
import { makeExam, makeSession, makeUser, T0, totalsOf } from '../../support/rows.ts';

const MINUTE = 60_000;

export function enrolments(database: () => Db): void {
  const enrol = async (exam_id: string, student_id: string, more: object = {}) => {
    const { id: created_by } = await makeUser(database(), 'admin');
    return saveEnrolment(database(), {
      exam_id,
      student_id,
      extra_minutes: 0,
      detection: {},
      room: null,
      created_by,
      updated_at: new Date(T0),
      ...more,
    });
  };
  const shown = async (studentId: string, now = T0) =>
    (await listAvailableExams(database(), studentId, { now: new Date(now), cursor: undefined, limit: 200 })).map(
      (row) => row.id,
    );
  const change = async (id: string, changed: object) => {
    const exam = (await findExam(database(), id))!;
    const { title, starts_at, ends_at, duration_minutes, open_to, policy_version, policy } = exam;
    const { late_start_minutes, time_zone, max_attempts } = exam;
    return updateExam(database(), id, {
      title,
      starts_at,
      ends_at,
      duration_minutes,
      late_start_minutes,
      time_zone,
      max_attempts,
      open_to,
      policy_version,
      policy,
      ...changed,
    });
  };

  test('an enrolment is inserted, then replaced, and keeps its author and creation time', async () => {
    const [exam, student] = [await makeExam(database()), await makeUser(database())];
    expect(
      await enrol(exam, student.id, { extra_minutes: 5, detection: { holds: { noFace: 1.5 } }, room: 'Aula' }),
    ).toBe(true);
    const first = await findEnrolment(database(), exam, student.id);
    expect(first).toMatchObject({
      extra_minutes: 5,
      detection: { holds: { noFace: 1.5 } },
      room: 'Aula',
      student_name: 'Zoë',
      student_email: student.email,
      created_at: new Date(T0),
    });
    expect(await enrol(exam, student.id, { extra_minutes: 7, updated_at: new Date(T0 + 1) })).toBe(false);
    expect(await findEnrolment(database(), exam, student.id)).toEqual({
      ...first,
      extra_minutes: 7,
      detection: {},
      room: null,
      updated_at: new Date(T0 + 1),
    });
    expect(await deleteEnrolment(database(), exam, student.id)).toBe(true);
    expect(await deleteEnrolment(database(), exam, student.id)).toBe(false);
    expect(await findEnrolment(database(), exam, student.id)).toBeUndefined();
  });

  test('concurrent inserts of one enrolment make one row', async () => {
    const [exam, student] = [await makeExam(database()), await makeUser(database())];
    const made = await Promise.all(Array.from({ length: 6 }, () => enrol(exam, student.id)));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await listEnrolments(database(), exam, { cursor: undefined, limit: 10 })).toHaveLength(1);
  });

  test('enrolments are listed by student and continue after a cursor', async () => {
    const exam = await makeExam(database());
    const students = [
      (await makeUser(database())).id,
      (await makeUser(database())).id,
      (await makeUser(database())).id,
    ];
    for (const student of students) await enrol(exam, student);
    const ids = async (cursor: string | undefined, limit: number) =>
      (await listEnrolments(database(), exam, { cursor, limit })).map((row) => row.student_id);
    expect(await ids(undefined, 2)).toEqual(students.toSorted().slice(0, 2));
    expect(await ids(students.toSorted()[1], 2)).toEqual(students.toSorted().slice(2));
  });

  test('an exam is joined with the enrolment and session of that student only', async () => {
    const [exam, student, other] = [await makeExam(database()), await makeUser(database()), await makeUser(database())];
    expect(await findStudentExam(database(), exam, student.id)).toMatchObject({
      id: exam,
      extra_minutes: null,
      detection: null,
      last: null,
      readmission: null,
    });
    await enrol(exam, student.id, { extra_minutes: 5, detection: { gaze: false } });
    const session = await makeSession(database(), { examId: exam, studentId: student.id });
    expect(await findStudentExam(database(), exam, student.id)).toMatchObject({
      extra_minutes: 5,
      detection: { gaze: false },
      last: { id: session.id, attempt: 1, status: 'active' },
    });
    expect(await findStudentExam(database(), exam, other.id)).toMatchObject({ extra_minutes: null, last: null });
    await saveTotals(database(), [totalsOf(session, { status: 'ended', ended_at: new Date(T0) })]);
    expect(await findStudentExam(database(), exam, student.id)).toMatchObject({ last: { status: 'ended' } });
  });

  test('available exams are scheduled or active, open to the student, and not over for them', async () => {
    const student = (await makeUser(database())).id;
    const open = await makeExam(database());
    const ended = await makeExam(database());
    const mine = await makeExam(database());
    await change(ended, { ends_at: new Date(T0) });
    await change(mine, { ends_at: new Date(T0), open_to: 'enrolled' });
    expect(await shown(student, T0 - 1)).toEqual(expect.arrayContaining([open, ended]));
    expect(await shown(student, T0 - 1)).not.toContain(mine);
    await enrol(mine, student, { extra_minutes: 30 });
    const now = await shown(student, T0 + 30 * MINUTE - 1);
    expect(now).toEqual(expect.arrayContaining([mine, open]));
    expect(now).not.toContain(ended);
    expect(await shown(student, T0 + 30 * MINUTE)).not.toContain(mine);
    for (const status of ['draft', 'completed', 'archived'] as const) {
      await setExamStatus(database(), open, status, new Date(T0));
      expect(await shown(student)).not.toContain(open);
    }
    await makeSession(database(), { examId: open, studentId: student });
    expect(await shown(student)).toContain(open);
  });

  test('an unused readmission makes an exam available to a student who is not enrolled, also before its status follows its start', async () => {
    const [student, exam] = [(await makeUser(database())).id, await makeExam(database())];
    const session = await makeSession(database(), { examId: exam, studentId: student });
    const ended_at = new Date(T0);
    await saveTotals(database(), [totalsOf(session, { status: 'ended', end_reason: 'finished', ended_at })]);
    await change(exam, { open_to: 'enrolled', starts_at: new Date(T0), ends_at: new Date(T0 + MINUTE) });
    await insertReadmission(database(), {
      id: uuidv7(),
      session_id: session.id,
      exam_id: exam,
      student_id: student,
      kind: 'continue',
      reason: 'power cut',
      reason_salt: new Uint8Array(32),
      extra_minutes: 0,
      until: null,
      created_by: student,
      created_at: new Date(T0),
    });
    expect(await shown(student)).toContain(exam);
    await setExamStatus(database(), exam, 'scheduled', new Date(T0));
    expect(await shown(student, T0 - 1)).not.toContain(exam);
    expect(await shown(student)).toContain(exam);
  });
}
