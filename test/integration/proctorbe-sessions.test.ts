import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import type { Api } from '../support/api.ts';
import { startAttempt } from '../support/attempt.ts';
import { frameForm } from '../support/frame-form.ts';
import { png } from '../support/pictures.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
/** The server's clock stands still unless a test moves it. */
let now = Date.now();
beforeAll(async () => {
  site = await startTestServer({ overrides: { clock: () => now }, vision: true });
});
afterAll(() => site.close());

interface SessionOut {
  id: string;
  user_id: string;
  exam_id: string;
  started_at: string;
  ended_at: string | null;
  risk_score: number;
  risk_level: string;
}

async function start(): Promise<{ student: Api; session: SessionOut }> {
  const [student, exam] = [await site.student(), await site.admin.createExam()];
  return { student, session: await student.post<SessionOut>(`/sessions/start?exam_id=${exam.id}`) };
}

describe('ProctorBE sessions', () => {
  test('start and end by query parameters, and end once', async () => {
    const { student, session } = await start();
    expect(session).toMatchObject({
      user_id: student.userId,
      started_at: new Date(now).toISOString(),
      ended_at: null,
      risk_score: 0,
      risk_level: 'Low',
    });
    await expect(student.post(`/sessions/start?exam_id=${session.exam_id}`)).rejects.toMatchObject({
      status: 409,
      body: { ref: session.id },
    });
    for (let i = 0; i < 2; i++)
      await student.post(`/events/?session_id=${session.id}&event_type=TAB_SWITCH&severity=1`);
    const path = `/sessions/end?session_id=${session.id}`;
    await expect((await site.student()).post(path)).rejects.toMatchObject({ status: 404 });
    await expect(site.admin.post(path)).rejects.toMatchObject({ status: 404 });
    expect(await student.post(path)).toEqual({ session_id: session.id, risk_score: 6, risk_level: 'Medium' });
    await expect(student.post(path)).rejects.toMatchObject({ status: 409, code: 'session_over' });
    expect(await student.get(`/api/sessions/${session.id}`)).toMatchObject({
      status: 'ended',
      endReason: 'ended',
      riskScore: 6,
    });
    await expect(student.post('/sessions/start?exam_id=1')).rejects.toMatchObject({
      status: 400,
      body: { ref: 'query.exam_id' },
    });
  });

  test('are listed for admins, newest first, as a plain array', async () => {
    const [first, second] = [await start(), await start()];
    await first.student.post(`/sessions/end?session_id=${first.session.id}`);
    const list = await site.admin.get<SessionOut[]>('/admin/sessions');
    expect(list.slice(0, 2).map(({ id, ended_at: endedAt }) => [id, endedAt])).toEqual([
      [second.session.id, null],
      [first.session.id, new Date(now).toISOString()],
    ]);
    for (const api of [first.student, await site.proctor()])
      await expect(api.get('/admin/sessions')).rejects.toMatchObject({ status: 403 });
  });
});

describe('ProctorBE events', () => {
  test('keep the severity of the client, without effect on the score', async () => {
    const { student, session } = await start();
    const event = await student.post<{ id: string }>(
      `/events/?session_id=${session.id}&event_type=TAB_SWITCH&severity=7`,
    );
    expect(event).toEqual({
      id: expect.any(String),
      session_id: session.id,
      event_type: 'TAB_SWITCH',
      severity: 7,
      created_at: new Date(now).toISOString(),
    });
    expect(await student.events(session.id)).toMatchObject([
      { id: event.id, severity: 'medium', weight: 3, details: { data: { severity: 7 } } },
    ]);
    await student.post('/api/proctoring/event', { sessionId: session.id, type: 'COPY', data: { severity: 'high' } });
    const path = `/admin/sessions/${session.id}/events`;
    expect(await site.admin.get(path)).toMatchObject([event, { event_type: 'COPY', severity: 1 }]);
    await expect(student.get(path)).rejects.toMatchObject({ status: 403 });
    await expect(site.admin.get(path.replace(session.id, session.exam_id))).rejects.toMatchObject({ status: 404 });
  });

  test('are all in one list', async () => {
    const { student, session } = await start();
    await Promise.all(
      Array.from({ length: 230 }, () => student.post(`/events?session_id=${session.id}&event_type=COPY&severity=1`)),
    );
    expect(await site.admin.get<unknown[]>(`/admin/sessions/${session.id}/events`)).toHaveLength(230);
  });

  test.each([
    'event_type=tab&severity=1',
    'event_type=COPY',
    'event_type=COPY&severity=x',
    'event_type=COPY&severity=1.5',
    'event_type=NO_FACE&severity=2',
  ])('are refused with %s', async (query) => {
    const { student, session } = await start();
    await expect(student.post(`/events/?session_id=${session.id}&${query}`)).rejects.toMatchObject({ status: 400 });
    expect(await student.events(session.id)).toEqual([]);
  });

  test("are refused for another student's and an ended session", async () => {
    const { student, session } = await start();
    const path = `/events/?session_id=${session.id}&event_type=COPY&severity=1`;
    await expect((await site.student()).post(path)).rejects.toMatchObject({ status: 404 });
    await student.post(`/sessions/end?session_id=${session.id}`);
    await expect(student.post(path)).rejects.toMatchObject({ status: 409, code: 'session_over' });
  });
});

test('a ProctorBE frame returns the number of faces and the types of open incidents', async () => {
  const attempt = await startAttempt(site, { holds: { noFace: 1 } });
  const { student, session } = attempt;
  const pictures = clips(createScene(3));
  const post = (jpeg: Uint8Array, api = student) =>
    api.send('POST', `/cv/analyze-frame?session_id=${session.id}`, { body: frameForm(jpeg) });
  const seen: unknown[] = [];
  for (const frame of [pictures.attentive[0]!, pictures.empty[0]!, pictures.empty[1]!, png()]) {
    now += 1000;
    const { status, body } = await post(frame);
    expect([status, (body as { session_id: string }).session_id]).toEqual([200, session.id]);
    seen.push([(body as { faces: number }).faces, (body as { events: string[] }).events]);
  }
  expect(seen).toEqual([
    [1, []],
    [0, []],
    [0, ['NO_FACE']],
    [0, ['INVALID_IMAGE']],
  ]);
  expect((await attempt.events()).map(({ type }) => type)).toEqual(['NO_FACE', 'INVALID_IMAGE']);
  expect(await post(pictures.attentive[0]!, await site.student())).toMatchObject({ status: 404 });
  await student.post(`/sessions/end?session_id=${session.id}`);
  expect(await post(pictures.attentive[0]!)).toMatchObject({ status: 409, body: { code: 'session_over' } });
});
