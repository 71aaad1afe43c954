import type { z } from 'zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Attempt } from '../../protocol/http/attempts.ts';
import type { AuditEntry } from '../../protocol/http/audit.ts';
import type { AvailableExam, Exam } from '../../protocol/http/exams.ts';
import type { Readmission } from '../../protocol/http/readmissions.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../support/api.ts';
import { signal } from '../support/attempt.ts';
import { KINDS } from '../support/databases.ts';
import { ManualTime } from '../support/manual-time.ts';
import { greet, RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

const MINUTE = 60_000;

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`attempts and readmissions on ${title}`, () => {
    const time = new ManualTime();
    let site: TestServer;
    let proctor: Api;
    const people: Api[] = [];
    beforeAll(async () => {
      site = await startTestServer({ kind, overrides: { clock: time.clock, timers: time.timers } });
      proctor = await site.proctor();
      people.push(site.admin, proctor);
    });
    afterAll(() => site?.close());

    const makeExam = (more: Record<string, unknown> = {}) =>
      site.admin.createExam({}, { maxAttempts: 1, durationMinutes: 60, ...more });
    async function newStudent(): Promise<Api> {
      const student = await site.student();
      people.push(student);
      return student;
    }
    /** Time passes for the server, and clients renew their logins. */
    async function pass(ms: number): Promise<void> {
      time.advance(ms);
      for (const api of people) await api.renew();
    }
    const refusal = (code: string) => ({ status: 409, body: { code } });
    const start = (student: Api, examId: string) =>
      student.send('POST', '/api/sessions', {
        body: JSON.stringify({ examId }),
        headers: { 'content-type': 'application/json' },
      });
    async function terminate(session: string): Promise<void> {
      const socket = new RawSocket(site.url, await proctor.consoleTicket());
      await socket.opened();
      socket.send({ type: 'command', session, do: 'terminate', reason: 'two people in the room' });
      await waitFor('the end', async () => (await proctor.get<Session>(`/api/sessions/${session}`)).status === 'ended');
      socket.close();
    }
    const auditOf = async (type: string, id: string) =>
      (await site.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/entity/${type}/${id}?limit=200`)).items;
    const readmit = (session: string, body: Record<string, unknown>, by = proctor) =>
      by.post<Readmission>(`/api/sessions/${session}/readmissions`, { reason: 'the wrong person', ...body });
    const offered = async (student: Api, exam: string) =>
      (await student.get<{ items: AvailableExam[] }>('/api/exams/available?limit=200')).items.find(
        ({ id }) => id === exam,
      );

    test('a new exam allows one attempt, and an ended one counts', async () => {
      const exam = await site.admin.post<Exam>('/api/exams', { title: 'Once', status: 'active', openTo: 'all' });
      expect(exam.maxAttempts).toBe(1);
      const student = await newStudent();
      const session = await student.startSession(exam.id);
      expect(session.attempt).toBe(1);
      await student.post(`/api/sessions/${session.id}/end`);
      expect(await start(student, exam.id)).toMatchObject(refusal('attempts_used'));
      expect(await student.send('POST', `/sessions/start?exam_id=${exam.id}`)).toMatchObject(refusal('attempts_used'));
      expect(await offered(student, exam.id)).toMatchObject({
        canStart: false,
        attempts: 1,
        reason: { code: 'attempts_used' },
      });
    });

    test('leaving and starting again wins no time', async () => {
      const exam = await makeExam({ maxAttempts: 2 });
      const student = await newStudent();
      const first = await student.startSession(exam.id);
      await pass(20 * MINUTE);
      await student.post(`/api/sessions/${first.id}/end`);
      const second = await student.startSession(exam.id);
      expect(second).toMatchObject({ attempt: 2, deadline: first.deadline });
      expect(
        (await proctor.get<z.infer<typeof Attempt>>(`/api/proctoring/attempt/${second.id}`)).attempts,
      ).toMatchObject([{ id: second.id }, { id: first.id }]);
    });

    test('of two starts at once after an end, one attempt is made', async () => {
      const exam = await makeExam({ maxAttempts: 2 });
      const student = await newStudent();
      await student.post(`/api/sessions/${(await student.startSession(exam.id)).id}/end`);
      const answers = await Promise.all(Array.from({ length: 8 }, () => start(student, exam.id)));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      for (const { status } of answers) expect([201, 409]).toContain(status);
    });

    test('a terminated student starts again only after a readmission, and then continues the same record', async () => {
      const exam = await makeExam({ maxAttempts: 3 });
      const student = await newStudent();
      const session = await student.startSession(exam.id);
      const socket = await greet(site.url, await student.examTicket(session.id));
      socket.send(signal(1));
      await socket.next('ack');
      await pass(20 * MINUTE);
      await terminate(session.id);
      expect(await start(student, exam.id)).toMatchObject(refusal('readmission_required'));
      await expect(readmit(session.id, { kind: 'new' }, student)).rejects.toMatchObject({ status: 403 });

      const readmission = await readmit(session.id, { kind: 'continue' });
      expect(readmission).toMatchObject({ by: { id: proctor.userId }, usedAt: null });
      await expect(readmit(session.id, { kind: 'new' })).rejects.toMatchObject({ code: 'readmission_pending' });
      expect(await offered(student, exam.id)).toMatchObject({ canStart: true, readmission: { kind: 'continue' } });

      await pass(30 * MINUTE);
      const before = (await student.get<Session>(`/api/sessions/${session.id}`)).riskScore;
      const again = await student.startSession(exam.id);
      expect(again).toMatchObject({ id: session.id, attempt: 1, status: 'active', riskScore: before });
      const left = Date.parse(session.deadline!) - (Date.parse(session.startedAt) + 20 * MINUTE);
      expect(Date.parse(again.deadline!)).toBe(time.now + left);

      const back = await greet(site.url, await student.examTicket(session.id));
      back.send(signal(1));
      await back.next('ack');
      const events = await student.events(session.id);
      expect(events.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['TAB_SWITCH', 'SESSION_TERMINATED', 'SESSION_CONTINUED']),
      );
      const types = (await auditOf('session', session.id)).map(({ eventType }) => eventType);
      for (const type of ['SESSION_ENDED', 'STUDENT_READMITTED', 'SESSION_CONTINUED']) expect(types).toContain(type);

      await terminate(session.id);
      expect(await start(student, exam.id)).toMatchObject(refusal('readmission_required'));
    });

    test('a readmission to a new attempt gives its own time, once, and can be withdrawn before', async () => {
      const exam = await makeExam();
      const student = await newStudent();
      const first = await student.startSession(exam.id);
      await student.post(`/api/sessions/${first.id}/end`);
      const withdrawn = await readmit(first.id, { kind: 'new' });
      await proctor.request('DELETE', `/api/sessions/${first.id}/readmissions/${withdrawn.id}`);
      expect(await start(student, exam.id)).toMatchObject(refusal('attempts_used'));

      await readmit(first.id, { kind: 'new', extraMinutes: 5 });
      await pass(120 * MINUTE);
      const second = await student.startSession(exam.id);
      expect(second).toMatchObject({ attempt: 2 });
      expect(second.id).not.toBe(first.id);
      expect(Date.parse(second.deadline!) - Date.parse(second.startedAt)).toBeGreaterThanOrEqual(65 * MINUTE);
      await student.post(`/api/sessions/${second.id}/end`);
      expect(await start(student, exam.id)).toMatchObject(refusal('attempts_used'));
      const { readmissions } = await proctor.get<z.infer<typeof Attempt>>(`/api/proctoring/attempt/${second.id}`);
      expect(readmissions).toMatchObject([{ usedSessionId: second.id, reason: 'the wrong person' }]);
    });

    test('a start and a readmission at the same moment leave no unused readmission beside a running attempt', async () => {
      for (let round = 0; round < 8; round++) {
        const exam = await makeExam({ maxAttempts: 2 });
        const student = await newStudent();
        const first = await student.startSession(exam.id);
        await student.post(`/api/sessions/${first.id}/end`);
        const [started, readmitted] = await Promise.all([
          start(student, exam.id),
          proctor.send('POST', `/api/sessions/${first.id}/readmissions`, {
            body: JSON.stringify({ kind: 'new', reason: 'a power cut' }),
            headers: { 'content-type': 'application/json' },
          }),
        ]);
        expect(started.status).toBe(201);
        const { id } = started.body as Session;
        const { items } = await proctor.get<{ items: Readmission[] }>(`/api/sessions/${first.id}/readmissions`);
        if (readmitted.status === 201) expect(items).toMatchObject([{ usedSessionId: id }]);
        else {
          expect(readmitted).toMatchObject(refusal('session_running'));
          expect(items).toEqual([]);
        }
        await terminate(id);
        expect(await start(student, exam.id)).toMatchObject(refusal('readmission_required'));
      }
    });

    test('`until` of a readmission bounds the attempts that follow it too', async () => {
      for (const how of ['new', 'continue'] as const) {
        const exam = await makeExam({ maxAttempts: 3 });
        const student = await newStudent();
        const first = await student.startSession(exam.id);
        await student.post(`/api/sessions/${first.id}/end`);
        const until = new Date(time.now + 10 * MINUTE).toISOString();
        await readmit(first.id, { kind: how, until });
        const second = await student.startSession(exam.id);
        expect(second.deadline).toBe(until);
        await student.post(`/api/sessions/${second.id}/end`);
        expect((await offered(student, exam.id))?.canStart).toBe(true);
        expect((await student.startSession(exam.id)).deadline, how).toBe(until);
      }
    });

    test('a readmission is refused while the session runs, from an earlier attempt, and when no time remains', async () => {
      const exam = await makeExam({ maxAttempts: 2 });
      const student = await newStudent();
      const first = await student.startSession(exam.id);
      await expect(readmit(first.id, { kind: 'new' })).rejects.toMatchObject({ code: 'session_running' });
      await student.post(`/api/sessions/${first.id}/end`);
      const second = await student.startSession(exam.id);
      await student.post(`/api/sessions/${second.id}/end`);
      await expect(readmit(first.id, { kind: 'new' })).rejects.toMatchObject({ code: 'session_over' });
      await expect(
        readmit(second.id, { kind: 'continue', until: new Date(time.now - 1).toISOString() }),
      ).rejects.toMatchObject({ code: 'exam_outside_window' });
    });

    test('a session that expired continues with the minutes that staff add', async () => {
      const exam = await makeExam();
      const student = await newStudent();
      const session = await student.startSession(exam.id);
      await pass(70 * MINUTE);
      await waitFor('the end', async () => {
        time.advance(1000);
        return (await student.get<Session>(`/api/sessions/${session.id}`)).status === 'ended';
      });
      expect(await start(student, exam.id)).toMatchObject(refusal('readmission_required'));
      await expect(readmit(session.id, { kind: 'continue' })).rejects.toMatchObject({ code: 'readmission_required' });
      await readmit(session.id, { kind: 'continue', extraMinutes: 10 });
      const again = await student.startSession(exam.id);
      expect(again.id).toBe(session.id);
      expect(Date.parse(again.deadline!)).toBe(time.now + 10 * MINUTE);
    });

    test('a scheduled exam opens at its start and closes at its end, and sessions run on to their own deadline', async () => {
      const from = time.now + 30 * MINUTE;
      const exam = await makeExam({
        status: 'scheduled',
        startsAt: new Date(from).toISOString(),
        endsAt: new Date(from + 60 * MINUTE).toISOString(),
        durationMinutes: 45,
        lateStartMinutes: 15,
        timeZone: 'Europe/Berlin',
      });
      expect(exam.timeZone).toBe('Europe/Berlin');
      const [early, late, extra] = [await newStudent(), await newStudent(), await newStudent()];
      await site.admin.request('PUT', `/api/exams/${exam.id}/students/${extra.userId}`, { extraMinutes: 30 });
      expect(await start(early, exam.id)).toMatchObject(refusal('exam_not_active'));

      const statusOf = async () => (await site.admin.get<Exam>(`/api/exams/${exam.id}`)).status;
      await pass(30 * MINUTE);
      const session = await early.startSession(exam.id);
      const long = await extra.startSession(exam.id);
      await waitFor('the opening', async () => (time.advance(5000), (await statusOf()) === 'active'));
      await pass(16 * MINUTE);
      expect(await start(late, exam.id)).toMatchObject(refusal('exam_outside_window'));

      await pass(from + 60 * MINUTE - time.now);
      expect(await start(late, exam.id)).toMatchObject({ status: 409 });
      await waitFor('the close', async () => (time.advance(5000), (await statusOf()) === 'completed'));
      await waitFor('the end of the first', async () => {
        time.advance(1000);
        return (await early.get<Session>(`/api/sessions/${session.id}`)).endReason === 'expired';
      });
      expect((await extra.get<Session>(`/api/sessions/${long.id}`)).status).toBe('active');
      const entries = await auditOf('exam', exam.id);
      expect(entries.filter(({ eventType }) => eventType === 'EXAM_STATUS_CHANGED')).toMatchObject([
        { actor: null },
        { actor: null },
      ]);
    });

    test('an exam that was opened again after its end stays open', async () => {
      const exam = await makeExam({ endsAt: new Date(time.now + MINUTE).toISOString() });
      const statusOf = async () => (await site.admin.get<Exam>(`/api/exams/${exam.id}`)).status;
      await pass(MINUTE);
      await waitFor('the close', async () => (time.advance(5000), (await statusOf()) === 'completed'));
      await site.admin.request('PATCH', `/api/exams/${exam.id}/status`, { status: 'active' });
      for (let i = 0; i < 5; i++) time.advance(5000);
      expect(await statusOf()).toBe('active');
    });
  });
}
