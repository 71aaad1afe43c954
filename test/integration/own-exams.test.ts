import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../protocol/http/accounts.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Organisation } from '../../protocol/http/organisations.ts';
import type { Readmission } from '../../protocol/http/readmissions.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`exams and the people in them on ${title}`, () => {
    let site: TestServer;
    beforeAll(async () => {
      site = await startTestServer({ kind });
    });
    afterAll(() => site?.close());

    const send = (api: Api, method: string, path: string, body?: object) =>
      api.send(method, path, {
        ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
    const refusal = (code: string, status = 409) => ({ status, body: { code } });
    const start = (student: Api, exam: Exam) => send(student, 'POST', '/api/sessions', { examId: exam.id });
    const setStatus = (api: Api, exam: Exam, status: string, endSessions = false) =>
      send(api, 'PATCH', `/api/exams/${exam.id}/status`, { status, endSessions });
    const readmit = (session: Session, by = site.admin) =>
      send(by, 'POST', `/api/sessions/${session.id}/readmissions`, { kind: 'new', reason: 'the wrong person' });
    /** A student whose session of an exam has ended. */
    async function sat(exam: Exam) {
      const student = await site.student();
      await site.admin.request('PUT', `/api/exams/${exam.id}/students/${student.userId}`, { room: 'A' });
      const session = await student.startSession(exam.id);
      await student.request('POST', `/api/sessions/${session.id}/end`);
      return { student, session };
    }

    test('a manager decides nothing about an exam that holds their own session', async () => {
      const exam = await site.admin.createExam({}, { openTo: 'enrolled' });
      const { student: former, session } = await sat(exam);
      await site.admin.request('PATCH', `/api/users/${former.userId}`, { role: 'manager' });
      await former.renew();
      const path = `/api/exams/${exam.id}`;
      const own = { status: 403, body: { code: 'forbidden', ref: session.id } };
      const { id: policyProfileId } = await site.admin.post<{ id: string }>('/api/policy-profiles', {
        name: `Lenient ${kind}`,
        policy: { retentionDays: 1 },
      });
      expect(await send(former, 'PUT', path, { title: exam.title, durationMinutes: 9 })).toMatchObject(own);
      expect(await send(former, 'PUT', `${path}/policy-profile`, { policyProfileId })).toMatchObject(own);
      expect(await setStatus(former, exam, 'completed', true)).toMatchObject(own);
      expect(await send(former, 'DELETE', `${path}/students/${former.userId}`)).toMatchObject(own);
      expect(await setStatus(former, exam, 'completed')).toMatchObject({ status: 200 });
      expect(await setStatus(former, exam, 'archived')).toMatchObject(own);
      expect(await setStatus(site.admin, exam, 'archived')).toMatchObject({ status: 200 });
      expect(await send(former, 'DELETE', path)).toMatchObject(own);
      expect(await site.admin.get(`/api/sessions/${session.id}`)).toMatchObject({ id: session.id });
      expect(await send(site.admin, 'DELETE', path)).toMatchObject({ status: 204 });
    });

    test('an exam that is closed by hand starts nobody, unless staff readmit after it', async () => {
      const exam = await site.admin.createExam();
      const { student, session } = await sat(exam);
      expect(await readmit(session)).toMatchObject({ status: 201 });
      expect(await setStatus(site.admin, exam, 'completed')).toMatchObject({ status: 200 });
      expect((await start(student, exam)).status).toBe(409);
      const { items } = await site.admin.get<{ items: Readmission[] }>(`/api/sessions/${session.id}/readmissions`);
      expect(items.map(({ withdrawnAt, usedAt }) => [withdrawnAt !== null, usedAt])).toEqual([[true, null]]);
      expect(await readmit(session)).toMatchObject({ status: 201 });
      expect(await start(student, exam)).toMatchObject({ status: 201 });
    });

    test('who is no longer enrolled is not readmitted, and an earlier readmission ends with the enrolment', async () => {
      const exam = await site.admin.createExam({}, { openTo: 'enrolled', maxAttempts: 1 });
      const { student, session } = await sat(exam);
      const path = `/api/exams/${exam.id}/students/${student.userId}`;
      expect(await readmit(session)).toMatchObject({ status: 201 });
      await site.admin.request('DELETE', path);
      expect(await start(student, exam)).toMatchObject(refusal('not_found', 404));
      expect(await readmit(session)).toMatchObject(refusal('not_enrolled'));
      await site.admin.request('PUT', path, { room: 'B' });
      expect(await start(student, exam)).toMatchObject(refusal('attempts_used'));
      expect(await readmit(session)).toMatchObject({ status: 201 });
      expect(await start(student, exam)).toMatchObject({ status: 201, body: { room: 'B' } });
    });

    test('an account stays in its organisation while it has enrolments or sessions there', async () => {
      const { id: organisationId } = await site.admin.post<Organisation>('/api/organisations', { name: `Law ${kind}` });
      const exam = await site.admin.createExam();
      const ada = await site.student('Ada');
      const path = `/api/users/${ada.userId}`;
      const enrolment = `/api/exams/${exam.id}/students/${ada.userId}`;
      await site.admin.request('PUT', enrolment, {});
      expect(await send(site.admin, 'PATCH', path, { organisationId })).toMatchObject(refusal('has_exams'));
      await site.admin.request('DELETE', enrolment);
      const { student: sitter } = await sat(exam);
      await site.admin.request('DELETE', `/api/exams/${exam.id}/students/${sitter.userId}`);
      const other = `/api/users/${sitter.userId}`;
      expect(await send(site.admin, 'PATCH', other, { organisationId })).toMatchObject(refusal('has_exams'));
      expect(await send(site.admin, 'PATCH', path, { organisationId, name: 'Grace' })).toMatchObject({ status: 200 });
      expect(await site.admin.get<Account>(path)).toMatchObject({ organisationId, name: 'Grace' });
    });
  });
}
