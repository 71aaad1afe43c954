import { expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { findPolicy, insertPolicy, listPolicies } from '../../../db/exam-policies.ts';
import { deleteExam } from '../../../db/delete-exam.ts';
import { saveEnrolment } from '../../../db/enrolments.ts';
import { listEvents, saveEvents } from '../../../db/events.ts';
import { findExam, listExams, lockExam, setExamStatus } from '../../../db/exams.ts';
import type { Db } from '../../../db/executor.ts';
import { Policy } from '../../../protocol/policy.ts';
import { countSessions, findSession, listRunning, saveTotals } from '../../../db/sessions.ts';
import { makeEvent, makeExam, makeSession, makeUser, T0, totalsOf } from '../../support/rows.ts';

export function exams(database: () => Db): void {
  test('a new exam is open to all, and has the first version of its policy', async () => {
    const id = await makeExam(database());
    const exam = await findExam(database(), id);
    expect(exam).toMatchObject({ open_to: 'all', policy_version: 1 });
    expect(await findPolicy(database(), id, 1)).toEqual(Policy.parse({}));
    expect(await listPolicies(database(), id, { before: undefined, limit: 10 })).toEqual([
      { exam_id: id, version: 1, policy: Policy.parse({}), created_by: exam!.created_by, created_at: new Date(T0) },
    ]);
  });

  test('policy versions are kept, listed newest first, and not written twice', async () => {
    const id = await makeExam(database());
    const { id: created_by } = await makeUser(database(), 'admin');
    const add = (version: number) =>
      insertPolicy(database(), {
        exam_id: id,
        version,
        policy: Policy.parse({ unknownWeight: version }),
        created_by,
        created_at: new Date(T0),
      });
    await add(2);
    await add(3);
    await expect(add(3)).rejects.toMatchObject({ code: '23505' });
    expect((await findPolicy(database(), id, 2))?.unknownWeight).toBe(2);
    expect(await findPolicy(database(), id, 4)).toBeUndefined();
    expect(await findPolicy(database(), uuidv7(), 1)).toBeUndefined();
    const versions = async (before: number | undefined, limit: number) =>
      (await listPolicies(database(), id, { before, limit })).map((row) => row.version);
    expect(await versions(undefined, 2)).toEqual([3, 2]);
    expect(await versions(2, 2)).toEqual([1]);
  });

  test('deleting an exam deletes its policies, enrolments, sessions and events only', async () => {
    const [gone, kept] = [await makeExam(database()), await makeExam(database())];
    const [lost, left] = [
      await makeSession(database(), { examId: gone }),
      await makeSession(database(), { examId: kept }),
    ];
    await saveEvents(database(), [makeEvent(lost.id), makeEvent(left.id)]);
    const enrolment = {
      student_id: lost.student_id,
      extra_minutes: 0,
      detection: {},
      room: null,
      created_by: lost.student_id,
      updated_at: new Date(T0),
    };
    await saveEnrolment(database(), { exam_id: gone, ...enrolment });
    await database()
      .transaction()
      .execute((tx) => deleteExam(tx, gone));
    expect(await findExam(database(), gone)).toBeUndefined();
    expect(await findPolicy(database(), gone, 1)).toBeUndefined();
    expect(await findSession(database(), lost.id)).toBeUndefined();
    expect(await listEvents(database(), { session: lost.id, limit: 10 })).toEqual([]);
    expect(await findExam(database(), kept)).toBeDefined();
    expect(await listEvents(database(), { session: left.id, limit: 10 })).toHaveLength(1);
  });

  test('sessions are counted, and running ones are listed', async () => {
    const exam = await makeExam(database());
    const rows = [
      await makeSession(database(), { examId: exam }),
      await makeSession(database(), { examId: exam }),
      await makeSession(database(), { examId: exam }),
    ];
    await saveTotals(database(), [
      totalsOf(rows[0]!, { status: 'ended', ended_at: new Date(T0) }),
      totalsOf(rows[1]!, { status: 'paused' }),
    ]);
    expect(await countSessions(database(), exam)).toBe(3);
    expect(await listRunning(database(), exam)).toEqual([rows[1]!.id, rows[2]!.id].sort());
  });

  test('exams are listed by status and audience', async () => {
    const exam = await makeExam(database());
    const ids = async (filter: object) => (await listExams(database(), { limit: 200, ...filter })).map((row) => row.id);
    expect(await ids({ statuses: ['active'], openTo: 'all' })).toContain(exam);
    expect(await ids({ openTo: 'enrolled' })).not.toContain(exam);
    await setExamStatus(database(), exam, 'scheduled', new Date(T0));
    expect(await ids({ statuses: ['active'] })).not.toContain(exam);
    expect(await ids({ statuses: ['scheduled', 'active'] })).toContain(exam);
  });

  test('locking an exam for reading waits for a concurrent change', async () => {
    const exam = await makeExam(database());
    let reading: ReturnType<typeof findExam> | undefined;
    await database()
      .transaction()
      .execute(async (tx) => {
        await lockExam(tx, exam, 'update');
        reading = database()
          .transaction()
          .execute((other) => lockExam(other, exam, 'share'));
        await setExamStatus(tx, exam, 'completed', new Date(T0));
      });
    expect(await reading).toMatchObject({ status: 'completed' });
    expect(
      await database()
        .transaction()
        .execute((tx) => lockExam(tx, uuidv7(), 'update')),
    ).toBeUndefined();
  });
}
