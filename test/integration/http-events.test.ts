import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../support/api.ts';
import { type Attempt, signal, startAttempt, watchExam } from '../support/attempt.ts';
import { createDatabase, KINDS } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
/** The server's clock runs ahead of ours by this much. */
let ahead = 0;
beforeAll(async () => {
  site = await startTestServer({ overrides: { clock: () => Date.now() + ahead } });
});
afterAll(() => site.close());

const JSON_TYPE = { 'content-type': 'application/json' };

function send(api: Api, path: string, body: unknown, key?: string) {
  return api.send('POST', path, {
    body: JSON.stringify(body),
    headers: { ...JSON_TYPE, ...(key !== undefined && { 'idempotency-key': key }) },
  });
}

const report = ({ student, session }: Attempt, body: Record<string, unknown> = {}, key?: string) =>
  send(student, '/api/proctoring/event', { sessionId: session.id, type: 'TAB_SWITCH', ...body }, key);

const replayed = (answer: { headers: Headers }) => answer.headers.get('idempotency-replayed');

describe('a posted event', () => {
  test('is stored with its weight and returned as stored', async () => {
    const attempt = await startAttempt(site);
    const { status, body } = await report(attempt, { at: '2026-01-01T10:00:00+02:00', data: { from: 'tab 1' } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      sessionId: attempt.session.id,
      seq: 1,
      type: 'TAB_SWITCH',
      source: 'client',
      weight: 3,
      severity: 'medium',
      durationMs: 0,
      details: { clientAt: '2026-01-01T10:00:00+02:00', data: { from: 'tab 1' } },
    });
    expect(await attempt.events()).toEqual([body]);
    expect(await attempt.student.get<Session>(`/api/sessions/${attempt.session.id}`)).toMatchObject({
      riskScore: 3,
      riskLevel: 'Low',
      connected: false,
    });
  });

  test('is sent to consoles and the exam socket, in one order with signals (E3)', async () => {
    const attempt = await startAttempt(site);
    const proctor = await watchExam(site, attempt.exam.id);
    const socket = await attempt.connect();
    socket.send(signal(1));
    await socket.next('ack');
    await report(attempt, { type: 'COPY' });
    socket.send(signal(2, 'PASTE'));
    await socket.until('ack', () => socket.of('ack').length === 2);
    await proctor.until('events', () => proctor.of('event').length === 3);
    const types = (messages: readonly { [field: string]: unknown }[]) =>
      messages.map((message) => (message['event'] as Event).type);
    expect(types(socket.of('event'))).toEqual(['TAB_SWITCH', 'COPY', 'PASTE']);
    expect(types(proctor.of('event'))).toEqual(['TAB_SWITCH', 'COPY', 'PASTE']);
    expect(await attempt.types()).toEqual(['TAB_SWITCH', 'COPY', 'PASTE']);
    socket.close();
    proctor.close();
  });

  test('of a client without a socket never causes CONNECTION_LOST (E6)', async () => {
    const attempt = await startAttempt(site);
    await report(attempt);
    ahead += 600_000;
    await report(attempt);
    ahead = 0;
    expect(await attempt.types()).toEqual(['TAB_SWITCH', 'TAB_SWITCH']);
  });

  test('is stored as sent or refused: a __proto__ key, numbers and text that cannot be stored, and invalid times', async () => {
    const attempt = await startAttempt(site);
    const raw = (more: string) =>
      attempt.student.send('POST', '/api/proctoring/event', {
        body: `{"sessionId":"${attempt.session.id}","type":"COPY",${more}}`,
        headers: JSON_TYPE,
      });
    const lost = [
      '{"__proto__":{"a":1},"b":2}',
      '{"a":[{"__proto__":1}]}',
      '{"\\u005f_proto__":1}',
      '{"a":1e400}',
      '{"a":{"b":[-1e309]}}',
    ];
    for (const data of lost)
      expect(await raw(`"data":${data}`), data).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
    for (const data of ['{"a":"\\ud800"}', '{"a":"\\u0000"}', '{"\\u0000":1}'])
      expect(await raw(`"data":${data}`), data).toMatchObject({ status: 400, body: { code: 'bad_request' } });
    for (const at of [
      '0000-01-01T00:00:00Z',
      '1969-12-31T23:59:59Z',
      '2100-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
      '2099-12-31T23:59:59-01:00',
    ]) {
      expect(await raw(`"at":"${at}"`), at).toMatchObject({ status: 400, body: { code: 'bad_request' } });
    }
    expect(await attempt.types()).toEqual([]);
    const kept = '{"constructor":{"prototype":1},"n":1e308}';
    expect(await raw(`"data":${kept},"at":"1970-01-01T00:00:00Z"`)).toMatchObject({
      status: 201,
      body: { details: { data: JSON.parse(kept) as object } },
    });
  });

  test('with a reserved name is refused (S7)', async () => {
    const attempt = await startAttempt(site);
    for (const type of ['NO_FACE', 'CONNECTION_LOST', 'SESSION_TERMINATED']) {
      expect(await report(attempt, { type })).toMatchObject({ status: 400, body: { code: 'reserved_signal' } });
    }
    expect(await attempt.types()).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['a lower-case name', { type: 'tab_switch' }, 'body.type'],
    ['a time without an offset', { at: '2026-01-01T10:00:00' }, 'body.at'],
    ['U+0000', { data: { text: '\u0000' } }, 'body.data'],
    ['17 levels', { data: { a: JSON.parse('['.repeat(16) + ']'.repeat(16)) as unknown } }, 'body.data'],
    ['17 KiB', { data: { a: 'x'.repeat(17 * 1024) } }, 'body.data'],
    ['no session', { sessionId: '1' }, 'body.sessionId'],
  ])('with %s is refused', async (_name, body, field) => {
    const attempt = await startAttempt(site);
    const text = JSON.stringify({ sessionId: attempt.session.id, type: 'COPY', ...body });
    const answer = await attempt.student.send('POST', '/api/proctoring/event', { body: text, headers: JSON_TYPE });
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad_request', errors: [{ field }] } });
  });

  test.each([
    ['5,000 levels', '['.repeat(5000) + ']'.repeat(5000)],
    ['2,000 keys', JSON.stringify(Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`k${n}`, n])))],
    ['2,000 items', JSON.stringify(Array.from({ length: 2000 }, () => 0))],
  ])('of %s is refused before it is parsed', async (_name, data) => {
    const attempt = await startAttempt(site);
    const text = `{"sessionId":"${attempt.session.id}","type":"COPY","data":{"a":${data}}}`;
    expect(
      await attempt.student.send('POST', '/api/proctoring/event', { body: text, headers: JSON_TYPE }),
    ).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
    expect(await attempt.types()).toEqual([]);
  });

  test("is not_found for another student's or an unknown session, and refused for an ended one", async () => {
    const attempt = await startAttempt(site);
    const other = await site.student();
    const body = { sessionId: attempt.session.id, type: 'COPY' };
    const proctor = await site.proctor();
    for (const open of [false, true]) {
      if (open) await report(attempt);
      for (const api of [other, proctor, site.admin])
        expect(await send(api, '/api/proctoring/event', body, 'k')).toMatchObject({
          status: 404,
          body: { code: 'not_found' },
        });
    }
    expect(await send(attempt.student, '/api/proctoring/event', { ...body, sessionId: attempt.exam.id })).toMatchObject(
      { status: 404 },
    );
    await attempt.student.post(`/api/sessions/${attempt.session.id}/end`);
    expect(await report(attempt)).toMatchObject({ status: 409, body: { code: 'session_over' } });
    expect(await send(other, '/api/proctoring/event', body, 'k')).toMatchObject({ status: 404 });
  });

  test('during a pause is stored with weight 0', async () => {
    const attempt = await startAttempt(site);
    const proctor = await watchExam(site, attempt.exam.id);
    proctor.send({ type: 'command', session: attempt.session.id, do: 'pause' });
    await proctor.until('pause', () =>
      proctor.of('session').some((message) => (message['session'] as { status: string }).status === 'paused'),
    );
    expect((await report(attempt)).body).toMatchObject({ weight: 0 });
    proctor.close();
  });
});

describe('the Idempotency-Key of an event', () => {
  test('stores it once and returns the stored event again', async () => {
    const attempt = await startAttempt(site);
    const first = await report(attempt, { data: { n: 1 } }, 'a-key');
    expect([first.status, replayed(first)]).toEqual([201, null]);
    for (const key of ['a-key', '"a-key"']) {
      const again = await report(attempt, { data: { n: 1 } }, key);
      expect([again.status, again.body, replayed(again)]).toEqual([201, first.body, 'true']);
    }
    expect((await report(attempt, { data: { n: 1 } }, 'another')).body).not.toEqual(first.body);
    expect(await attempt.types()).toEqual(['TAB_SWITCH', 'TAB_SWITCH']);
  });

  test('with another body is refused', async () => {
    const attempt = await startAttempt(site);
    await report(attempt, {}, 'k');
    for (const body of [{ type: 'COPY' }, { data: {} }, { at: '2026-01-01T10:00:00Z' }]) {
      expect(await report(attempt, body, 'k')).toMatchObject({ status: 422, body: { code: 'idempotency_conflict' } });
    }
    expect(await attempt.types()).toEqual(['TAB_SWITCH']);
  });

  test('is separate per session', async () => {
    const [one, two] = [await startAttempt(site), await startAttempt(site)];
    await report(one, {}, 'k');
    expect((await report(two, {}, 'k')).body).toMatchObject({ sessionId: two.session.id });
  });

  test('of twenty concurrent requests stores one event', async () => {
    const attempt = await startAttempt(site);
    const answers = await Promise.all(Array.from({ length: 20 }, () => report(attempt, {}, 'k')));
    expect(new Set(answers.map(({ body }) => (body as Event).id)).size).toBe(1);
    expect(answers.filter((answer) => replayed(answer) === 'true')).toHaveLength(19);
    expect(await attempt.types()).toEqual(['TAB_SWITCH']);
  });

  test('is remembered after the end of the session and after 300 others', async () => {
    const attempt = await startAttempt(site);
    const first = await report(attempt, {}, 'k');
    // No more at once than one user may have waiting.
    for (let from = 0; from < 300; from += 60)
      await Promise.all(Array.from({ length: 60 }, (_, i) => report(attempt, {}, `k${from + i}`)));
    expect((await report(attempt, {}, 'k')).body).toEqual(first.body);
    expect(await report(attempt, { type: 'COPY' }, 'k')).toMatchObject({ status: 422 });
    await attempt.student.post(`/api/sessions/${attempt.session.id}/end`);
    const again = await report(attempt, {}, 'k');
    expect([again.body, replayed(again)]).toEqual([first.body, 'true']);
    expect(await report(attempt, {}, 'new')).toMatchObject({ status: 409, body: { code: 'session_over' } });
    expect(await attempt.types()).toHaveLength(301);
  });

  test.each(['', 'with space', 'ü', 'x'.repeat(129)])('cannot be %j', async (key) => {
    const attempt = await startAttempt(site);
    // `fetch` takes bytes as Latin-1 characters.
    const answer = await report(attempt, {}, Buffer.from(key).toString('latin1'));
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad_request' } });
  });
});

describe('the Idempotency-Key of a start', () => {
  const start = (student: Api, examId: string, key?: string) => send(student, '/api/sessions', { examId }, key);

  test('returns the same session in its current state, also after it or the exam ended', async () => {
    const [student, exam] = [
      await site.student(),
      await site.admin.createExam({}, { endsAt: new Date(Date.now() + 3_600_000).toISOString() }),
    ];
    const first = await start(student, exam.id, 'k');
    expect([first.status, replayed(first)]).toEqual([201, null]);
    const again = await start(student, exam.id, 'k');
    const same = { ...(first.body as object), serverTime: expect.any(String) as string };
    expect([again.status, again.body, replayed(again)]).toEqual([201, same, 'true']);
    expect(await start(student, exam.id)).toMatchObject({ status: 409, body: { code: 'session_exists' } });
    expect(await start(student, exam.id, 'other')).toMatchObject({ status: 409, body: { code: 'session_exists' } });
    const { id } = first.body as Session;
    await student.post(`/api/sessions/${id}/end`);
    ahead += 7_200_000;
    const { email } = student.tokens!.user;
    await student.login(email, "Student's password");
    expect((await start(student, exam.id, 'k')).body).toMatchObject({ id, status: 'ended' });
    ahead = 0;
  });

  test('with another exam is refused', async () => {
    const student = await site.student();
    const [one, two] = [await site.admin.createExam(), await site.admin.createExam()];
    await start(student, one.id, 'k');
    expect(await start(student, two.id, 'k')).toMatchObject({ status: 422, body: { code: 'idempotency_conflict' } });
    expect(await start(await site.student(), two.id, 'k')).toMatchObject({ status: 201 });
  });

  test('of many concurrent requests starts one session', async () => {
    const [student, exam] = [await site.student(), await site.admin.createExam()];
    const answers = await Promise.all(Array.from({ length: 8 }, () => start(student, exam.id, 'k')));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
    expect(new Set(answers.map(({ body }) => (body as Session).id)).size).toBe(1);
    expect(answers.filter((answer) => replayed(answer) === 'true')).toHaveLength(7);
  });
});

test.for(KINDS.filter(({ available }) => available))(
  'idempotency keys work for concurrent requests and across restarts: $title',
  async ({ kind }) => {
    const database = await createDatabase(kind);
    try {
      const before = await startTestServer({ database });
      const attempt = await startAttempt(before);
      const first = await report(attempt, {}, 'k');
      await attempt.student.post(`/api/sessions/${attempt.session.id}/end`);
      const starts = await Promise.all(
        Array.from({ length: 8 }, () => send(attempt.student, '/api/sessions', { examId: attempt.exam.id }, 's')),
      );
      expect(starts.map(({ status }) => status)).toEqual(Array(8).fill(201));
      expect(new Set(starts.map(({ body }) => (body as Session).id)).size).toBe(1);
      const live = { ...attempt, session: starts[0]!.body as Session };
      const event = await report(live, { data: { n: 1 } }, 'k');
      await before.close();

      await using after = await startTestServer({ database });
      const student = after.api();
      student.tokens = attempt.student.tokens;
      const again = await send(student, '/api/sessions', { examId: attempt.exam.id }, 's');
      expect([(again.body as Session).id, replayed(again)]).toEqual([live.session.id, 'true']);
      const repeats = await Promise.all([1, 2, 3].map(() => report({ ...live, student }, { data: { n: 1 } }, 'k')));
      for (const repeat of repeats)
        expect([repeat.status, repeat.body, replayed(repeat)]).toEqual([201, event.body, 'true']);
      expect(await report({ ...live, student }, { data: { n: 2 } }, 'k')).toMatchObject({ status: 422 });
      const added = await Promise.all([1, 2, 3].map(() => report({ ...live, student }, {}, 'new')));
      expect(new Set(added.map(({ body }) => (body as Event).id)).size).toBe(1);
      expect((await report({ ...attempt, student }, {}, 'k')).body).toEqual(first.body);
      expect((await student.events(live.session.id)).map(({ type, seq }) => [type, seq])).toEqual([
        ['TAB_SWITCH', 1],
        ['TAB_SWITCH', 2],
      ]);
    } finally {
      await database.remove();
    }
  },
);

describe('lists of sessions', () => {
  test('are filtered by exam, student, status and level, and paged', async () => {
    const exam = await site.admin.createExam({ levels: { medium: 3, high: 6 } });
    const attempts: { student: Api; session: Session }[] = [];
    for (let i = 0; i < 4; i++) {
      const student = await site.student();
      const session = await student.startSession(exam.id);
      for (let n = 0; n < i; n++)
        await send(student, '/api/proctoring/event', { sessionId: session.id, type: 'TAB_SWITCH' });
      attempts.push({ student, session });
    }
    await attempts[3]!.student.post(`/api/sessions/${attempts[3]!.session.id}/end`);
    const [none, once, twice, over] = attempts.map(({ session }) => session.id);
    const ids = async (api: Api, query: string) =>
      (await api.get<{ items: Session[] }>(`/api/sessions?exam=${exam.id}${query}`)).items.map(({ id }) => id);
    expect(await ids(site.admin, '')).toEqual([over, twice, once, none]);
    expect(await ids(site.admin, '&status=ended')).toEqual([over]);
    expect(await ids(site.admin, '&status=active')).toEqual([twice, once, none]);
    expect(await ids(site.admin, '&status=paused')).toEqual([]);
    expect(await ids(site.admin, '&level=Low')).toEqual([none]);
    expect(await ids(site.admin, '&level=Medium')).toEqual([once]);
    expect(await ids(site.admin, '&level=High')).toEqual([over, twice]);
    expect(await ids(site.admin, '&level=High&status=active')).toEqual([twice]);
    expect(await ids(site.admin, `&student=${attempts[1]!.student.userId}`)).toEqual([once]);
    expect(await ids(attempts[1]!.student, '')).toEqual([once]);
    expect(await ids(attempts[1]!.student, `&student=${attempts[2]!.student.userId}`)).toEqual([]);
    const page = await site.admin.get<{ items: Session[]; nextCursor: string }>(
      `/api/sessions?exam=${exam.id}&status=active&limit=2`,
    );
    expect(page.items.map(({ id }) => id)).toEqual([twice, once]);
    expect(await ids(site.admin, `&status=active&limit=2&cursor=${page.nextCursor}`)).toEqual([none]);
    await expect(site.admin.get('/api/sessions?level=low')).rejects.toMatchObject({
      status: 400,
      body: { ref: 'query.level' },
    });
  });
});
