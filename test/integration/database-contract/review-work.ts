import { uuidv7 } from 'uuidv7';
import { describe, expect, test } from 'vitest';
import type { Db } from '../../../db/executor.ts';
import { insertReviews } from '../../../db/reviews.ts';
import { assignReviewer, findReviewWork } from '../../../db/review-work.ts';
import { listSessions } from '../../../db/session-list.ts';
import { saveTotals, type SessionTotals } from '../../../db/sessions.ts';
import { saveEvents } from '../../../db/events.ts';
import { insertVerdict } from '../../../db/verdicts.ts';
import { makeEvent, makeExam, makeSession, makeUser, randomHash, T0, totalsOf } from '../../support/rows.ts';

export function reviewWork(database: () => Db): void {
  const percent = (exam: string, share: number) =>
    database().updateTable('exams').set({ review_sample_percent: share }).where('id', '=', exam).execute();

  /** An ended session. */
  async function ended(examId: string, studentId: string, more: Partial<SessionTotals> = {}) {
    const session = await makeSession(database(), { examId, studentId });
    await saveTotals(database(), [
      totalsOf(session, { status: 'ended', ended_at: new Date(T0), end_reason: 'finished', ...more }),
    ]);
    return session;
  }

  async function manyCalm(count: number) {
    const exam = await makeExam(database());
    const ids: string[] = [];
    for (let i = 0; i < count; i++) ids.push((await ended(exam, (await makeUser(database())).id)).id);
    return { exam, ids };
  }

  const drawn = async (exam: string) =>
    (await listSessions(database(), { exam, needsReview: true, limit: 1000 })).map(({ id }) => id);

  describe('the sample of calm sessions', () => {
    test('has about the share of the exam, the same at each reading, and grows without losing any', async () => {
      const { exam, ids } = await manyCalm(200);
      expect(await drawn(exam)).toEqual([]);
      await percent(exam, 25);
      const quarter = await drawn(exam);
      // Five standard deviations around 50.
      expect(quarter.length).toBeGreaterThan(19);
      expect(quarter.length).toBeLessThan(81);
      expect(await drawn(exam)).toEqual(quarter);
      await percent(exam, 60);
      expect(await drawn(exam)).toEqual(expect.arrayContaining(quarter));
      await percent(exam, 100);
      expect((await drawn(exam)).toSorted()).toEqual(ids.toSorted());
      await percent(exam, 0);
      expect(await drawn(exam)).toEqual([]);
    }, 120_000);

    test('differs between exams: no two have the same draw', async () => {
      const draws = [];
      for (let i = 0; i < 2; i++) {
        const { exam, ids } = await manyCalm(60);
        await percent(exam, 50);
        const sample = new Set(await drawn(exam));
        draws.push(ids.map((id) => sample.has(id)));
      }
      expect(draws[0]).not.toEqual(draws[1]);
    }, 60_000);

    test('has no running sessions, and none that stands out by itself: those need a look anyhow', async () => {
      const exam = await makeExam(database());
      await percent(exam, 100);
      const student = async () => (await makeUser(database())).id;
      const running = await makeSession(database(), { examId: exam });
      const calm = await ended(exam, await student());
      const watched = await ended(exam, await student(), { attention: 90 });
      const scored = await ended(exam, await student(), { risk_score: 40, risk_level: 'High' });
      const rows = await listSessions(database(), { exam, limit: 10 });
      const sampled = new Map(rows.map((row) => [row.id, row.sampled]));
      expect([running, calm, watched, scored].map(({ id }) => sampled.get(id))).toEqual([false, true, false, false]);
      expect((await drawn(exam)).toSorted()).toEqual([calm.id, watched.id, scored.id].toSorted());
    });
  });

  test('a review is not begun, then under way by its newest reviewer, then done by the author of the verdict', async () => {
    const exam = await makeExam(database());
    const session = await ended(exam, (await makeUser(database())).id, { attention: 90 });
    const [pia, kim] = [
      await makeUser(database(), 'reviewer', { name: 'Pía' }),
      await makeUser(database(), 'reviewer', { name: 'Kim' }),
    ];
    const work = () => findReviewWork(database(), session.id);
    const inState = async (reviewState: 'none' | 'begun' | 'done') =>
      (await listSessions(database(), { exam, reviewState, limit: 10 })).length;
    expect(await work()).toEqual({ sampled: false, review_state: 'none', reviewed_by: null, reviewer: null });
    expect([await inState('none'), await inState('begun'), await inState('done')]).toEqual([1, 0, 0]);
    const event = makeEvent(session.id);
    await saveEvents(database(), [event]);
    const common = { session_id: session.id, reason: 'no', reason_salt: randomHash(), created_at: new Date(T0) };
    await insertReviews(database(), [
      { ...common, id: uuidv7(), event_id: event.id, decision: 'dismissed', by: pia.id },
      { ...common, id: uuidv7(), event_id: event.id, decision: 'confirmed', by: kim.id },
    ]);
    expect(await work()).toMatchObject({ review_state: 'begun', reviewed_by: { id: kim.id, name: 'Kim' } });
    expect([await inState('none'), await inState('begun'), await inState('done')]).toEqual([0, 1, 0]);
    expect(await drawn(exam)).toEqual([session.id]);
    await insertVerdict(database(), { ...common, id: uuidv7(), verdict: 'no_concern', by: pia.id });
    expect(await work()).toMatchObject({ review_state: 'done', reviewed_by: { id: pia.id, name: 'Pía' } });
    expect(await drawn(exam)).toEqual([]);
  });

  test('a session is given to one reviewer, then to another, and taken back', async () => {
    const exam = await makeExam(database());
    const sessions = [
      await ended(exam, (await makeUser(database())).id),
      await ended(exam, (await makeUser(database())).id),
    ].map(({ id }) => id);
    const [pia, kim] = [await makeUser(database(), 'reviewer'), await makeUser(database(), 'reviewer')];
    const give = (ids: readonly string[], reviewer: string | null) =>
      assignReviewer(database(), ids, { reviewer, by: pia.id, at: new Date(T0) });
    const of = async (reviewer: string) =>
      (await listSessions(database(), { exam, reviewer, limit: 10 })).map(({ id }) => id).toSorted();
    expect(await give(sessions, pia.id)).toEqual(sessions.map((session_id) => ({ session_id, before: null })));
    expect(await give(sessions.slice(0, 1), kim.id)).toEqual([{ session_id: sessions[0], before: pia.id }]);
    expect(await give(sessions.slice(0, 1), kim.id)).toEqual([]);
    expect([await of(pia.id), await of(kim.id), await of('none')]).toEqual([[sessions[1]], [sessions[0]], []]);
    expect(await give(sessions, null)).toHaveLength(2);
    expect(await of('none')).toEqual(sessions.toSorted());
  });
}
