import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import type { TypeTally } from '../../protocol/http/attempts.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { PolicyInput } from '../../protocol/policy.ts';
import type { Api } from '../support/api.ts';
import { startAttempt } from '../support/attempt.ts';
import { T0 } from '../support/rows.ts';
import { judge, release } from '../support/verdict-site.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
let proctor: Api;
beforeAll(async () => {
  site = await startTestServer();
  proctor = await site.proctor();
});
afterAll(() => site.close());

const NOBODY = '01a20128-b3ea-75c2-965a-5ede413d3d6b';

const report = (student: Api, session: Session, type = 'TAB_SWITCH') =>
  student.post<Event>('/api/proctoring/event', { sessionId: session.id, type });
const dismiss = (event: Event) =>
  proctor.post(`/api/events/${event.id}/review`, { decision: 'dismissed', reason: 'no matter' });

describe('my-attempt', () => {
  test('shows students their session and events by type, and once a verdict is released its decisions, too', async () => {
    const attempt = await startAttempt(site, {}, { title: 'Optics' });
    const { student, session } = attempt;
    const first = await report(student, session);
    await report(student, session);
    await report(student, session, 'COPY');
    await dismiss(first);
    const path = `/api/proctoring/my-attempt/${session.id}`;
    expect(await student.get(path)).toMatchObject({
      session: { id: session.id, status: 'active', riskScore: 7, reviewedScore: 7 },
      exam: { id: attempt.exam.id, title: 'Optics' },
      counts: [
        { type: 'TAB_SWITCH', count: 2, weight: 6, seconds: 0 },
        { type: 'COPY', count: 1, weight: 1, seconds: 0 },
      ],
      events: {
        items: [
          { seq: 1, review: null },
          { seq: 2, review: null },
          { seq: 3, review: null },
        ],
        nextCursor: null,
      },
      verdict: null,
    });
    expect(JSON.stringify(await student.get(path))).not.toContain('no matter');
    await student.post(`/api/sessions/${session.id}/end`);
    await release(site.admin, session.id, await judge(proctor, session.id, 'no_concern', 'all is well'));
    expect(await student.get(path)).toMatchObject({
      session: { status: 'ended', reviewedScore: 4 },
      events: { items: [{ seq: 1, review: 'dismissed' }, { seq: 2 }, { seq: 3 }] },
      verdict: { verdict: 'no_concern', reason: 'all is well', by: null },
    });
  });

  test('shows the first 200 events and the cursor of the rest', async () => {
    const { student, session } = await startAttempt(site);
    await Promise.all(Array.from({ length: 203 }, () => report(student, session, 'COPY')));
    const { events } = await student.get<{ events: { items: Event[]; nextCursor: string } }>(
      `/api/proctoring/my-attempt/${session.id}`,
    );
    expect([events.items.length, events.items.at(-1)!.seq, events.nextCursor]).toEqual([200, 200, '200']);
    const rest = await student.get<{ items: Event[] }>(
      `/api/proctoring/attempt/${session.id}/events?cursor=${events.nextCursor}`,
    );
    expect(rest.items.map((event) => event.seq)).toEqual([201, 202, 203]);
  });

  test('is 404 for everybody but the student', async () => {
    const { session } = await startAttempt(site);
    const other = await site.student();
    for (const who of [other, proctor, site.admin]) {
      await expect(who.get(`/api/proctoring/my-attempt/${session.id}`)).rejects.toMatchObject({
        status: 404,
        code: 'not_found',
      });
    }
    await expect(other.get(`/api/proctoring/my-attempt/${NOBODY}`)).rejects.toMatchObject({ status: 404 });
  });
});

describe('attempt', () => {
  test('shows staff the student, the exam, incident durations and accommodations', async () => {
    const exam = await site.admin.createExam({}, { title: 'Acoustics' });
    const student = await site.student('Noor');
    const detection = { gaze: false, holds: { noFace: 9 } };
    await site.admin.request('PUT', `/api/exams/${exam.id}/students/${student.userId}`, {
      extraMinutes: 10,
      detection,
    });
    const session = await student.startSession(exam.id);
    const event = await report(student, session);
    await dismiss(event);
    expect(await proctor.get(`/api/proctoring/attempt/${session.id}`)).toMatchObject({
      session: { id: session.id, riskScore: 3, reviewedScore: 0, accommodations: { extraMinutes: 10, detection } },
      student: { id: student.userId, name: 'Noor', email: student.tokens!.user.email },
      exam: { id: exam.id, title: 'Acoustics', status: 'active', policyVersion: 1 },
      counts: [{ type: 'TAB_SWITCH', count: 1, weight: 3, seconds: 0 }],
      reviews: [
        { eventId: event.id, decision: 'dismissed', reason: 'no matter', by: { id: proctor.userId, name: 'Proctor' } },
      ],
      rescores: [],
      verdicts: [],
      verdict: null,
    });
  });

  test('sums the seconds of open incidents', async () => {
    let now = T0;
    await using timed = await startTestServer({ overrides: { clock: () => now } });
    const attempt = await startAttempt(timed);
    const lost = async () => (await attempt.events()).filter((event) => event.type === 'CONNECTION_LOST');
    for (const [i, seconds] of [60, 30].entries()) {
      (await attempt.connect()).terminate();
      await expect.poll(async () => (await lost()).length).toBe(i + 1);
      now += seconds * 1000;
    }
    await attempt.connect();
    await expect.poll(async () => (await lost()).every((event) => event.endedAt)).toBe(true);
    const { counts } = await timed.admin.get<{ counts: TypeTally[] }>(`/api/proctoring/attempt/${attempt.session.id}`);
    expect(counts).toContainEqual({ type: 'CONNECTION_LOST', count: 2, weight: 0, seconds: 90 });
  });

  test('is for staff and needs an existing session', async () => {
    const { student, session } = await startAttempt(site);
    await expect(student.get(`/api/proctoring/attempt/${session.id}`)).rejects.toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    await expect(proctor.get(`/api/proctoring/attempt/${NOBODY}`)).rejects.toMatchObject({
      status: 404,
      code: 'not_found',
    });
  });

  test("events of another student's session are 404", async () => {
    const { session } = await startAttempt(site);
    const other = await site.student();
    await expect(other.get(`/api/proctoring/attempt/${session.id}/events`)).rejects.toMatchObject({
      status: 404,
      code: 'not_found',
    });
    expect(await proctor.get(`/api/proctoring/attempt/${session.id}/events`)).toEqual({ items: [], nextCursor: null });
  });
});

describe('suspicious', () => {
  interface Suspicious {
    items: { session: Session; exam: { id: string; title: string }; reasons: TypeTally[] }[];
    nextCursor: string | null;
  }

  /** Students of one exam; each reports so many tab switches. */
  async function sat(counts: readonly number[], policy: PolicyInput = {}) {
    const exam = await site.admin.createExam(policy, { title: 'Mechanics' });
    const sessions: Session[] = [];
    const events: Event[][] = [];
    for (const count of counts) {
      const student = await site.student();
      const session = await student.startSession(exam.id);
      const own: Event[] = [];
      for (let i = 0; i < count; i++) own.push(await report(student, session));
      sessions.push(session);
      events.push(own);
    }
    const list = (query = '') => proctor.get<Suspicious>(`/api/proctoring/suspicious?exam=${exam.id}${query}`);
    return {
      exam,
      sessions,
      events,
      list,
      ids: async (query = '') =>
        (await list(query)).items.map((item) => sessions.findIndex((session) => session.id === item.session.id)),
    };
  }

  test('lists sessions from level Medium, highest attention first, then newest', async () => {
    const { ids, events } = await sat([2, 4, 1, 2, 3]);
    expect(await ids()).toEqual([1, 4, 3, 0]);
    expect(await ids('&level=High')).toEqual([1]);
    expect(await ids('&level=Low')).toEqual([1, 4, 3, 0, 2]);
    for (const event of events[1]!.slice(0, 3)) await dismiss(event);
    expect(await ids()).toEqual([4, 3, 0]);
    expect(await ids('&level=Low')).toEqual([4, 3, 0, 2, 1]);
  });

  test('lists sessions whose events weigh nothing in the risk score, by attention, and tells students nothing of it', async () => {
    const { exam, sessions, ids } = await sat([0, 2]);
    const student = await site.student();
    const session = await student.startSession(exam.id);
    sessions.push(session);
    for (const type of ['CAMERA_UNAVAILABLE', 'CAMERA_UNAVAILABLE', 'CAMERA_UNAVAILABLE', 'SECOND_SCREEN'])
      await report(student, session, type);
    expect(await ids()).toEqual([2, 1]);
    const ranked = async (query: string) =>
      (await proctor.get<{ items: Session[] }>(`/api/sessions?exam=${exam.id}&order=attention${query}`)).items;
    expect((await ranked('')).map(({ id }) => sessions.findIndex((other) => other.id === id))).toEqual([2, 1, 0]);
    expect((await ranked(''))[0]).toMatchObject({
      attention: { level: 'watch', because: [{ type: 'CAMERA_UNAVAILABLE' }, { type: 'SECOND_SCREEN' }] },
    });
    const own = await student.get<Session>(`/api/sessions/${session.id}`);
    expect(own.riskScore).toBeGreaterThanOrEqual(0);
    expect(own).not.toHaveProperty('attention');
  });

  test("levels are those of each session's policy", async () => {
    const { ids } = await sat([1, 2], { levels: { medium: 3, high: 6 } });
    expect(await ids('&level=High')).toEqual([1]);
    expect(await ids()).toEqual([1, 0]);
  });

  test('lists the reasons, largest weight first, without dismissed and zero-weight events', async () => {
    const exam = await site.admin.createExam({ weights: { PASTE: 0 } });
    const student = await site.student();
    const session = await student.startSession(exam.id);
    const dismissed = await report(student, session, 'CONTEXT_MENU');
    for (const type of ['COPY', 'COPY', 'TAB_SWITCH', 'TAB_SWITCH', 'PASTE']) await report(student, session, type);
    await dismiss(dismissed);
    const { items } = await proctor.get<Suspicious>(`/api/proctoring/suspicious?exam=${exam.id}`);
    expect(items).toMatchObject([
      {
        session: { id: session.id, riskScore: 9, reviewedScore: 8, reviewedLevel: 'Medium' },
        exam: { id: exam.id, title: 'An exam' },
        reasons: [
          { type: 'TAB_SWITCH', count: 2, weight: 6, seconds: 0 },
          { type: 'COPY', count: 2, weight: 2, seconds: 0 },
        ],
      },
    ]);
  });

  test('is paged, also among equal scores', async () => {
    const { sessions, list } = await sat([2, 2, 3, 2, 2]);
    const seen: string[] = [];
    let cursor = '';
    for (;;) {
      const { items, nextCursor } = await list(`&limit=2${cursor}`);
      seen.push(...items.map((item) => item.session.id));
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
    }
    expect(seen).toEqual([2, 4, 3, 1, 0].map((i) => sessions[i]!.id));
  });

  test('refuses a foreign cursor', async () => {
    for (const cursor of ['x', 'WzFd', Buffer.from('["1","2"]').toString('base64url'), '%00']) {
      await expect(proctor.get(`/api/proctoring/suspicious?cursor=${cursor}`), cursor).rejects.toMatchObject({
        status: 400,
        code: 'bad_request',
        body: { ref: 'query.cursor' },
      });
    }
    await expect(proctor.get('/api/proctoring/suspicious?level=Extreme')).rejects.toMatchObject({ status: 400 });
  });

  test('is for staff', async () => {
    const student = await site.student();
    await expect(student.get('/api/proctoring/suspicious')).rejects.toMatchObject({ status: 403, code: 'forbidden' });
  });
});
