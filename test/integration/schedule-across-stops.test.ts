import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { ManualTime } from '../support/manual-time.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

const MINUTE = 60_000;

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`exams while the server is down, on ${title}`, () => {
    const time = new ManualTime();
    let database: TestDatabase;
    beforeAll(async () => {
      database = await createDatabase(kind, 'admin');
    });
    afterAll(() => database?.remove());

    const start = () => startTestServer({ kind, database, overrides: { clock: time.clock, timers: time.timers } });
    const inMinutes = (minutes: number) => new Date(time.now + minutes * MINUTE).toISOString();
    const statusOf = async (site: TestServer, id: string) => (await site.admin.get<Exam>(`/api/exams/${id}`)).status;

    test('open at the next start, close with the sessions whose deadline has passed, or pass unopened', async () => {
      const before = await start();
      const exam = (more: object) => before.admin.createExam({}, { maxAttempts: 1, ...more });
      const opens = await exam({ status: 'scheduled', startsAt: inMinutes(30), endsAt: inMinutes(600) });
      const passes = await exam({ status: 'scheduled', startsAt: inMinutes(30), endsAt: inMinutes(60) });
      const closes = await exam({ endsAt: inMinutes(60), durationMinutes: 45 });
      const [short, long] = [await before.student(), await before.student()];
      await before.admin.request('PUT', `/api/exams/${closes.id}/students/${long.userId}`, { extraMinutes: 300 });
      const [ends, runs] = [await short.startSession(closes.id), await long.startSession(closes.id)];
      await before.close();

      time.advance(120 * MINUTE);
      await using after = await start();
      await waitFor('the opening', async () => {
        time.advance(5000);
        return (await statusOf(after, opens.id)) === 'active';
      });
      for (const { id } of [passes, closes])
        await waitFor('the close', async () => {
          time.advance(5000);
          return (await statusOf(after, id)) === 'completed';
        });
      const session = (id: string) => after.admin.get<Session>(`/api/sessions/${id}`);
      await waitFor('the end of the session', async () => {
        time.advance(1000);
        return (await session(ends.id)).status === 'ended';
      });
      expect(await session(ends.id)).toMatchObject({
        endReason: 'expired',
        deadline: ends.deadline,
        endedAt: ends.deadline,
      });
      expect(await session(runs.id)).toMatchObject({ status: 'active', deadline: runs.deadline });

      const late = await after.student();
      expect((await late.startSession(opens.id)).status).toBe('active');
      for (const { id } of [passes, closes])
        await expect(late.startSession(id)).rejects.toMatchObject({ status: 409, code: 'exam_not_active' });
    });
  });
}
