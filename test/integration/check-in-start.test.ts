import { describe, expect, test } from 'vitest';
import type { AvailableExam, Exam } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { PolicyInput } from '../../protocol/policy.ts';
import type { Api } from '../support/api.ts';
import { BOTH, eachCheckInCase } from '../support/check-in-case.ts';
import { comeIn, decide, listed, myCheckIn, openCheckIn, readCheckIn } from '../support/check-in-site.ts';
import { KINDS } from '../support/databases.ts';
import type { TestServer } from '../support/server.ts';
import { newPerson } from '../support/staffed-site.ts';

const MINUTE_MS = 60_000;

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`a check-in before a start, on ${title}`, () => {
    let site: TestServer;
    let proctor: Api;
    let student: Api;
    let exam: Exam;
    const clock = eachCheckInCase(kind, (given) => ({ site, proctor, student, exam } = given));

    const offered = async (who = student, of = exam) =>
      (await who.get<{ items: AvailableExam[] }>('/api/exams/available')).items.find(({ id }) => id === of.id)!;

    test('is asked for by no exam whose policy does not, and its routes say so', async () => {
      const plain = await site.admin.createExam();
      expect(await myCheckIn(student, plain)).toMatchObject({ required: false, wants: null, checkIn: null });
      await expect(openCheckIn(student, plain)).rejects.toMatchObject({ code: 'check_in_off', status: 409 });
      expect((await offered(student, plain)).checkIn).toBeNull();
      await student.startSession(plain.id);
    });

    test('is needed by each attempt: the start is refused with the open check-in until staff admit', async () => {
      await expect(student.startSession(exam.id)).rejects.toMatchObject({ code: 'check_in_required', status: 409 });
      expect(await offered()).toMatchObject({
        canStart: false,
        reason: { code: 'check_in_required' },
        checkIn: { state: null, canOpen: true },
      });
      const { id } = await comeIn(student, exam);
      await expect(student.startSession(exam.id)).rejects.toMatchObject({
        code: 'check_in_required',
        body: { ref: id },
      });
      await decide(proctor, id, 'admit');
      expect(await offered()).toMatchObject({ canStart: true, reason: null, checkIn: { state: 'admitted' } });
      const session = await student.startSession(exam.id);
      await student.post(`/api/sessions/${session.id}/end`);
      await expect(student.startSession(exam.id)).rejects.toMatchObject({ code: 'check_in_required' });
      const second = await comeIn(student, exam);
      expect(second.id).not.toBe(id);
      await decide(proctor, second.id, 'admit');
      expect((await student.startSession(exam.id)).attempt).toBe(2);
    });

    test('is used up by the next attempt, also if the exam no longer asks for one', async () => {
      const { id } = await comeIn(student, exam);
      await decide(proctor, id, 'admit');
      const ask = (checkIn: PolicyInput['checkIn']) =>
        site.admin.request('PUT', `/api/exams/${exam.id}`, {
          title: exam.title,
          policy: { ...exam.policy, checkIn },
        });
      await ask({});
      const session = await student.startSession(exam.id);
      expect(await readCheckIn(proctor, id)).toMatchObject({ sessionId: session.id });
      await student.post(`/api/sessions/${session.id}/end`);
      await ask(BOTH.checkIn);
      await expect(student.startSession(exam.id)).rejects.toMatchObject({ code: 'check_in_required' });
    });

    test('is not needed by an attempt that is continued, and needed by a new one after a readmission', async () => {
      const once = await site.admin.createExam(BOTH, { maxAttempts: 1 });
      const { id } = await comeIn(student, once);
      await decide(proctor, id, 'admit');
      const session = await student.startSession(once.id);
      const end = () => student.post(`/api/sessions/${session.id}/end`);
      await end();
      const readmit = (how: string) =>
        site.admin.post(`/api/sessions/${session.id}/readmissions`, { kind: how, reason: 'Power cut' });
      await readmit('continue');
      expect(await myCheckIn(student, once)).toMatchObject({ required: false });
      await expect(openCheckIn(student, once)).rejects.toMatchObject({ code: 'check_in_off' });
      expect((await student.startSession(once.id)).id).toBe(session.id);
      await end();
      await readmit('new');
      await expect(student.startSession(once.id)).rejects.toMatchObject({ code: 'check_in_required' });
      const again = await comeIn(student, once);
      await decide(proctor, again.id, 'admit');
      expect((await student.startSession(once.id)).attempt).toBe(2);
    });

    test('opens an hour before a scheduled exam, whose time and late start begin at the exam', async () => {
      const startsAt = clock.now + 90 * MINUTE_MS;
      const later = await site.admin.createExam(BOTH, {
        status: 'scheduled',
        startsAt: new Date(startsAt).toISOString(),
        endsAt: new Date(startsAt + 240 * MINUTE_MS).toISOString(),
        durationMinutes: 60,
        lateStartMinutes: 15,
      });
      const opensAt = new Date(startsAt - 60 * MINUTE_MS).toISOString();
      expect((await offered(student, later)).checkIn).toEqual({ state: null, opensAt, canOpen: false });
      await expect(openCheckIn(student, later)).rejects.toMatchObject({
        code: 'exam_outside_window',
        retryable: true,
      });
      clock.now = startsAt - 10 * MINUTE_MS;
      await Promise.all([site.admin, proctor, student].map((who) => who.renew()));
      const { id } = await comeIn(student, later);
      const [item] = await listed(proctor, `?exam=${later.id}&state=waiting`);
      expect(item).toMatchObject({ id, startUntil: new Date(startsAt + 15 * MINUTE_MS).toISOString() });
      await decide(proctor, id, 'admit');
      await expect(student.startSession(later.id)).rejects.toMatchObject({ code: 'exam_not_active' });
      clock.now = startsAt + 3 * MINUTE_MS;
      const session = await student.startSession(later.id);
      // Ten seconds of calibration come first.
      expect(Date.parse(session.deadline!)).toBe(clock.now + 60 * MINUTE_MS + 10_000);
      const late = await newPerson(site, 'student');
      await comeIn(late, later);
      const [waiting] = await listed(proctor, `?exam=${later.id}&state=waiting`);
      clock.now = startsAt + 16 * MINUTE_MS;
      await Promise.all([site.admin, proctor, late].map((who) => who.renew()));
      await decide(proctor, waiting!.id, 'admit');
      await expect(late.startSession(later.id)).rejects.toMatchObject({ code: 'exam_outside_window' });
      const tooLate = await newPerson(site, 'student');
      await expect(openCheckIn(tooLate, later)).rejects.toMatchObject({ code: 'exam_outside_window' });
    });

    test('is hidden with its exam from those whom it is not for', async () => {
      const closed = await site.admin.createExam(BOTH, { openTo: 'enrolled' });
      await expect(myCheckIn(student, closed)).rejects.toMatchObject({ code: 'not_found' });
      await expect(openCheckIn(student, closed)).rejects.toMatchObject({ code: 'not_found' });
      await expect(openCheckIn(proctor, exam)).rejects.toMatchObject({ code: 'forbidden' });
    });

    test('is used by sessions that others start for the student, under the same rule', async () => {
      const start = () => site.admin.post<Session>('/api/sessions', { examId: exam.id, studentId: student.userId });
      await expect(start()).rejects.toMatchObject({ code: 'check_in_required' });
      const { id } = await comeIn(student, exam);
      await decide(proctor, id, 'admit');
      const session = await start();
      expect(await readCheckIn(proctor, id)).toMatchObject({ sessionId: session.id, state: 'admitted' });
    });
  });
}
