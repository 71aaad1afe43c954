import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../protocol/http/sessions.ts';
import { signal, startAttempt, watchExam } from '../support/attempt.ts';
import { jpeg } from '../support/pictures.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

let site: TestServer;
/** The server's clock runs ahead of ours by this much. */
let ahead = 0;
beforeAll(async () => {
  site = await startTestServer({ overrides: { clock: () => Date.now() + ahead } });
});
afterAll(() => site.close());

describe('sessions', () => {
  test('a second attempt at the same exam is refused with the id of the first', async () => {
    const attempt = await startAttempt(site);
    await expect(attempt.student.startSession(attempt.exam.id)).rejects.toMatchObject({
      status: 409,
      code: 'session_exists',
      body: { ref: attempt.session.id },
    });
    await attempt.student.post(`/api/sessions/${attempt.session.id}/end`);
    expect((await attempt.student.startSession(attempt.exam.id)).id).not.toBe(attempt.session.id);
  });

  test('start only in an active exam, within its window', async () => {
    const student = await site.student();
    const draft = await site.admin.createExam({}, { status: 'draft' });
    const scheduled = await site.admin.createExam({}, { status: 'scheduled', startsAt: '2100-01-01T00:00:00Z' });
    const past = await site.admin.createExam({}, { startsAt: '2020-01-01T00:00:00Z', endsAt: '2020-01-02T00:00:00Z' });
    const future = await site.admin.createExam({}, { startsAt: '2100-01-01T00:00:00Z' });
    await expect(student.startSession(draft.id)).rejects.toMatchObject({ status: 404, code: 'not_found' });
    await expect(student.startSession(scheduled.id)).rejects.toMatchObject({ code: 'exam_not_active' });
    await expect(student.startSession(past.id)).rejects.toMatchObject({
      code: 'exam_outside_window',
      retryable: false,
    });
    await expect(student.startSession(future.id)).rejects.toMatchObject({
      code: 'exam_outside_window',
      retryable: true,
    });
    const shown = (await student.get<{ items: { id: string }[] }>('/api/exams/available?limit=200')).items.map(
      (exam) => exam.id,
    );
    expect(shown).not.toContain(draft.id);
    expect(shown).toContain(scheduled.id);
  });

  test('keep their original policy', async () => {
    const attempt = await startAttempt(site, { weights: { TAB_SWITCH: 7 }, levels: { medium: 6, high: 8 } });
    const socket = await attempt.connect();
    socket.send(signal(1));
    expect(await socket.next('risk')).toMatchObject({ score: 7, level: 'Medium' });
    socket.close();
  });

  test('ending over HTTP is sent to the socket, and ending again returns the same (X1)', async () => {
    const attempt = await startAttempt(site);
    const socket = await attempt.connect();
    socket.send(signal(1));
    await socket.next('ack');
    const path = `/api/sessions/${attempt.session.id}/end`;
    const [once, twice] = await Promise.all([attempt.student.post<Session>(path), attempt.student.post<Session>(path)]);
    expect(once).toMatchObject({
      status: 'ended',
      endReason: 'ended',
      riskScore: 3,
      riskLevel: 'Low',
      connected: false,
    });
    expect(twice).toEqual(once);
    expect(await socket.next('ended')).toMatchObject({ reason: 'ended', risk: { score: 3 } });
    expect(await socket.closed()).toBe(4410);
    expect(await attempt.student.post<Session>(path)).toEqual(once);
  });

  test('messages between the end and its COMMIT neither close the socket nor hide the end (X1 X2)', async () => {
    const attempt = await startAttempt(site);
    const socket = await attempt.connect();
    socket.send({ type: 'finish' });
    socket.sendFrame(1, jpeg());
    socket.send(signal(1));
    socket.sendFrame(2, jpeg());
    expect(await socket.next('error')).toMatchObject({ code: 'session_over', ref: 1 });
    expect(await socket.next('ended')).toMatchObject({ reason: 'finished' });
    expect(await socket.closed()).toBe(4410);
    expect(await attempt.types()).toEqual([]);
  });

  test('end automatically at their deadline (X1)', async () => {
    const attempt = await startAttempt(site, {}, { durationMinutes: 10 });
    const socket = await attempt.connect();
    const proctor = await watchExam(site, attempt.exam.id);
    ahead += 10 * 60_000;
    expect(await socket.next('ended')).toMatchObject({ reason: 'expired' });
    expect(await socket.closed()).toBe(4410);
    await proctor.until('end', () =>
      proctor.of('session').some((message) => (message['session'] as { status: string }).status === 'ended'),
    );
    proctor.close();
    ahead = 0;
  });

  test('a lost and restored connection is a gap with a duration and weight 0 (E6)', async () => {
    const attempt = await startAttempt(site);
    const first = await attempt.connect();
    first.terminate();
    await waitFor('CONNECTION_LOST', async () => (await attempt.types()).includes('CONNECTION_LOST'));
    const second = await attempt.connect();
    await second.until('restored', () => second.of('event').length === 2);
    expect(await attempt.events()).toMatchObject([
      { type: 'CONNECTION_LOST', weight: 0, endedAt: expect.any(String), durationMs: expect.any(Number) },
      { type: 'CONNECTION_RESTORED', weight: 0 },
    ]);
    second.close();
  });

  test('signals resent after a cut are stored once, in order (S4)', async () => {
    const attempt = await startAttempt(site);
    const first = await attempt.connect();
    const { stream } = first.of('welcome')[0]!;
    for (let seq = 1; seq <= 10; seq++) first.send(signal(seq));
    await first.until('ack', () => first.of('ack').some((message) => message['seq'] === 10));
    first.terminate();
    const ticket = await attempt.student.examTicket(attempt.session.id);
    const { RawSocket } = await import('../support/raw-socket.ts');
    const second = new RawSocket(site.url, ticket);
    await second.opened();
    second.send({ type: 'hello', resume: { stream, lastSeq: 5 } });
    expect(await second.next('welcome')).toMatchObject({ stream, lastAck: 10 });
    for (let seq = 6; seq <= 15; seq++) second.send(signal(seq));
    await second.until('ack', () => second.of('ack').some((message) => message['seq'] === 15));
    const signals = (await attempt.events()).filter((event) => event.type === 'TAB_SWITCH');
    expect(signals.length).toBe(15);
    second.close();
  });

  test('lists are paged by a cursor', async () => {
    const attempt = await startAttempt(site);
    const socket = await attempt.connect();
    for (let seq = 1; seq <= 30; seq++) socket.send(signal(seq));
    await socket.until('ack', () => socket.of('ack').some((message) => message['seq'] === 30));
    socket.close();
    const path = `/api/proctoring/attempt/${attempt.session.id}/events?limit=20`;
    const first = await attempt.student.get<{ items: { seq: number }[]; nextCursor: string }>(path);
    expect(first.items.map((event) => event.seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    const second = await attempt.student.get<{ items: { seq: number }[] }>(`${path}&cursor=${first.nextCursor}`);
    expect(second.items[0]!.seq).toBe(21);
    await expect(attempt.student.get(`${path}1`)).rejects.toMatchObject({
      status: 400,
      code: 'bad_request',
      body: { ref: 'query.limit' },
    });
  });
});
