import { expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { saveEnrolment } from '../../../db/enrolments.ts';
import { saveEvents } from '../../../db/events.ts';
import { insertEvidence } from '../../../db/evidence.ts';
import { insertExam } from '../../../db/exams.ts';
import type { Db } from '../../../db/executor.ts';
import { listExpectedExams } from '../../../db/expected-sessions.ts';
import {
  deleteStorageSamples,
  evidenceBytes,
  insertStorageSamples,
  oldestStorageSamples,
} from '../../../db/storage-samples.ts';
import { Policy } from '../../../protocol/policy.ts';
import { createLog } from '../../../server/log.ts';
import { systemTimers } from '../../../server/clock.ts';
import { StorageMeter } from '../../../server/system/storage.ts';
import { makeEvent, makeSession, makeUser, T0 } from '../../support/rows.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const HOUR_MS = 3_600_000;

export function storage(database: () => Db): void {
  test('samples of a part are kept once a time, and read from the oldest of a period on', async () => {
    const at = (hours: number) => new Date(T0 + hours * HOUR_MS);
    const samples = [0, 1, 2].map((hours) => ({ part: 'a', at: at(hours), bytes: 5e12 + hours }));
    await insertStorageSamples(database(), [...samples, { part: 'b', at: at(2), bytes: 7 }]);
    await insertStorageSamples(database(), samples);
    expect(await oldestStorageSamples(database(), at(1))).toEqual([
      { part: 'a', at: at(1), bytes: 5e12 + 1 },
      { part: 'b', at: at(2), bytes: 7 },
    ]);
    await deleteStorageSamples(database(), at(3));
    expect(await oldestStorageSamples(database(), at(0))).toEqual([]);
  });

  test('the meter sums pictures, measures the database, and knows the growth after 6 hours', async () => {
    const session = await makeSession(database());
    const event = makeEvent(session.id);
    await saveEvents(database(), [event]);
    const before = await evidenceBytes(database(), () => Promise.resolve());
    await insertEvidence(
      database(),
      (['opened', 'strongest'] as const).map((kind) => ({
        id: uuidv7(),
        session_id: session.id,
        event_id: event.id,
        kind,
        at: new Date(T0),
        bytes: 20_000,
        digest: Buffer.alloc(32),
        object_key: uuidv7(),
      })),
    );
    const folder = await temporaryFolder('storage');
    let now = T0;
    const meter = new StorageMeter({
      db: database(),
      clock: () => now,
      timers: systemTimers,
      log: createLog('silent'),
      folders: { database: undefined, evidence: folder, audit: folder },
    });
    const part = (name: string) => meter.measured.parts.find((each) => each.name === name)!;
    expect(part('evidence')).toMatchObject({ bytes: null, growthPerDay: null });
    await meter.measure();
    expect(part('evidence')).toMatchObject({ bytes: before + 40_000, growthPerDay: null, volume: 0 });
    expect(part('database').bytes).toBeGreaterThan(1_000_000);
    expect(part('database').volume).toBeNull();
    expect(meter.measured.volumes).toMatchObject([{ lastsDays: null }]);
    now += 24 * HOUR_MS;
    await insertEvidence(database(), [
      {
        id: uuidv7(),
        session_id: session.id,
        event_id: event.id,
        kind: 'closed',
        at: new Date(T0),
        bytes: 60_000,
        digest: Buffer.alloc(32),
        object_key: uuidv7(),
      },
    ]);
    await meter.measure();
    expect(part('evidence').growthPerDay).toBe(60_000);
    const { freeBytes, lastsDays } = meter.measured.volumes[0]!;
    expect(lastsDays).toBeCloseTo(freeBytes / 60_000, 0);
  });

  test('exams of a period are expected with their enrolled students, but those who have ended theirs', async () => {
    const author = (await makeUser(database(), 'admin')).id;
    const from = Date.UTC(2031, 0, 1);
    const exam = async (status: 'draft' | 'scheduled' | 'active' | 'completed', startsIn: number, title: string) => {
      const { id } = await insertExam(database(), {
        id: uuidv7(),
        title,
        starts_at: new Date(from + startsIn * HOUR_MS),
        ends_at: new Date(from + (startsIn + 2) * HOUR_MS),
        duration_minutes: null,
        status,
        policy: Policy.parse({}),
        created_by: author,
        created_at: new Date(T0),
      });
      return id;
    };
    const running = await exam('active', -1, 'running');
    await exam('scheduled', 5, 'coming');
    await exam('scheduled', 30, 'later');
    await exam('scheduled', -3, 'over');
    await exam('draft', 1, 'draft');
    for (const hasEnded of [false, false, true]) {
      const student = (await makeUser(database())).id;
      await saveEnrolment(database(), {
        exam_id: running,
        student_id: student,
        extra_minutes: 0,
        detection: {},
        room: null,
        created_by: author,
        updated_at: new Date(T0),
      });
      if (!hasEnded) continue;
      const session = await makeSession(database(), { examId: running, studentId: student });
      await database().updateTable('sessions').set({ status: 'ended' }).where('id', '=', session.id).execute();
    }
    const period = { from: new Date(from), to: new Date(from + 24 * HOUR_MS), limit: 500 };
    const found = (await listExpectedExams(database(), period)).filter(({ starts_at }) => starts_at);
    expect(found.map(({ title, students }) => [title, students])).toEqual([
      ['running', 2],
      ['coming', 0],
    ]);
  });
}
