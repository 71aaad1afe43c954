import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import type { Rescore, Review, Verdict } from '../../protocol/http/reviews.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../support/api.ts';
import { type Attempt, startAttempt, watchExam } from '../support/attempt.ts';
import { createDatabase, KINDS } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
let proctor: Api;
beforeAll(async () => {
  site = await startTestServer();
  proctor = await site.proctor();
});
afterAll(() => site.close());

const NOBODY = '01a20128-b3ea-75c2-965a-5ede413d3d6b';

const report = ({ student, session }: Attempt, type = 'TAB_SWITCH') =>
  student.post<Event>('/api/proctoring/event', { sessionId: session.id, type });
const end = ({ student, session }: Attempt) => student.post<Session>(`/api/sessions/${session.id}/end`);
const review = (by: Api, eventId: string, decision: string, reason = 'seen on the picture') =>
  by.post<{ review: Review; event: Event; session: Session }>(`/api/events/${eventId}/review`, { decision, reason });
const reviewsOf = async (eventId: string) =>
  (await proctor.get<{ items: Review[] }>(`/api/events/${eventId}/reviews`)).items;
/** As staff see it: students see no decision before a verdict is released. */
const sessionOf = ({ session }: Attempt) => proctor.get<Session>(`/api/sessions/${session.id}`);
const eventsOf = ({ session }: Attempt) => proctor.events(session.id);
const find = async (attempt: Attempt, type: string) => (await eventsOf(attempt)).find((event) => event.type === type)!;

describe('reviewing an event of a running session', () => {
  test('excludes a dismissed event from the reviewed score, shows both scores, and the newest review counts', async () => {
    const attempt = await startAttempt(site, { levels: { medium: 3, high: 6 } });
    await report(attempt);
    const second = await report(attempt);
    const dismissed = await review(proctor, second.id, 'dismissed', 'a page of the exam itself');
    expect(dismissed).toMatchObject({
      review: {
        eventId: second.id,
        sessionId: attempt.session.id,
        decision: 'dismissed',
        reason: 'a page of the exam itself',
        by: { id: proctor.userId, name: 'Proctor' },
      },
      event: { id: second.id, seq: 2, weight: 3, review: 'dismissed' },
      session: {
        status: 'active',
        riskScore: 6,
        riskLevel: 'High',
        reviewedScore: 3,
        reviewedLevel: 'Medium',
        offset: 3,
      },
    });
    await review(proctor, second.id, 'dismissed');
    expect(await sessionOf(attempt)).toMatchObject({ riskScore: 6, reviewedScore: 3 });
    await review(site.admin, second.id, 'confirmed', 'it was another page');
    expect(await sessionOf(attempt)).toMatchObject({ riskScore: 6, reviewedScore: 6, reviewedLevel: 'High' });
    expect((await eventsOf(attempt)).map((event) => event.review)).toEqual([null, 'confirmed']);
    expect((await reviewsOf(second.id)).map((each) => each.decision)).toEqual(['confirmed', 'dismissed', 'dismissed']);
  });

  test('refuses to confirm, dismiss or reopen acts of staff, which are facts', async () => {
    const attempt = await startAttempt(site, {}, { durationMinutes: 60 });
    const exam = await attempt.connect();
    const console = await watchExam(site, attempt.exam.id);
    const command = (fields: object) => console.send({ type: 'command', session: attempt.session.id, ...fields });
    command({ do: 'message', text: 'Please stay.' });
    command({ do: 'pause' });
    command({ do: 'resume' });
    command({ do: 'extend', minutes: 5 });
    command({ do: 'terminate', reason: 'enough' });
    await exam.next('ended');
    const acts = await eventsOf(attempt);
    expect(acts.map(({ type }) => type)).toEqual([
      'PROCTOR_MESSAGE',
      'SESSION_PAUSED',
      'SESSION_RESUMED',
      'SESSION_EXTENDED',
      'SESSION_TERMINATED',
    ]);
    for (const { id, type } of acts)
      for (const decision of ['confirmed', 'dismissed', 'reopened'])
        await expect(review(proctor, id, decision), `${decision} ${type}`).rejects.toMatchObject({
          status: 409,
          code: 'act_of_staff',
        });
    expect((await eventsOf(attempt)).map((event) => event.review)).toEqual(acts.map(() => null));
    for (const { id } of acts) expect(await reviewsOf(id)).toEqual([]);
    console.close();
  });

  test('reopens a confirmed event: it has no decision and the same score', async () => {
    const attempt = await startAttempt(site);
    const event = await report(attempt);
    const before = await sessionOf(attempt);
    await review(proctor, event.id, 'confirmed');
    const reopened = await review(site.admin, event.id, 'reopened', 'a slip');
    expect(reopened).toMatchObject({
      review: { decision: 'reopened', reason: 'a slip', by: { id: site.admin.userId } },
      event: { id: event.id, review: null },
    });
    // The rolling risk goes on falling meanwhile.
    expect(reopened.session).toEqual({
      ...before,
      rollingRisk: expect.any(Number),
      attention: expect.objectContaining({ level: 'calm' }),
      offset: before.offset + 2,
    });
    expect((await eventsOf(attempt)).map((each) => each.review)).toEqual([null]);
    expect((await reviewsOf(event.id)).map((each) => each.decision)).toEqual(['reopened', 'confirmed']);
  });

  test('reopens a dismissed event: its weight counts again, consoles are updated, and it can be decided again', async () => {
    const attempt = await startAttempt(site);
    const console = await watchExam(site, attempt.exam.id);
    const event = await report(attempt);
    await console.next('event');
    await review(proctor, event.id, 'dismissed');
    expect(await sessionOf(attempt)).toMatchObject({ riskScore: 3, reviewedScore: 0 });
    await console.next('event');
    await review(proctor, event.id, 'reopened');
    expect(await sessionOf(attempt)).toMatchObject({ riskScore: 3, reviewedScore: 3 });
    expect(await console.next('event')).toMatchObject({ offset: 3, event: { id: event.id, review: null } });
    const acts = await site.admin.get<{ items: { eventType: string; payload: string }[] }>(
      `/api/blockchain/attempt/${attempt.session.id}`,
    );
    const decided = acts.items
      .filter(({ eventType }) => eventType === 'EVENT_REVIEWED')
      .map(({ payload }) => JSON.parse(payload) as { decision: string });
    expect(decided.map(({ decision }) => decision)).toEqual(['dismissed', 'reopened']);
    await review(proctor, event.id, 'dismissed');
    await review(proctor, event.id, 'dismissed');
    await end(attempt);
    // Over, it is the same.
    await review(proctor, event.id, 'reopened');
    expect(await sessionOf(attempt)).toMatchObject({ status: 'ended', riskScore: 3, reviewedScore: 3 });
    expect((await eventsOf(attempt)).map((each) => each.review)).toEqual([null]);
    console.close();
  });

  test('is sent to consoles as a new state of the event, and not to the student (E7)', async () => {
    const attempt = await startAttempt(site);
    const socket = await attempt.connect();
    const console = await watchExam(site, attempt.exam.id);
    const event = await report(attempt);
    expect(await console.next('event')).toMatchObject({ offset: 1, event: { id: event.id, review: null } });
    await review(proctor, event.id, 'dismissed');
    expect(await console.next('event')).toMatchObject({
      offset: 2,
      event: { id: event.id, seq: 1, review: 'dismissed' },
    });
    expect(await console.next('session')).toMatchObject({
      session: { id: attempt.session.id, score: 3, offset: 2, connected: true },
    });
    const next = await report(attempt, 'COPY');
    await socket.until('events', () => socket.of('event').length === 2);
    expect(socket.of('event')[1]).toMatchObject({ event: { id: next.id } });
    expect(JSON.stringify(socket.of('event'))).not.toContain('dismissed');
    socket.close();
    console.close();
  });

  test('an open incident keeps its review when it ends', async () => {
    const attempt = await startAttempt(site, { weights: { CONNECTION_LOST: 2 } });
    const console = await watchExam(site, attempt.exam.id);
    (await attempt.connect()).terminate();
    const lost = (await console.next('event'))['event'] as Event;
    expect(lost).toMatchObject({ type: 'CONNECTION_LOST', endedAt: null });
    await review(proctor, lost.id, 'dismissed');
    const socket = await attempt.connect();
    await socket.until('events', () => socket.of('event').length === 2);
    expect(await find(attempt, 'CONNECTION_LOST')).toMatchObject({ review: 'dismissed', endedAt: expect.any(String) });
    expect(await sessionOf(attempt)).toMatchObject({ riskScore: 2, reviewedScore: 0 });
    await review(proctor, lost.id, 'confirmed');
    expect(await find(attempt, 'CONNECTION_LOST')).toMatchObject({ review: 'confirmed', endedAt: expect.any(String) });
    expect(await sessionOf(attempt)).toMatchObject({ riskScore: 2, reviewedScore: 2 });
    socket.close();
    console.close();
  });

  test('leaves later events counting in both scores', async () => {
    const attempt = await startAttempt(site);
    const first = await report(attempt);
    await review(proctor, first.id, 'dismissed');
    await report(attempt, 'COPY');
    expect(await sessionOf(attempt)).toMatchObject({ riskScore: 4, reviewedScore: 1 });
    await end(attempt);
    expect(await sessionOf(attempt)).toMatchObject({ riskScore: 4, reviewedScore: 1, status: 'ended' });
  });

  test('fractional weights leave no rounding residue', async () => {
    const attempt = await startAttempt(site, { weights: { TAB_SWITCH: 0.1, COPY: 0.2 } });
    const [tab, copy] = [await report(attempt), await report(attempt, 'COPY')];
    await review(proctor, tab.id, 'dismissed');
    await review(proctor, copy.id, 'dismissed');
    expect((await sessionOf(attempt)).reviewedScore).toBe(0);
    await review(proctor, tab.id, 'confirmed');
    expect((await sessionOf(attempt)).reviewedScore).toBe(0.1);
  });
});

describe('reviewing an event of an ended session', () => {
  test('changes only its reviewed score', async () => {
    const attempt = await startAttempt(site);
    const event = await report(attempt);
    await report(attempt, 'COPY');
    await end(attempt);
    const before = await sessionOf(attempt);
    const { session } = await review(proctor, event.id, 'dismissed');
    expect(session).toEqual({
      ...before,
      reviewedScore: 1,
      attention: { value: 1.9, level: 'calm', because: [{ type: 'COPY', share: 1 }] },
      offset: before.offset + 1,
    });
    expect(await sessionOf(attempt)).toEqual(session);
    expect((await eventsOf(attempt)).map((each) => each.review)).toEqual(['dismissed', null]);
  });

  test('is sent to consoles subscribed to it', async () => {
    const attempt = await startAttempt(site);
    const event = await report(attempt);
    await end(attempt);
    const console = await watchExam(site, attempt.exam.id);
    await review(proctor, event.id, 'confirmed');
    // It was over before, and in no snapshot: the console learns of it first.
    expect(await console.next('session')).toMatchObject({
      session: { id: attempt.session.id, status: 'ended', connected: false },
    });
    expect(await console.next('event')).toMatchObject({ offset: 2, event: { id: event.id, review: 'confirmed' } });
    console.close();
  });

  test('concurrently always succeeds, and the newest review counts', async () => {
    const attempt = await startAttempt(site);
    const [a, b] = [await report(attempt), await report(attempt)];
    await end(attempt);
    const decisions = ['dismissed', 'confirmed', 'dismissed', 'dismissed', 'confirmed', 'dismissed'];
    await Promise.all(
      decisions.map((decision, i) => review(i % 2 === 0 ? proctor : site.admin, i % 3 === 0 ? a.id : b.id, decision)),
    );
    const [first, second] = await eventsOf(attempt);
    const newest = [(await reviewsOf(a.id))[0]!.decision, (await reviewsOf(b.id))[0]!.decision];
    expect([first!.review, second!.review]).toEqual(newest);
    expect((await reviewsOf(a.id)).length + (await reviewsOf(b.id)).length).toBe(6);
    expect(await sessionOf(attempt)).toMatchObject({
      riskScore: 6,
      reviewedScore: 6 - 3 * newest.filter((each) => each === 'dismissed').length,
      offset: 8,
    });
  });

  test('at the moment of its end applies both the review and the end', async () => {
    const attempt = await startAttempt(site);
    const events = [await report(attempt), await report(attempt), await report(attempt)];
    await Promise.all([
      review(proctor, events[0]!.id, 'dismissed'),
      end(attempt),
      review(proctor, events[1]!.id, 'dismissed'),
      review(site.admin, events[2]!.id, 'confirmed'),
    ]);
    expect(await sessionOf(attempt)).toMatchObject({ status: 'ended', riskScore: 9, reviewedScore: 3 });
    expect((await eventsOf(attempt)).map((each) => each.review)).toEqual(['dismissed', 'dismissed', 'confirmed']);
  });
});

test('an event of a running session without an owning process is reviewed', async () => {
  const database = await createDatabase('pglite', 'admin');
  try {
    const before = await startTestServer({ database });
    const attempt = await startAttempt(before);
    const event = await report(attempt);
    const { tokens } = attempt.student;
    await before.close();
    await using after = await startTestServer({ database });
    const student = after.api();
    student.tokens = tokens;
    const staff = await after.proctor();
    await Promise.all([review(staff, event.id, 'confirmed'), review(after.admin, event.id, 'dismissed')]);
    const reviews = (await staff.get<{ items: Review[] }>(`/api/events/${event.id}/reviews`)).items;
    expect(reviews).toHaveLength(2);
    const session = await staff.get<Session>(`/api/sessions/${attempt.session.id}`);
    expect(session).toMatchObject({
      status: 'active',
      riskScore: 3,
      reviewedScore: reviews[0]!.decision === 'dismissed' ? 0 : 3,
    });
    // And it goes on.
    await student.post('/api/proctoring/event', { sessionId: session.id, type: 'COPY' });
    expect(await student.get<Session>(`/api/sessions/${session.id}`)).toMatchObject({ riskScore: 4 });
  } finally {
    await database.remove();
  }
});

const postgres = KINDS.find(({ kind }) => kind === 'postgres')!;

test.runIf(postgres.available)(
  `two servers review an ended session concurrently, and both succeed, on ${postgres.title}`,
  async () => {
    const database = await createDatabase('postgres', 'admin');
    const [a, b] = [await startTestServer({ database }), await startTestServer({ database })];
    try {
      const attempt = await startAttempt(a);
      const events = [await report(attempt), await report(attempt)];
      await end(attempt);
      await Promise.all(
        [a, b, a, b].map((server, i) => review(server.admin, events[i % 2]!.id, i < 2 ? 'dismissed' : 'confirmed')),
      );
      const kept = await Promise.all(
        events.map(async ({ id }) => (await a.admin.get<{ items: Review[] }>(`/api/events/${id}/reviews`)).items),
      );
      expect(kept.map((reviews) => reviews.length)).toEqual([2, 2]);
      const stored = await a.admin.events(attempt.session.id);
      expect(stored.filter((event) => event.review === null)).toEqual([]);
      const dismissed = stored.filter((event) => event.review === 'dismissed');
      expect(await a.admin.get<Session>(`/api/sessions/${attempt.session.id}`)).toMatchObject({
        riskScore: 6,
        reviewedScore: 6 - 3 * dismissed.length,
        offset: 6,
      });
    } finally {
      await Promise.all([a.close(), b.close()]);
      await database.remove();
    }
  },
);

describe('a review', () => {
  test('needs a decision, a reason and an existing event', async () => {
    const attempt = await startAttempt(site);
    const event = await report(attempt);
    await expect(review(proctor, event.id, 'dismissed', '  ')).rejects.toMatchObject({
      status: 400,
      body: { ref: 'body.reason' },
    });
    await expect(review(proctor, event.id, 'forgiven')).rejects.toMatchObject({
      status: 400,
      body: { ref: 'body.decision' },
    });
    await expect(review(proctor, NOBODY, 'dismissed')).rejects.toMatchObject({ status: 404, code: 'not_found' });
    await expect(proctor.get(`/api/events/${NOBODY}/reviews`)).rejects.toMatchObject({
      status: 404,
      code: 'not_found',
    });
    expect(await reviewsOf(event.id)).toEqual([]);
  });

  test('is written and read by staff only', async () => {
    const attempt = await startAttempt(site);
    const event = await report(attempt);
    await expect(review(attempt.student, event.id, 'dismissed')).rejects.toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    await expect(attempt.student.get(`/api/events/${event.id}/reviews`)).rejects.toMatchObject({
      status: 403,
      code: 'forbidden',
    });
  });

  test('is listed in pages', async () => {
    const attempt = await startAttempt(site);
    const event = await report(attempt);
    for (const reason of ['one', 'two', 'three']) await review(proctor, event.id, 'confirmed', reason);
    const path = `/api/events/${event.id}/reviews?limit=2`;
    const first = await proctor.get<{ items: Review[]; nextCursor: string }>(path);
    expect(first.items.map((each) => each.reason)).toEqual(['three', 'two']);
    const second = await proctor.get<{ items: Review[]; nextCursor: null }>(`${path}&cursor=${first.nextCursor}`);
    expect(second).toMatchObject({ items: [{ reason: 'one' }], nextCursor: null });
  });
});

describe('a verdict', () => {
  const give = (by: Api, { session }: Attempt, body: unknown) =>
    by.post<Verdict>(`/api/sessions/${session.id}/verdict`, body);

  test('is given after the session ended, by a named person with a reason, and the newest counts', async () => {
    const attempt = await startAttempt(site);
    await expect(give(proctor, attempt, { verdict: 'concern', reason: 'early' })).rejects.toMatchObject({
      status: 409,
      code: 'session_running',
    });
    await end(attempt);
    const first = await give(proctor, attempt, { verdict: 'concern', reason: 'two people' });
    expect(first).toMatchObject({
      sessionId: attempt.session.id,
      verdict: 'concern',
      reason: 'two people',
      by: { id: proctor.userId, name: 'Proctor' },
    });
    const second = await give(site.admin, attempt, { verdict: 'no_concern', reason: 'the invigilator' });
    const shown = await proctor.get<{ verdict: Verdict; verdicts: Verdict[] }>(
      `/api/proctoring/attempt/${attempt.session.id}`,
    );
    expect(shown).toMatchObject({ verdict: second, verdicts: [second, first] });
    expect(await attempt.student.get(`/api/proctoring/my-attempt/${attempt.session.id}`)).toMatchObject({
      verdict: null,
    });
  });

  test('is refused without a reason, from a student and for an unknown session, and is never given by the score', async () => {
    const attempt = await startAttempt(site, { weights: { TAB_SWITCH: 100 } });
    await report(attempt);
    await end(attempt);
    for (const reason of [undefined, '', '   '])
      await expect(give(proctor, attempt, { verdict: 'violation', reason })).rejects.toMatchObject({ status: 400 });
    await expect(give(proctor, attempt, { verdict: 'guilty', reason: 'x' })).rejects.toMatchObject({ status: 400 });
    await expect(give(attempt.student, attempt, { verdict: 'no_concern', reason: 'x' })).rejects.toMatchObject({
      status: 403,
    });
    await expect(
      proctor.post(`/api/sessions/${NOBODY}/verdict`, { verdict: 'concern', reason: 'x' }),
    ).rejects.toMatchObject({ status: 404 });
    expect(await proctor.get(`/api/proctoring/attempt/${attempt.session.id}`)).toMatchObject({
      session: { riskLevel: 'High' },
      verdict: null,
      verdicts: [],
    });
  });
});

describe('rescoring under another policy version', () => {
  const rescore = (by: Api, { session }: Attempt, policyVersion: number, reason?: string) =>
    by.post<Rescore>(`/api/sessions/${session.id}/rescore`, { policyVersion, reason });
  const replacePolicy = ({ exam }: Attempt, policy: unknown) =>
    site.admin.request('PUT', `/api/exams/${exam.id}`, { title: exam.title, policy });

  test('adds a result and changes no recorded data', async () => {
    const attempt = await startAttempt(site);
    const event = await report(attempt);
    await report(attempt);
    await report(attempt, 'COPY');
    await replacePolicy(attempt, { weights: { TAB_SWITCH: 5, COPY: 0 }, levels: { medium: 6, high: 10 } });
    await expect(rescore(proctor, attempt, 2)).rejects.toMatchObject({ status: 409, code: 'session_running' });
    await end(attempt);
    await review(proctor, event.id, 'dismissed');
    const before = await sessionOf(attempt);
    expect(before).toMatchObject({ policyVersion: 1, riskScore: 7, reviewedScore: 4 });

    const first = await rescore(proctor, attempt, 2, 'the new weights');
    expect(first).toMatchObject({
      policyVersion: 2,
      riskScore: 10,
      riskLevel: 'High',
      reviewedScore: 5,
      reviewedLevel: 'Low',
      reason: 'the new weights',
      by: { id: proctor.userId, name: 'Proctor' },
    });
    const second = await rescore(site.admin, attempt, 1);
    expect(second).toMatchObject({
      policyVersion: 1,
      riskScore: 7,
      riskLevel: 'Medium',
      reviewedScore: 4,
      reviewedLevel: 'Low',
      reason: null,
    });
    expect(await sessionOf(attempt)).toEqual(before);
    expect(await proctor.get(`/api/proctoring/attempt/${attempt.session.id}`)).toMatchObject({
      rescores: [second, first],
    });
  });

  test("applies the student's accommodations", async () => {
    const exam = await site.admin.createExam({});
    const student = await site.student();
    await site.admin.request('PUT', `/api/exams/${exam.id}/students/${student.userId}`, {
      extraMinutes: 0,
      detection: { weights: { TAB_SWITCH: 0 } },
    });
    const session = await student.startSession(exam.id);
    const attempt = { exam, student, session } as Attempt;
    await report(attempt);
    await report(attempt, 'COPY');
    await replacePolicy(attempt, { weights: { TAB_SWITCH: 9, COPY: 2 } });
    await end(attempt);
    expect(await rescore(proctor, attempt, 2)).toMatchObject({ riskScore: 2, reviewedScore: 2 });
  });

  test("needs an existing version of the exam's policy", async () => {
    const attempt = await startAttempt(site);
    await end(attempt);
    await expect(rescore(proctor, attempt, 2)).rejects.toMatchObject({
      status: 422,
      code: 'unknown_policy_version',
      body: { ref: 2 },
    });
    await expect(rescore(proctor, attempt, 0)).rejects.toMatchObject({ status: 400 });
    await expect(rescore(attempt.student, attempt, 1)).rejects.toMatchObject({ status: 403 });
    await expect(proctor.post(`/api/sessions/${NOBODY}/rescore`, { policyVersion: 1 })).rejects.toMatchObject({
      status: 404,
    });
  });
});
