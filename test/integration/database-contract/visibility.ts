import { expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { insertAssignment } from '../../../db/assignments.ts';
import type { Db } from '../../../db/executor.ts';
import { insertOrganisation } from '../../../db/organisations.ts';
import { listSessions } from '../../../db/session-list.ts';
import { runningAttention } from '../../../db/running-attention.ts';
import { findPlacedSession, insertSession, saveTotals } from '../../../db/sessions.ts';
import { listSuspicious } from '../../../db/suspicious.ts';
import { listRooms, type Viewer } from '../../../db/visibility.ts';
import { Policy } from '../../../protocol/policy.ts';
import { ROLES } from '../../../protocol/http/accounts.ts';
import { isInRooms, isOwn, roomsOf, roomsSeen } from '../../../server/access/rights.ts';
import { makeExam, makeUser, T0, totalsOf } from '../../support/rows.ts';

const ROOMS = ['A', 'B', null];

export function visibility(database: () => Db): void {
  test('lists hold the sessions that the rights of single objects allow, for every role, assignment and organisation', async () => {
    const db = database();
    const organisations = [uuidv7(), uuidv7()];
    for (const id of organisations) await insertOrganisation(db, { id, name: 'O', created_at: new Date(T0) });
    const admin = await makeUser(db, 'admin');
    const people = await Promise.all(Array.from({ length: 3 }, () => makeUser(db)));
    const [strangers, all] = [await Promise.all(ROOMS.map(() => makeUser(db))), [] as string[]];
    const students = [...strangers, people[0]!];
    const exams: string[] = [];
    for (const organisation_id of organisations) {
      for (const staff_access of ['assigned', 'all'] as const) {
        const exam = await makeExam(db);
        exams.push(exam);
        await db.updateTable('exams').set({ organisation_id, staff_access }).where('id', '=', exam).execute();
        for (const [index, { id: student_id }] of students.entries()) {
          const row = await insertSession(db, {
            id: uuidv7(),
            exam_id: exam,
            student_id,
            policy: Policy.parse({}),
            policy_version: 1,
            room: ROOMS[index % ROOMS.length]!,
            started_at: new Date(T0),
            deadline: null,
          });
          all.push(row!.id);
          // Some have ended: lists by attention read them apart.
          if (index % 2 === 0) await saveTotals(db, [totalsOf(row!, { status: 'ended', ended_at: new Date(T0) })]);
        }
      }
    }
    // Nothing, a room of one exam and the whole of another, and two rooms.
    const assigned = [
      [],
      [
        [exams[0]!, 'A'],
        [exams[2]!, null],
      ],
      [
        [exams[0]!, 'A'],
        [exams[0]!, 'B'],
        [exams[1]!, 'B'],
      ],
    ] as const;
    for (const [index, rows] of assigned.entries())
      for (const [exam_id, room] of rows) {
        const row = { id: uuidv7(), exam_id, room, user_id: people[index]!.id, created_by: admin.id };
        expect(await insertAssignment(db, { ...row, created_at: new Date(T0) })).toBe(true);
        // Unique also for a whole exam, whose room is null.
        expect(await insertAssignment(db, { ...row, id: uuidv7(), created_at: new Date(T0) })).toBe(false);
      }
    const placed = await Promise.all(all.map(async (id) => (await findPlacedSession(db, id))!));
    for (const role of ROLES)
      for (const organisationId of organisations)
        for (const { id: userId } of people) {
          const viewer: Viewer = { userId, role, organisationId };
          const rooms = await listRooms(db, userId);
          const allowed = placed.filter((row) => {
            const of = roomsOf(rooms.filter(({ exam_id }) => exam_id === row.exam_id));
            const isVisible = isInRooms(roomsSeen(viewer, row, of), row.room);
            return isVisible && !isOwn(viewer, { studentId: row.student_id, room: row.room });
          });
          const expected = allowed.map(({ id }) => id).toSorted();
          const ours = (rows: readonly { readonly id: string }[]) =>
            rows
              .map(({ id }) => id)
              .filter((id) => all.includes(id))
              .toSorted();
          expect(ours(await listSessions(db, { seenBy: viewer, limit: 1000 })), `${role} ${userId}`).toEqual(expected);
          const suspicious = { exam: undefined, level: 'Low', after: undefined, seenBy: viewer, limit: 1000 } as const;
          const running: { readonly id: string }[] = [];
          for await (const some of runningAttention(db, { seenBy: viewer })) running.push(...some);
          const listed = [...(await listSuspicious(db, suspicious)), ...running];
          expect(ours(listed), `${role} ${userId}`).toEqual(expected);
        }
  });
}
