import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionView } from '../../protocol/down.ts';
import type { Event } from '../../protocol/events.ts';
import { decodeWatched } from '../../protocol/frame.ts';
import { signal, startAttempt, watchExam } from '../support/attempt.ts';
import { jpeg } from '../support/pictures.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
beforeAll(async () => {
  site = await startTestServer({ vision: true });
});
afterAll(() => site.close());

const eventsOf = (socket: RawSocket) => socket.of('event').map((message) => message['event'] as Event);

describe('the console socket', () => {
  test('sends a snapshot, then live updates (P1)', async () => {
    const attempt = await startAttempt(site);
    const exam = await attempt.connect();
    const proctor = await watchExam(site, attempt.exam.id);
    const sessions = proctor.of('snapshot')[0]!['sessions'] as SessionView[];
    expect(sessions).toMatchObject([
      { id: attempt.session.id, studentName: 'Student', connected: true, status: 'active', score: 0, level: 'Low' },
    ]);
    exam.send(signal(1));
    expect(await proctor.next('event')).toMatchObject({ offset: 1, event: { type: 'TAB_SWITCH', seq: 1 } });
    expect(await proctor.next('risk')).toMatchObject({ session: attempt.session.id, score: 3, level: 'Low' });
    exam.close();
    expect(await proctor.next('session')).toMatchObject({ session: { connected: false, open: ['CONNECTION_LOST'] } });
    proctor.close();
  });

  test('sends a session that starts later, and none of another exam (P1)', async () => {
    const attempt = await startAttempt(site);
    const other = await startAttempt(site);
    const proctor = await watchExam(site, attempt.exam.id);
    const later = await site.student('Latecomer');
    const session = await later.startSession(attempt.exam.id);
    const otherSocket = await other.connect();
    otherSocket.send(signal(1));
    await otherSocket.next('ack');
    const socket = new RawSocket(site.url, await later.examTicket(session.id));
    await socket.opened();
    socket.send({ type: 'hello' });
    expect(await proctor.next('session')).toMatchObject({
      session: { id: session.id, studentName: 'Latecomer', connected: true },
    });
    expect(proctor.of('event')).toEqual([]);
    for (const each of [socket, otherSocket, proctor]) each.close();
  });

  test('sends missed changes once and in order before the live feed (P2)', async () => {
    const attempt = await startAttempt(site);
    const exam = await attempt.connect();
    for (let seq = 1; seq <= 20; seq++) exam.send(signal(seq));
    await exam.until('acks', () => exam.of('ack').some((message) => message['seq'] === 20));
    const proctor = await site.proctor();
    const socket = new RawSocket(site.url, await proctor.consoleTicket());
    await socket.opened();
    // More arrives while the backfill runs.
    socket.send({ type: 'subscribe', exam: attempt.exam.id, from: { [attempt.session.id]: 5 } });
    for (let seq = 21; seq <= 40; seq++) exam.send(signal(seq));
    await socket.until('events', () => eventsOf(socket).length >= 35);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(socket.of('event').map((message) => message['offset'])).toEqual(Array.from({ length: 35 }, (_, i) => i + 6));
    exam.close();
    socket.close();
  });

  test('sends the images of a watched session only (P3)', async () => {
    const attempt = await startAttempt(site);
    const exam = await attempt.connect();
    const proctor = await watchExam(site, attempt.exam.id);
    proctor.send({ type: 'watch', session: attempt.session.id, fps: 5 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const picture = jpeg(5);
    exam.sendFrame(42, picture);
    await proctor.until('picture', () => proctor.binary.length > 0);
    const frame = decodeWatched(proctor.binary[0]!);
    expect(frame).toMatchObject({ session: attempt.session.id, seq: 42 });
    expect(Buffer.from(frame.jpeg).equals(picture)).toBe(true);
    expect(await proctor.next('analysis')).toMatchObject({ session: attempt.session.id, frame: 42, faces: 0 });
    proctor.send({ type: 'unwatch', session: attempt.session.id });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    exam.sendFrame(43, picture);
    await exam.until('analysis', () => exam.of('analysis').some((message) => message['frame'] === 43));
    expect(proctor.binary.length).toBe(1);
    exam.close();
    proctor.close();
  });

  test('pauses, resumes, messages, extends and terminates: each is sent to the student and stored (P4)', async () => {
    const attempt = await startAttempt(site, {}, { durationMinutes: 60 });
    const exam = await attempt.connect();
    const proctor = await watchExam(site, attempt.exam.id);
    const command = (fields: object) => proctor.send({ type: 'command', session: attempt.session.id, ...fields });

    command({ do: 'pause', reason: 'a break' });
    expect(await exam.next('paused')).toMatchObject({ reason: 'a break' });
    exam.send(signal(1));
    await exam.next('ack');
    command({ do: 'resume' });
    // The pause is added to the time (C18).
    const { pausedMs } = await exam.next('extended');
    await exam.next('resumed');
    command({ do: 'message', text: 'Please stay in the frame.' });
    expect(await exam.next('notice')).toMatchObject({ text: 'Please stay in the frame.' });
    command({ do: 'extend', minutes: 15 });
    const { deadline } = await exam.next('extended');
    expect(Date.parse(String(deadline)) - Date.parse(attempt.session.deadline!)).toBe(15 * 60_000 + Number(pausedMs));
    command({ do: 'terminate' });
    expect(await proctor.next('error')).toMatchObject({ code: 'bad_message' });
    expect(await proctor.closed()).toBe(4400);

    const second = await watchExam(site, attempt.exam.id);
    second.send({ type: 'command', session: attempt.session.id, do: 'terminate', reason: 'two people in the room' });
    expect(await exam.next('ended')).toMatchObject({ reason: 'terminated' });
    expect(await exam.closed()).toBe(4410);
    const events = await attempt.events();
    expect(events.map((event) => event.type)).toEqual([
      'SESSION_PAUSED',
      'TAB_SWITCH',
      'SESSION_RESUMED',
      'PROCTOR_MESSAGE',
      'SESSION_EXTENDED',
      'SESSION_TERMINATED',
    ]);
    // Nothing weighs during a pause.
    expect(events[1]).toMatchObject({ weight: 0 });
    expect(events[5]).toMatchObject({ source: 'proctor', details: { reason: 'two people in the room' } });
    second.send({ type: 'command', session: attempt.session.id, do: 'pause' });
    expect(await second.next('error')).toMatchObject({ code: 'session_over', ref: attempt.session.id });
    expect(second.isOpen).toBe(true);
    second.close();
  });

  test('refuses to extend a session without a deadline, which extra minutes would give one', async () => {
    const attempt = await startAttempt(site);
    const exam = await attempt.connect();
    const proctor = await watchExam(site, attempt.exam.id);
    proctor.send({ type: 'command', session: attempt.session.id, do: 'extend', minutes: 15 });
    expect(await proctor.next('error')).toMatchObject({ code: 'no_deadline', ref: attempt.session.id });
    expect(await attempt.student.get(`/api/sessions/${attempt.session.id}`)).toMatchObject({ deadline: null });
    expect(await attempt.events()).toEqual([]);
    exam.close();
    proctor.close();
  });

  test('answers a command for an unknown session with an error and stays open', async () => {
    const attempt = await startAttempt(site);
    const proctor = await watchExam(site, attempt.exam.id);
    const nobody = '01a20128-b3ea-75c2-965a-5ede413d3d6b';
    proctor.send({ type: 'watch', session: nobody, fps: 1 });
    expect(await proctor.next('error')).toMatchObject({ code: 'not_found', ref: nobody });
    proctor.send({ type: 'command', session: nobody, do: 'pause' });
    expect(await proctor.next('error')).toMatchObject({ code: 'not_found', ref: nobody });
    expect(proctor.isOpen).toBe(true);
    proctor.close();
  });

  test('refuses binary messages (T2)', async () => {
    const attempt = await startAttempt(site);
    const proctor = await watchExam(site, attempt.exam.id);
    proctor.sendFrame(1, jpeg());
    expect(await proctor.next('error')).toMatchObject({ code: 'unexpected_binary' });
    expect(await proctor.closed()).toBe(4400);
  });

  test('is for proctors and admins', async () => {
    const student = await site.student();
    await expect(student.consoleTicket()).rejects.toMatchObject({ status: 403, code: 'forbidden' });
  });
});
