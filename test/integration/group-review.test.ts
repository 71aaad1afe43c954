import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import type { AuditEntry } from '../../protocol/http/audit.ts';
import type { Review } from '../../protocol/http/reviews.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../support/api.ts';
import { type Attempt, startAttempt, watchExam } from '../support/attempt.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

interface Answer {
  readonly act: string;
  readonly reviews: readonly Review[];
  readonly events: readonly Event[];
  readonly session: Session;
}

const report = ({ student, session }: Attempt, type = 'TAB_SWITCH') =>
  student.post<Event>('/api/proctoring/event', { sessionId: session.id, type });
const reports = async (attempt: Attempt, count: number) => {
  const events: Event[] = [];
  for (let i = 0; i < count; i++) events.push(await report(attempt));
  return events;
};
const end = ({ student, session }: Attempt) => student.post<Session>(`/api/sessions/${session.id}/end`);

describe.each(KINDS.map(({ kind, available, title }) => ({ kind, available, title })))(
  'reviews of groups on $title',
  ({ kind, available }) => {
    let database: TestDatabase;
    let site: TestServer;
    let proctor: Api;
    beforeAll(async () => {
      if (!available) return;
      database = await createDatabase(kind, 'admin');
      site = await startTestServer({ database });
      proctor = await site.proctor();
    });
    afterAll(async () => {
      await site?.close();
      await database?.remove();
    });

    const decide = (
      by: Api,
      { session }: Attempt,
      events: readonly Pick<Event, 'id' | 'review'>[],
      decision: string,
      reason = 'a notification took the focus',
    ) =>
      by.post<Answer>(`/api/sessions/${session.id}/reviews`, {
        decision,
        reason,
        events: {
          undecided: events.filter(({ review }) => review === null).map(({ id }) => id),
          confirmed: events.filter(({ review }) => review === 'confirmed').map(({ id }) => id),
          dismissed: events.filter(({ review }) => review === 'dismissed').map(({ id }) => id),
        },
      });
    const undo = (by: Api, { session }: Attempt, act: string) =>
      by.post<Answer>(`/api/sessions/${session.id}/reviews/${act}/undo`);
    const reviewsOf = async ({ session }: Attempt) =>
      (await proctor.get<{ items: Review[] }>(`/api/sessions/${session.id}/reviews?limit=200`)).items;
    const entriesOf = async ({ session }: Attempt) =>
      (await site.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/attempt/${session.id}?limit=200`)).items.filter(
        ({ eventType }) => eventType === 'EVENT_REVIEWED',
      );
    const sessionOf = ({ session }: Attempt) => site.admin.get<Session>(`/api/sessions/${session.id}`);
    /** As staff see them: students see no decision before a verdict is released. */
    const eventsOf = ({ session }: Attempt) => site.admin.events(session.id);
    const decisions = async (attempt: Attempt) => (await eventsOf(attempt)).map(({ review }) => review);

    test.runIf(available).each(['running', 'ended'])(
      'of a %s session: one act, one review and one audit entry for each event, and the scores follow once',
      async (state) => {
        const attempt = await startAttempt(site);
        const events = await reports(attempt, 12);
        await report(attempt, 'COPY');
        if (state === 'ended') await end(attempt);
        const before = await sessionOf(attempt);
        const answer = await decide(proctor, attempt, events, 'dismissed');
        expect(answer.events.map(({ id, review }) => [id, review])).toEqual(events.map(({ id }) => [id, 'dismissed']));
        expect(answer.reviews).toHaveLength(12);
        for (const review of answer.reviews)
          expect(review).toMatchObject({ act: answer.act, undoes: null, by: { id: proctor.userId } });
        expect(answer.session).toMatchObject({ riskScore: 37, reviewedScore: 1 });
        expect(answer.session.attention).toMatchObject({ value: expect.any(Number), level: 'calm' });
        expect(answer.session.attention!.value).toBeLessThan(before.attention!.value);
        expect(await decisions(attempt)).toEqual([...events.map(() => 'dismissed'), null]);
        expect((await reviewsOf(attempt)).map(({ eventId }) => eventId)).toEqual(
          events.map(({ id }) => id).toReversed(),
        );
        const payloads = (await entriesOf(attempt)).map(({ payload }) => JSON.parse(payload) as { actId: string });
        expect(payloads).toHaveLength(12);
        expect(new Set(payloads.map(({ actId }) => actId))).toEqual(new Set([answer.act]));
      },
    );

    test.runIf(available)('are all or nothing: somebody who decided meanwhile is not overruled', async () => {
      const attempt = await startAttempt(site);
      const events = await reports(attempt, 3);
      await site.admin.post(`/api/events/${events[1]!.id}/review`, { decision: 'confirmed', reason: 'seen' });
      await expect(decide(proctor, attempt, events, 'dismissed')).rejects.toMatchObject({
        status: 409,
        code: 'decided_meanwhile',
        body: { ref: events[1]!.id, detail: '1 of 3 events have another decision by now; nothing was changed' },
      });
      expect(await decisions(attempt)).toEqual([null, 'confirmed', null]);
      expect(await reviewsOf(attempt)).toHaveLength(1);
      expect(await entriesOf(attempt)).toHaveLength(1);
      await decide(proctor, attempt, await eventsOf(attempt), 'dismissed');
      expect(await decisions(attempt)).toEqual(['dismissed', 'dismissed', 'dismissed']);
    });

    test.runIf(available)('of two people at once: one is written, the other is told', async () => {
      const attempt = await startAttempt(site);
      const events = await reports(attempt, 20);
      await end(attempt);
      const outcomes = await Promise.allSettled([
        decide(proctor, attempt, events, 'dismissed'),
        decide(site.admin, attempt, events, 'confirmed'),
      ]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const refused = outcomes.find((outcome) => outcome.status === 'rejected') as PromiseRejectedResult;
      expect(refused.reason).toMatchObject({ status: 409, code: 'decided_meanwhile' });
      expect(new Set(await decisions(attempt)).size).toBe(1);
      expect(await reviewsOf(attempt)).toHaveLength(20);
    });

    test.runIf(available)('of more than 500 events, of none, or of one event twice are refused', async () => {
      const attempt = await startAttempt(site);
      const [event] = await reports(attempt, 1);
      for (const events of [
        [],
        [event!, event!],
        Array.from({ length: 501 }, () => ({ id: randomUUID(), review: null })),
      ])
        await expect(decide(proctor, attempt, events, 'dismissed')).rejects.toMatchObject({
          status: 400,
          code: 'bad_request',
        });
      expect(await reviewsOf(attempt)).toEqual([]);
    });

    test.runIf(available)('with an event of another session, or an act of staff, change nothing', async () => {
      const [attempt, other] = [await startAttempt(site), await startAttempt(site)];
      const [own, foreign] = [await report(attempt), await report(other)];
      await expect(decide(proctor, attempt, [own, foreign], 'dismissed')).rejects.toMatchObject({ status: 404 });
      const console = await watchExam(site, attempt.exam.id);
      console.send({ type: 'command', session: attempt.session.id, do: 'pause', reason: 'fire' });
      await expect.poll(async () => (await attempt.types()).includes('SESSION_PAUSED')).toBe(true);
      console.close();
      const act = (await eventsOf(attempt)).find(({ type }) => type === 'SESSION_PAUSED')!;
      await expect(decide(proctor, attempt, [own, act], 'dismissed')).rejects.toMatchObject({
        status: 409,
        code: 'act_of_staff',
      });
      await expect(
        proctor.post(`/api/events/${act.id}/review`, { decision: 'dismissed', reason: 'no' }),
      ).rejects.toMatchObject({ status: 409, code: 'act_of_staff' });
      expect(await reviewsOf(attempt)).toEqual([]);
      expect(await reviewsOf(other)).toEqual([]);
    });

    test.runIf(available)('reach consoles as one change of the session and one of each event', async () => {
      const attempt = await startAttempt(site);
      const events = await reports(attempt, 3);
      const console = await watchExam(site, attempt.exam.id);
      await decide(proctor, attempt, events, 'dismissed');
      await console.until('events', () => console.of('event').length === 3);
      expect(console.of('event').map((message) => (message['event'] as Event).review)).toEqual(
        events.map(() => 'dismissed'),
      );
      console.close();
    });

    test.runIf(available)('are undone as one act: each event returns to the decision that it had', async () => {
      const attempt = await startAttempt(site);
      const [first, ...others] = await reports(attempt, 3);
      await proctor.post(`/api/events/${first!.id}/review`, { decision: 'confirmed', reason: 'seen' });
      await end(attempt);
      const { act } = await decide(proctor, attempt, [{ ...first!, review: 'confirmed' }, ...others], 'dismissed');
      expect(await sessionOf(attempt)).toMatchObject({ riskScore: 9, reviewedScore: 0 });
      const undone = await undo(site.admin, attempt, act);
      expect(undone.events.map(({ review }) => review)).toEqual(['confirmed', null, null]);
      expect(undone.reviews.every((review) => review.undoes === act && review.act === undone.act)).toBe(true);
      expect(undone.session).toMatchObject({ riskScore: 9, reviewedScore: 9 });
      expect((await reviewsOf(attempt)).map(({ decision }) => decision)).toEqual([
        'reopened',
        'reopened',
        'confirmed',
        'dismissed',
        'dismissed',
        'dismissed',
        'confirmed',
      ]);
      await expect(undo(proctor, attempt, act)).rejects.toMatchObject({ status: 409, code: 'decided_meanwhile' });
      await expect(undo(proctor, attempt, randomUUID())).rejects.toMatchObject({ status: 404 });
    });

    test.runIf(available)('that somebody has decided over since are not undone', async () => {
      const attempt = await startAttempt(site);
      const events = await reports(attempt, 2);
      const { act } = await decide(proctor, attempt, events, 'dismissed');
      await site.admin.post(`/api/events/${events[0]!.id}/review`, { decision: 'confirmed', reason: 'seen' });
      await expect(undo(proctor, attempt, act)).rejects.toMatchObject({ status: 409, code: 'decided_meanwhile' });
      expect(await decisions(attempt)).toEqual(['confirmed', 'dismissed']);
    });
  },
);
