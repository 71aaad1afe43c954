import { expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import type { Db } from '../../../db/executor.ts';
import { listSessions } from '../../../db/session-list.ts';
import {
  claimSession,
  findOverdue,
  findRunningSession,
  findSession,
  findSessionByKey,
  insertSession,
  saveTotals,
  type SessionRow,
} from '../../../db/sessions.ts';
import { Policy } from '../../../protocol/policy.ts';
import { makeExam, makeSession, makeUser, T0, totalsOf } from '../../support/rows.ts';

export function sessions(database: () => Db): void {
  const insert = (examId: string, studentId: string, deadline: Date | null = null, attempt = 1) =>
    insertSession(database(), {
      id: uuidv7(),
      exam_id: examId,
      student_id: studentId,
      attempt,
      policy: Policy.parse({ unknownWeight: 4 }),
      policy_version: 3,
      started_at: new Date(T0),
      deadline,
    });

  test('a new session has zero totals and its copy of the policy', async () => {
    const student = await makeUser(database());
    const row = await insert(await makeExam(database()), student.id);
    expect(row).toMatchObject({
      status: 'active',
      owner_epoch: 0,
      risk_score: 0,
      rolling_risk: 0,
      risk_level: 'Low',
      last_seq: 0,
      last_offset: 0,
      policy_version: 3,
    });
    expect(row?.policy).toEqual(Policy.parse({ unknownWeight: 4 }));
    expect(await findSession(database(), row!.id)).toEqual({
      ...row,
      student_name: student.name,
      student_email: student.email,
    });
  });

  test('a student has at most one running attempt at an exam', async () => {
    const [exam, student] = [await makeExam(database()), await makeUser(database())];
    const first = await insert(exam, student.id);
    expect(await insert(exam, student.id)).toBeUndefined();
    expect((await findRunningSession(database(), exam, student.id))?.id).toBe(first!.id);
    expect(await insert(exam, (await makeUser(database())).id)).toBeDefined();
    expect(await insert(await makeExam(database()), student.id)).toBeDefined();
  });

  test('of concurrent starts of an attempt one succeeds', async () => {
    const [exam, student] = [await makeExam(database()), await makeUser(database())];
    const made = await Promise.all(Array.from({ length: 8 }, () => insert(exam, student.id)));
    expect(made.filter((row) => row !== undefined)).toHaveLength(1);
  });

  test('a new attempt can start after the last one ended, not while it is paused', async () => {
    const row = await makeSession(database());
    await saveTotals(database(), [totalsOf(row, { status: 'paused' })]);
    expect(await insert(row.exam_id, row.student_id)).toBeUndefined();
    await saveTotals(database(), [totalsOf(row, { status: 'ended', end_reason: 'finished', ended_at: new Date(T0) })]);
    expect(await findRunningSession(database(), row.exam_id, row.student_id)).toBeUndefined();
    expect(await insert(row.exam_id, row.student_id, null, 1)).toBeUndefined();
    expect(await insert(row.exam_id, row.student_id, null, 2)).toBeDefined();
  });

  test('each claim increments the epoch, and ended or unknown sessions cannot be claimed', async () => {
    const row = await makeSession(database());
    expect(row.owner_epoch).toBe(1);
    const claims = await Promise.all([1, 2, 3].map(() => claimSession(database(), row.id)));
    expect(claims.map((claim) => claim!.owner_epoch).toSorted((a, b) => a - b)).toEqual([2, 3, 4]);
    await saveTotals(database(), [totalsOf(row, { epoch: 4, status: 'ended', ended_at: new Date(T0) })]);
    expect(await claimSession(database(), row.id)).toBeUndefined();
    expect(await claimSession(database(), uuidv7())).toBeUndefined();
  });

  test('totals are written as given, and writing them again changes nothing', async () => {
    const row = await makeSession(database());
    const totals = totalsOf(row, {
      status: 'ended',
      end_reason: 'terminated',
      deadline: new Date(T0 + 60_007),
      ended_at: new Date(T0 + 1),
      risk_score: 7.5,
      rolling_risk: 1 / 3,
      rolling_at: new Date(T0 + 2),
      risk_level: 'Medium',
      last_seq: 9,
      last_offset: 12,
      last_frame_at: new Date(T0 + 3),
      last_seen_at: new Date(T0 + 4),
    });
    expect([...(await saveTotals(database(), [totals])).keys()]).toEqual([row.id]);
    const stored = await findSession(database(), row.id);
    expect(totalsOf(stored!)).toEqual(totals);
    expect([...(await saveTotals(database(), [totals])).keys()]).toEqual([row.id]);
    expect(await findSession(database(), row.id)).toEqual(stored);
  });

  test('totals of an older epoch are not written, and others in the same statement are', async () => {
    const [lost, kept] = [await makeSession(database()), await makeSession(database())];
    await claimSession(database(), lost.id);
    const before = await findSession(database(), lost.id);
    const owned = await saveTotals(database(), [
      totalsOf(lost, { risk_score: 99, last_seq: 99 }),
      totalsOf(kept, { risk_score: 3 }),
    ]);
    expect([...owned.keys()]).toEqual([kept.id]);
    expect(await findSession(database(), lost.id)).toEqual(before);
    expect((await findSession(database(), kept.id))?.risk_score).toBe(3);
  });

  test('overdue sessions are running ones past their deadline', async () => {
    const make = async (deadline: Date | null) =>
      (await insert(await makeExam(database()), (await makeUser(database())).id, deadline))!;
    const [due, later, endless, over] = [
      await make(new Date(T0)),
      await make(new Date(T0 + 1)),
      await make(null),
      await make(new Date(T0)),
    ];
    await saveTotals(database(), [totalsOf(over, { status: 'ended', ended_at: new Date(T0) })]);
    const found = await findOverdue(database(), { now: new Date(T0), pausedBefore: new Date(T0 - 1) }, 1000);
    expect(found).toContain(due.id);
    for (const row of [later, endless, over]) expect(found).not.toContain(row.id);
  });

  test('a paused session is overdue by the length of its pause, and not by its deadline', async () => {
    const pause = async (deadline: Date | null, pausedAt: number) => {
      const row = (await insert(await makeExam(database()), (await makeUser(database())).id, deadline))!;
      await saveTotals(database(), [totalsOf(row, { status: 'paused', paused_at: new Date(pausedAt) })]);
      return row.id;
    };
    const past = new Date(T0 - 3_600_000);
    const [short, long, endless] = [await pause(past, T0 - 10), await pause(past, T0 - 30), await pause(null, T0 - 30)];
    const found = await findOverdue(database(), { now: new Date(T0), pausedBefore: new Date(T0 - 20) }, 1000);
    expect(found).toEqual(expect.arrayContaining([long, endless]));
    expect(found).not.toContain(short);
    expect((await findSession(database(), short))?.paused_at).toEqual(new Date(T0 - 10));
  });

  test('lists are newest first, continue after a cursor and apply their filter', async () => {
    const exam = await makeExam(database());
    const rows: SessionRow[] = [];
    for (let i = 0; i < 5; i++) rows.push(await makeSession(database(), { examId: exam }));
    const newest = rows
      .map((row) => row.id)
      .sort()
      .toReversed();
    const ids = async (filter: object) =>
      (await listSessions(database(), { limit: 10, exam, ...filter })).map((row) => row.id);
    expect(await ids({})).toEqual(newest);
    expect(await ids({ limit: 2 })).toEqual(newest.slice(0, 2));
    expect(await ids({ cursor: newest[1], limit: 2 })).toEqual(newest.slice(2, 4));
    expect(await ids({ student: rows[0]!.student_id })).toEqual([rows[0]!.id]);
    const seated = await makeSession(database(), { room: 'Aula' });
    expect(await findSession(database(), seated.id)).toMatchObject({ room: 'Aula' });
    expect(await ids({ exam: seated.exam_id, room: 'Aula' })).toEqual([seated.id]);
    expect(await ids({ exam: seated.exam_id, room: 'aula' })).toEqual([seated.id]);
    expect(await ids({ room: 'Aula' })).toEqual([]);
    expect(await ids({ session: rows[3]!.id })).toEqual([rows[3]!.id]);
    await saveTotals(database(), [totalsOf(rows[4]!, { status: 'ended', ended_at: new Date(T0) })]);
    expect(await ids({ running: true })).toEqual(newest.filter((id) => id !== rows[4]!.id));
    await saveTotals(database(), [
      totalsOf(rows[0]!, { status: 'paused', risk_level: 'High' }),
      totalsOf(rows[1]!, { risk_level: 'High' }),
    ]);
    expect(await ids({ status: 'ended' })).toEqual([rows[4]!.id]);
    expect(await ids({ status: 'paused' })).toEqual([rows[0]!.id]);
    expect(await ids({ level: 'High' })).toEqual([rows[0]!.id, rows[1]!.id].sort().toReversed());
    expect(await ids({ level: 'High', status: 'active' })).toEqual([rows[1]!.id]);
    expect(await ids({ level: 'Medium' })).toEqual([]);
  });

  test('an idempotency key starts one session per student', async () => {
    const [student, other] = [await makeUser(database()), await makeUser(database())];
    const start = async (studentId: string, key: string | undefined, examId?: string) =>
      insertSession(database(), {
        id: uuidv7(),
        exam_id: examId ?? (await makeExam(database())),
        student_id: studentId,
        policy: Policy.parse({}),
        policy_version: 1,
        started_at: new Date(T0),
        deadline: null,
        idempotency_key: key,
      });
    const first = await start(student.id, 'k');
    expect(first).toMatchObject({ idempotency_key: 'k' });
    expect(await start(student.id, 'k')).toBeUndefined();
    expect(await findSessionByKey(database(), student.id, 'k')).toEqual(first);
    expect(await start(other.id, 'k')).toBeDefined();
    expect(await start(student.id, 'K')).toBeDefined();
    for (let i = 0; i < 2; i++) expect(await start(student.id, undefined)).toMatchObject({ idempotency_key: null });
    expect(await findSessionByKey(database(), other.id, 'K')).toBeUndefined();
  });
}
