import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { findEvent, saveEvents } from '../../../db/events.ts';
import type { Db } from '../../../db/executor.ts';
import { insertRescore, listRescores } from '../../../db/rescores.ts';
import { deleteExpiredSessions } from '../../../db/retention.ts';
import { insertReviews, listReviews, type ReviewWrite } from '../../../db/reviews.ts';
import { claimSession, findSession, saveTotals } from '../../../db/sessions.ts';
import type { RankedPlace } from '../../../db/ranked-place.ts';
import { listSuspicious } from '../../../db/suspicious.ts';
import { tallyEvents } from '../../../db/tallies.ts';
import { insertVerdict, listVerdicts } from '../../../db/verdicts.ts';
import { makeEvent, makeExam, makeSession, makeUser, randomHash, T0, totalsOf } from '../../support/rows.ts';

export function reviews(database: () => Db): void {
  /** A session with one event, and a proctor. */
  async function reviewed() {
    const session = await makeSession(database());
    const event = makeEvent(session.id);
    await saveEvents(database(), [event]);
    const proctor = await makeUser(database(), 'proctor', { name: 'Pía' });
    const review = (more: Partial<ReviewWrite> = {}): ReviewWrite => ({
      id: uuidv7(),
      event_id: event.id,
      session_id: session.id,
      decision: 'dismissed',
      reason: 'a poster',
      reason_salt: randomHash(),
      by: proctor.id,
      created_at: new Date(T0),
      ...more,
    });
    return { session, event, proctor, review };
  }

  test("reviews are listed newest first with the reviewer's name, and writing one again changes nothing", async () => {
    const { event, session, proctor, review } = await reviewed();
    const [first, second] = [review(), review({ decision: 'confirmed', reason: 'a person' })];
    await insertReviews(database(), [first]);
    await insertReviews(database(), [first, second]);
    expect(await listReviews(database(), { event: event.id }, { limit: 10 })).toMatchObject([
      { id: second.id, decision: 'confirmed', reason: 'a person', by: proctor.id, by_name: 'Pía' },
      { id: first.id, decision: 'dismissed', created_at: new Date(T0) },
    ]);
    expect(await listReviews(database(), { session: session.id }, { cursor: second.id, limit: 10 })).toMatchObject([
      { id: first.id },
    ]);
  });

  test('an event has its newest review, also when that is a reopening', async () => {
    const { event } = await reviewed();
    const review = async () => (await findEvent(database(), event.id))?.review;
    await saveEvents(database(), [{ ...event, change_offset: 2, review: 'dismissed' }]);
    await saveEvents(database(), [{ ...event, change_offset: 3, review: 'confirmed', duration_ms: 7 }]);
    await saveEvents(database(), [{ ...event, change_offset: 2, review: 'dismissed' }]);
    expect(await findEvent(database(), event.id)).toMatchObject({ review: 'confirmed', duration_ms: 7 });
    await saveEvents(database(), [{ ...event, change_offset: 4, review: null }]);
    expect(await review()).toBeNull();
  });

  test('only known decisions are stored', async () => {
    const { event, review } = await reviewed();
    for (const decision of ['confirmed', 'dismissed', 'reopened'] as const)
      await insertReviews(database(), [review({ decision })]);
    expect((await listReviews(database(), { event: event.id }, { limit: 10 })).map(({ decision }) => decision)).toEqual(
      ['reopened', 'dismissed', 'confirmed'],
    );
    await expect(insertReviews(database(), [review({ decision: 'forgiven' as never })])).rejects.toMatchObject({
      code: '23514',
    });
  });

  test('the reviewed score is the score without dismissed events, to 1e-9', async () => {
    const { session } = await reviewed();
    await saveTotals(database(), [totalsOf(session, { risk_score: 0.1 + 0.2, dismissed_weight: 0.2 })]);
    expect(await findSession(database(), session.id)).toMatchObject({
      risk_score: 0.1 + 0.2,
      dismissed_weight: 0.2,
      reviewed_score: 0.1,
    });
  });

  test('claiming an ended session needs the ended flag, which claims no running session', async () => {
    const { session } = await reviewed();
    expect(await claimSession(database(), session.id, true)).toBeUndefined();
    await saveTotals(database(), [totalsOf(session, { status: 'ended', ended_at: new Date(T0) })]);
    expect(await claimSession(database(), session.id)).toBeUndefined();
    expect(await claimSession(database(), session.id, true)).toMatchObject({ status: 'ended', owner_epoch: 2 });
  });

  test('events are tallied by type, largest weight first, excluding dismissed ones on request', async () => {
    const { session, event } = await reviewed();
    const more = (seq: number, changed: Parameters<typeof makeEvent>[1]) =>
      makeEvent(session.id, { seq, change_offset: seq, ...changed });
    await saveEvents(database(), [
      { ...event, change_offset: 9, review: 'dismissed' },
      more(2, {}),
      more(3, { type: 'NO_FACE', weight: 2, duration_ms: 2500 }),
      more(4, { type: 'NO_FACE', weight: 2, duration_ms: 4000 }),
      more(5, { type: 'CONNECTION_LOST', weight: 0, duration_ms: null }),
      more(6, { type: 'SESSION_EXTENDED', weight: 0, details: { minutes: 5 } }),
      more(7, { type: 'SESSION_EXTENDED', weight: 0, details: { minutes: 10 } }),
    ]);
    const session_id = session.id;
    expect(await tallyEvents(database(), [session_id])).toEqual([
      { session_id, type: 'TAB_SWITCH', count: 2, weight: 6, seconds: 0, dismissed: 1, minutes: 0 },
      { session_id, type: 'NO_FACE', count: 2, weight: 4, seconds: 6.5, dismissed: 0, minutes: 0 },
      { session_id, type: 'SESSION_EXTENDED', count: 2, weight: 0, seconds: 0, dismissed: 0, minutes: 15 },
      { session_id, type: 'CONNECTION_LOST', count: 1, weight: 0, seconds: 0, dismissed: 0, minutes: 0 },
    ]);
    expect(await tallyEvents(database(), [session_id], { counted: true })).toEqual([
      { session_id, type: 'NO_FACE', count: 2, weight: 4, seconds: 6.5, dismissed: 0, minutes: 0 },
      { session_id, type: 'TAB_SWITCH', count: 1, weight: 3, seconds: 0, dismissed: 0, minutes: 0 },
    ]);
    expect(await tallyEvents(database(), [])).toEqual([]);
  });

  test('ended sessions are listed by attention, then newest first, and continue after a cursor, also among equal scores', async () => {
    const exam = await makeExam(database());
    const scores = [0.3, 7.1, 7.1, 12, 7.1];
    const over = { status: 'ended', end_reason: 'finished', ended_at: new Date(T0) } as const;
    const ids: string[] = [];
    for (const score of scores) {
      const session = await makeSession(database(), { examId: exam });
      await saveTotals(database(), [
        totalsOf(session, { ...over, risk_score: score + 0.1, dismissed_weight: 0.1, attention: score }),
      ]);
      ids.push(session.id);
    }
    const list = (level: 'Low' | 'Medium' | 'High', after?: RankedPlace, limit = 10) =>
      listSuspicious(database(), { exam, level, after, limit });
    const places = async (...args: Parameters<typeof list>) => (await list(...args)).map((row) => ids.indexOf(row.id));
    expect(await places('Low')).toEqual([3, 4, 2, 1, 0]);
    expect(await places('Medium')).toEqual([3, 4, 2, 1]);
    expect(await places('High')).toEqual([3]);
    const [, second] = await list('Low', undefined, 2);
    expect(await places('Low', { value: second!.attention, id: second!.id }, 2)).toEqual([2, 1]);
  });

  test('decisions are immutable and deleted with their session only', async () => {
    const { session, proctor, review } = await reviewed();
    const by = { session_id: session.id, by: proctor.id, created_at: new Date(T0) };
    await insertReviews(database(), [review()]);
    await insertVerdict(database(), {
      ...by,
      id: uuidv7(),
      verdict: 'no_concern',
      reason: 'nothing',
      reason_salt: randomHash(),
    });
    await insertRescore(database(), {
      ...by,
      id: uuidv7(),
      policy_version: 2,
      risk_score: 1,
      risk_level: 'Low',
      reviewed_score: 0,
      reviewed_level: 'Low',
      reason: null,
    });
    for (const table of ['reviews', 'verdicts', 'rescores']) {
      await expect(sql`UPDATE ${sql.table(table)} SET by = by`.execute(database()), table).rejects.toMatchObject({
        code: '42501',
      });
      await expect(sql`DELETE FROM ${sql.table(table)}`.execute(database()), table).rejects.toMatchObject({
        code: '42501',
      });
      await expect(sql`TRUNCATE ${sql.table(table)} CASCADE`.execute(database()), table).rejects.toMatchObject({
        code: '42501',
      });
    }
    expect(await listVerdicts(database(), session.id, 10)).toMatchObject([{ verdict: 'no_concern', by_name: 'Pía' }]);
    expect(await listRescores(database(), session.id, 10)).toMatchObject([{ policy_version: 2, by_name: 'Pía' }]);

    await saveTotals(database(), [totalsOf(session, { status: 'ended', ended_at: new Date(T0) })]);
    await database()
      .transaction()
      .execute((tx) => deleteExpiredSessions(tx, new Date(T0 + 181 * 86_400_000), 1000));
    expect(await listReviews(database(), { session: session.id }, { limit: 10 })).toEqual([]);
    expect(await listVerdicts(database(), session.id, 10)).toEqual([]);
    expect(await listRescores(database(), session.id, 10)).toEqual([]);
  });
}
