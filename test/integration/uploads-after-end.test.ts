import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Api } from '../support/api.ts';
import { comeIn, decide, myCheckIn, openCheckIn, remove, sendPicture, submit, take } from '../support/check-in-site.ts';
import { KINDS } from '../support/databases.ts';
import { frameForm } from '../support/frame-form.ts';
import { jpeg } from '../support/pictures.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { newPerson } from '../support/staffed-site.ts';

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`once an exam is over, on ${title}`, () => {
    let site: TestServer;
    let student: Api;
    let exam: Exam;
    beforeAll(async () => {
      site = await startTestServer({ kind });
    });
    afterAll(() => site?.close());
    beforeEach(async () => {
      student = await newPerson(site, 'student');
      exam = await site.admin.createExam({ checkIn: { photo: true, document: true } }, { maxAttempts: 1 });
    });

    const become = (status: string) =>
      site.admin.request('PATCH', `/api/exams/${exam.id}/status`, { status, endSessions: true });
    const codeOf = async (answer: ReturnType<typeof sendPicture>) => {
      const { status, body } = await answer;
      return [status, (body as { code?: string }).code];
    };

    test('a check-in takes no picture and no submission; its student can still delete what they sent', async () => {
      await openCheckIn(student, exam);
      await take(student, exam, 'photo');
      const refusesAll = async () => {
        for (const kindOf of ['photo', 'document'] as const)
          expect(await codeOf(sendPicture(student, exam, kindOf))).toEqual([409, 'exam_not_active']);
        await expect(submit(student, exam, true)).rejects.toMatchObject({ status: 409, code: 'exam_not_active' });
      };
      await become('completed');
      await refusesAll();
      expect((await myCheckIn(student, exam)).checkIn!.pictures).toHaveLength(1);
      expect((await remove(student, exam, 'photo')).checkIn!.pictures).toEqual([]);
      await become('archived');
      await refusesAll();
    });

    test('a student who is readmitted to a new attempt sends pictures for it', async () => {
      await decide(site.admin, (await comeIn(student, exam)).id, 'admit');
      const session = await student.startSession(exam.id);
      await become('completed');
      await site.admin.post(`/api/sessions/${session.id}/readmissions`, {
        kind: 'new',
        reason: 'Power cut',
        until: new Date(Date.now() + 3_600_000).toISOString(),
      });
      await decide(site.admin, (await comeIn(student, exam)).id, 'admit');
      expect((await student.startSession(exam.id)).attempt).toBe(2);
    });

    test('its sessions take no report and no frame; a repeated report that was taken is answered as it was', async () => {
      await decide(site.admin, (await comeIn(student, exam)).id, 'admit');
      const { id } = await student.startSession(exam.id);
      const report = (key: string) =>
        student.send('POST', '/api/proctoring/event', {
          body: JSON.stringify({ sessionId: id, type: 'TAB_SWITCH' }),
          headers: { 'content-type': 'application/json', 'idempotency-key': key },
        });
      const taken = await report('first');
      expect(taken.status).toBe(201);
      await become('completed');
      await become('archived');
      const frame = () => student.send('POST', `/api/cv/analyze-frame?sessionId=${id}`, { body: frameForm(jpeg(1)) });
      expect(await codeOf(frame())).toEqual([409, 'session_over']);
      expect(await codeOf(report('second'))).toEqual([409, 'session_over']);
      const again = await report('first');
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect((again.body as Event).id).toBe((taken.body as Event).id);
    });
  });
}
