import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import type { SessionView } from '../../protocol/down.ts';
import type { Enrolment } from '../../protocol/http/enrolments.ts';
import type { AvailableExam, Exam, ExamDetails } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { PolicyInput } from '../../protocol/policy.ts';
import type { Api } from '../support/api.ts';
import { signal, watchExam } from '../support/attempt.ts';
import { KINDS } from '../support/databases.ts';
import { greet } from '../support/raw-socket.ts';
import { T0 } from '../support/rows.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Exam time begins with the session. */
const UNCALIBRATED = { calibration: { seconds: 0 } };

const MINUTE = 60_000;
const at = (minutes: number) => new Date(T0 + minutes * MINUTE).toISOString();
type Page<T> = { items: T[]; nextCursor: string | null };

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`enrolment over HTTP, on ${title}`, () => {
    let site: TestServer;
    let proctor: Api;
    let student: Api;
    let other: Api;
    let now = T0;
    beforeAll(async () => {
      site = await startTestServer({ kind, overrides: { clock: () => now } });
      proctor = await site.proctor();
      student = await site.student('Zoë');
      other = await site.student();
    });
    afterAll(() => site.close());

    const path = (exam: Exam, who: Api) => `/api/exams/${exam.id}/students/${who.userId}`;
    const enrol = (exam: Exam, who: Api, body: object = {}) =>
      site.admin.request<Enrolment>('PUT', path(exam, who), body);
    const closedExam = (more: Record<string, unknown> = {}, policy: PolicyInput = {}) =>
      site.admin.createExam(policy, { openTo: 'enrolled', ...more });
    const details = (who: Api, exam: Exam) => who.get<ExamDetails>(`/api/exams/${exam.id}/details`);
    const offered = async (who: Api, exam: Exam) =>
      (await who.get<Page<AvailableExam>>('/api/exams/available?limit=200')).items.find(({ id }) => id === exam.id);

    describe('an enrolment', () => {
      test('is created, replaced as a whole, read and deleted', async () => {
        const exam = await site.admin.createExam();
        const first = await site.admin.send('PUT', path(exam, student), {
          body: JSON.stringify({ extraMinutes: 15, detection: { gaze: false }, room: ' Room 12 ' }),
          headers: { 'content-type': 'application/json' },
        });
        const enrolment = {
          examId: exam.id,
          studentId: student.userId,
          studentName: 'Zoë',
          studentEmail: student.tokens!.user.email,
          studentNumber: null,
          extraMinutes: 15,
          detection: { gaze: false },
          accommodationProfile: null,
          room: 'Room 12',
          seat: null,
          createdAt: at(0),
          updatedAt: at(0),
          revision: expect.any(String) as string,
        };
        expect(first).toMatchObject({ status: 201, body: enrolment });
        now += MINUTE;
        const replaced = {
          ...enrolment,
          extraMinutes: 0,
          detection: { holds: { lookingAway: 20 }, weights: { MULTIPLE_FACES: 0 } },
          room: null,
          updatedAt: at(1),
        };
        const again = await site.admin.send('PUT', path(exam, student), {
          body: JSON.stringify({ detection: replaced.detection }),
          headers: { 'content-type': 'application/json' },
        });
        expect(again).toMatchObject({ status: 200, body: replaced });
        expect(await site.admin.get(path(exam, student))).toEqual(replaced);
        expect(await proctor.get(path(exam, student))).toEqual(replaced);
        expect(await site.admin.request('DELETE', path(exam, student))).toBeUndefined();
        await expect(site.admin.get(path(exam, student))).rejects.toMatchObject({ status: 404, code: 'not_found' });
        await expect(site.admin.request('DELETE', path(exam, student))).rejects.toMatchObject({
          status: 404,
          code: 'not_found',
        });
        now = T0;
      });

      test('without a body has no accommodations', async () => {
        const exam = await site.admin.createExam();
        expect(await site.admin.request('PUT', path(exam, student))).toMatchObject({ extraMinutes: 0, detection: {} });
      });

      test('is listed by exam in pages', async () => {
        const exam = await closedExam();
        for (const who of [other, student]) await enrol(exam, who);
        const list = `/api/exams/${exam.id}/students`;
        expect((await proctor.get<Page<Enrolment>>(list)).items.map((each) => each.studentId)).toEqual([
          student.userId,
          other.userId,
        ]);
        const first = await proctor.get<Page<Enrolment>>(`${list}?limit=1`);
        expect(first).toMatchObject({ items: [{ studentId: student.userId }], nextCursor: student.userId });
        expect(await proctor.get(`${list}?limit=1&cursor=${first.nextCursor}`)).toMatchObject({
          items: [{ studentId: other.userId }],
        });
        expect(await proctor.get(`/api/exams/${(await closedExam()).id}/students`)).toEqual({
          items: [],
          nextCursor: null,
        });
        await expect(proctor.get(`/api/exams/${uuidv7()}/students`)).rejects.toMatchObject({ status: 404 });
      });

      test('needs an existing student and an existing exam', async () => {
        const exam = await site.admin.createExam();
        const missing = { status: 404, code: 'not_found' };
        for (const id of [proctor.userId, site.admin.userId, uuidv7()]) {
          await expect(site.admin.request('PUT', `/api/exams/${exam.id}/students/${id}`, {})).rejects.toMatchObject({
            ...missing,
            body: { detail: 'student not found' },
          });
        }
        await expect(
          site.admin.request('PUT', `/api/exams/${uuidv7()}/students/${student.userId}`, {}),
        ).rejects.toMatchObject({ ...missing, body: { detail: 'exam not found' } });
      });

      test('is written by admins, read by staff, and refused to students', async () => {
        const exam = await site.admin.createExam();
        await enrol(exam, student);
        for (const api of [proctor, student]) {
          await expect(api.request('PUT', path(exam, student), { extraMinutes: 60 })).rejects.toMatchObject({
            status: 403,
          });
          await expect(api.request('DELETE', path(exam, student))).rejects.toMatchObject({ status: 403 });
        }
        await expect(student.get(path(exam, student))).rejects.toMatchObject({ status: 403 });
        await expect(student.get(`/api/exams/${exam.id}/students`)).rejects.toMatchObject({ status: 403 });
      });

      test.each([
        ['less than no time', { extraMinutes: -1 }, 'body.extraMinutes'],
        ['more than a day', { extraMinutes: 1441 }, 'body.extraMinutes'],
        ['half a minute', { extraMinutes: 0.5 }, 'body.extraMinutes'],
        ['a room of spaces', { room: '  ' }, 'body.room'],
        ['a room with a longer name than 60 characters', { room: 'x'.repeat(61) }, 'body.room'],
        ['a misspelt change', { detection: { gazes: false } }, 'body.detection.gazes'],
        ['a misspelt hold', { detection: { holds: { noface: 20 } } }, 'body.detection.holds.noface'],
        [
          "a hold beyond the policy's bounds",
          { detection: { holds: { noFace: 3601 } } },
          'body.detection.holds.noFace',
        ],
        [
          "a weight beyond the policy's bounds",
          { detection: { weights: { NO_FACE: 101 } } },
          'body.detection.weights.NO_FACE',
        ],
        ['a weight that is none', { detection: { weights: { NO_FACE: '0' } } }, 'body.detection.weights.NO_FACE'],
      ])('with %s is refused by its name', async (_name, body, field) => {
        const exam = await site.admin.createExam();
        await expect(enrol(exam, student, body)).rejects.toMatchObject({
          status: 400,
          code: 'bad_request',
          body: { ref: field },
        });
        await expect(site.admin.get(path(exam, student))).rejects.toMatchObject({ status: 404 });
      });
    });

    describe('an exam for the enrolled', () => {
      test('is 404 for other students', async () => {
        const exam = await closedExam();
        await enrol(exam, student);
        expect(await offered(student, exam)).toMatchObject({ canStart: true });
        expect(await details(student, exam)).toMatchObject({ id: exam.id });
        expect(await offered(other, exam)).toBeUndefined();
        await expect(details(other, exam)).rejects.toMatchObject({ status: 404, code: 'not_found' });
        await expect(other.startSession(exam.id)).rejects.toMatchObject({ status: 404, code: 'not_found' });
        expect(await student.startSession(exam.id)).toMatchObject({ status: 'active', accommodations: null });
      });

      test('is closed to a student whose enrolment is deleted, and a running attempt continues', async () => {
        const exam = await closedExam();
        await enrol(exam, student);
        const session = await student.startSession(exam.id);
        await site.admin.request('DELETE', path(exam, student));
        expect(await offered(student, exam)).toMatchObject({ runningSessionId: session.id });
        expect(await details(student, exam)).toMatchObject({ runningSessionId: session.id });
        const socket = await greet(site.url, await student.examTicket(session.id));
        socket.send({ type: 'finish' });
        await socket.closed();
        expect(await offered(student, exam)).toBeUndefined();
        await expect(details(student, exam)).rejects.toMatchObject({ status: 404 });
        await expect(student.startSession(exam.id)).rejects.toMatchObject({ status: 404, code: 'not_found' });
      });

      test('can be opened to all', async () => {
        const exam = await closedExam();
        await site.admin.request('PUT', `/api/exams/${exam.id}`, { title: 'For all', openTo: 'all' });
        expect(await other.startSession(exam.id)).toMatchObject({ status: 'active' });
      });
    });

    describe('a room', () => {
      test('is copied into the session, sent to consoles with and without an owning process, and can be filtered by', async () => {
        const exam = await site.admin.createExam();
        await enrol(exam, student, { room: 'Room 12' });
        const session = await student.startSession(exam.id);
        expect(session).toMatchObject({ room: 'Room 12', accommodations: null });
        const plain = await other.startSession(exam.id);
        expect(plain).toMatchObject({ room: null });
        const console = await watchExam(site, exam.id);
        const shown = console.of('snapshot')[0]!['sessions'] as SessionView[];
        expect(Object.fromEntries(shown.map(({ id, room }) => [id, room]))).toEqual({
          [session.id]: 'Room 12',
          [plain.id]: null,
        });
        const socket = await greet(site.url, await student.examTicket(session.id));
        expect(await console.next('session')).toMatchObject({
          session: { id: session.id, connected: true, room: 'Room 12' },
        });
        // Moved later: the session that runs moves, too.
        await enrol(exam, student, { room: 'Room 13' });
        const found = async (room: string) =>
          (
            await proctor.get<Page<Session>>(`/api/sessions?exam=${exam.id}&room=${encodeURIComponent(room)}`)
          ).items.map(({ id }) => id);
        expect(await found('Room 12')).toEqual([]);
        expect(await found('Room 13')).toEqual([session.id]);
        for (const api of [student, proctor])
          expect(await api.get(`/api/sessions/${session.id}`)).toMatchObject({ room: 'Room 13' });
        for (const each of [socket, console]) each.close();
      });
    });

    describe('accommodations', () => {
      test('extend the time and the window of that student only', async () => {
        const exam = await site.admin.createExam(UNCALIBRATED, {
          startsAt: at(0),
          endsAt: at(60),
          durationMinutes: 40,
        });
        await enrol(exam, student, { extraMinutes: 30 });
        expect(await offered(student, exam)).toMatchObject({
          extraMinutes: 30,
          durationMinutes: 70,
          endsAt: at(90),
          startsAt: at(0),
        });
        expect(await details(student, exam)).toMatchObject({ extraMinutes: 30, durationMinutes: 70, endsAt: at(90) });
        expect(await offered(other, exam)).toMatchObject({ extraMinutes: 0, durationMinutes: 40, endsAt: at(60) });
        expect(await student.startSession(exam.id)).toMatchObject({
          deadline: at(70),
          accommodations: { extraMinutes: 30, detection: {} },
        });
        expect(await other.startSession(exam.id)).toMatchObject({ deadline: at(40), accommodations: null });
      });

      test('let a student start after the general window until the end of their own', async () => {
        const exam = await site.admin.createExam({}, { endsAt: at(0), durationMinutes: 40 });
        const over = await site.admin.createExam({}, { endsAt: at(-30), durationMinutes: 40 });
        for (const each of [exam, over]) await enrol(each, student, { extraMinutes: 30 });
        expect(await offered(other, exam)).toBeUndefined();
        await expect(other.startSession(exam.id)).rejects.toMatchObject({ code: 'exam_outside_window' });
        expect(await offered(student, exam)).toMatchObject({ canStart: true });
        expect(await student.startSession(exam.id)).toMatchObject({ deadline: at(30) });
        expect(await offered(student, over)).toBeUndefined();
        await expect(student.startSession(over.id)).rejects.toMatchObject({ code: 'exam_outside_window' });
      });

      test('change the policy copied into the session, and are shown to staff and student', async () => {
        const exam = await site.admin.createExam({ weights: { TAB_SWITCH: 7, PASTE: 2 } });
        const detection = { gaze: false, holds: { lookingAway: 20 }, weights: { TAB_SWITCH: 0 } };
        await enrol(exam, student, { detection });
        expect(await details(student, exam)).toMatchObject({
          gaze: false,
          watchedFor: expect.arrayContaining([{ type: 'LOOKING_AWAY', holdSeconds: 20 }]),
        });
        expect(await details(other, exam)).toMatchObject({
          gaze: true,
          watchedFor: expect.arrayContaining([{ type: 'LOOKING_AWAY', holdSeconds: 3 }]),
        });
        const session = await student.startSession(exam.id);
        const accommodations = { extraMinutes: 0, detection };
        expect(session).toMatchObject({ accommodations, policyVersion: 1 });
        for (const api of [student, proctor])
          expect(await api.get<Session>(`/api/sessions/${session.id}`)).toMatchObject({ accommodations });
        const socket = await greet(site.url, await student.examTicket(session.id));
        socket.send(signal(1, 'TAB_SWITCH'));
        socket.send(signal(2, 'PASTE'));
        await socket.until('both', () => socket.of('ack').some((ack) => ack['seq'] === 2));
        expect(
          socket
            .of('risk')
            .map((risk) => risk['score'])
            .at(-1),
        ).toBe(2);
        socket.close();
        const plain = await other.startSession(exam.id);
        const second = await greet(site.url, await other.examTicket(plain.id));
        second.send(signal(1, 'TAB_SWITCH'));
        expect(await second.next('risk')).toMatchObject({ score: 7 });
        second.close();
      });

      test('changed or removed later do not affect running sessions', async () => {
        const exam = await site.admin.createExam(UNCALIBRATED, { durationMinutes: 40 });
        await enrol(exam, student, { extraMinutes: 10 });
        const { id } = await student.startSession(exam.id);
        await enrol(exam, student, { extraMinutes: 60, detection: { gaze: false } });
        const kept = { deadline: at(50), accommodations: { extraMinutes: 10, detection: {} } };
        expect(await proctor.get(`/api/sessions/${id}`)).toMatchObject(kept);
        await site.admin.request('DELETE', path(exam, student));
        expect(await proctor.get(`/api/sessions/${id}`)).toMatchObject(kept);
      });
    });
  });
}
