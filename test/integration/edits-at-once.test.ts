import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../protocol/http/accounts.ts';
import type { Enrolment } from '../../protocol/http/enrolments.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const CHANGED = { status: 409, body: { code: 'changed_meanwhile' } };

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`edits of the same thing by two people on ${title}`, () => {
    let site: TestServer;
    let other: Api;
    beforeAll(async () => {
      site = await startTestServer({ kind });
      other = await site.student('Grace');
      await site.admin.request('PATCH', `/api/users/${other.userId}`, { role: 'manager' });
      await other.renew();
    });
    afterAll(() => site?.close());

    const send = (api: Api, method: string, path: string, body: object) =>
      api.send(method, path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

    test('an enrolment keeps the accommodations that somebody granted meanwhile', async () => {
      const exam = await site.admin.createExam();
      const ada = await site.student('Ada');
      const path = `/api/exams/${exam.id}/students/${ada.userId}`;
      await site.admin.request('PUT', path, { room: 'A', seat: '1' });
      const read = await site.admin.get<Enrolment>(path);
      await other.request('PUT', path, { room: 'A', seat: '1', extraMinutes: 25, detection: { gaze: false } });
      const stale = { room: 'A', seat: '2', baseRevision: read.revision };
      expect(await send(site.admin, 'PUT', path, stale)).toMatchObject(CHANGED);
      const now = await other.get<Enrolment>(path);
      expect(now).toMatchObject({ extraMinutes: 25, detection: { gaze: false }, seat: '1' });
      const next = { room: 'A', seat: '2', extraMinutes: 25, detection: { gaze: false }, baseRevision: now.revision };
      expect(await send(site.admin, 'PUT', path, next)).toMatchObject({ status: 200, body: { seat: '2' } });
      // Sent again after a lost response.
      expect(await send(site.admin, 'PUT', path, next)).toMatchObject({ status: 200, body: { seat: '2' } });
      const { items } = await site.admin.get<{ items: Enrolment[] }>(`/api/exams/${exam.id}/students`);
      expect(items[0]).toEqual(await site.admin.get(path));
    });

    test('of two changes at the same moment, one is refused', async () => {
      const exam = await site.admin.createExam();
      const ada = await site.student();
      const path = `/api/exams/${exam.id}/students/${ada.userId}`;
      await site.admin.request('PUT', path, {});
      const { revision: baseRevision } = await site.admin.get<Enrolment>(path);
      const answers = await Promise.all([
        send(site.admin, 'PUT', path, { seat: '2', baseRevision }),
        send(other, 'PUT', path, { extraMinutes: 5, baseRevision }),
      ]);
      expect(answers.map(({ status }) => status).toSorted((x, y) => x - y)).toEqual([200, 409]);
    });

    test('an enrolment that was removed meanwhile is not made again', async () => {
      const exam = await site.admin.createExam();
      const ada = await site.student();
      const path = `/api/exams/${exam.id}/students/${ada.userId}`;
      await site.admin.request('PUT', path, { room: 'A' });
      const { revision: baseRevision } = await site.admin.get<Enrolment>(path);
      await other.request('DELETE', path);
      expect(await send(site.admin, 'PUT', path, { room: 'B', baseRevision })).toMatchObject({
        status: 409,
        body: { code: 'not_enrolled' },
      });
      expect(await site.admin.send('GET', path)).toMatchObject({ status: 404 });
      // Clients that name no revision enrol, as ever.
      expect(await send(site.admin, 'PUT', path, { room: 'B' })).toMatchObject({ status: 201 });
    });

    test('an exam keeps the schedule that somebody set meanwhile', async () => {
      const exam = await site.admin.createExam();
      const path = `/api/exams/${exam.id}`;
      const read = await site.admin.get<Exam>(path);
      const startsAt = '2031-05-06T08:00:00.000Z';
      await other.request('PUT', path, { title: exam.title, startsAt, durationMinutes: 60 });
      const stale = { title: 'Renamed', baseRevision: read.revision };
      expect(await send(site.admin, 'PUT', path, stale)).toMatchObject(CHANGED);
      const now = await site.admin.get<Exam>(path);
      expect(now).toMatchObject({ title: exam.title, startsAt });
      // Opening it is no edit.
      await other.request('PATCH', `${path}/status`, { status: 'completed' });
      const next = { title: 'Renamed', startsAt, durationMinutes: 60, baseRevision: now.revision };
      expect(await send(site.admin, 'PUT', path, next)).toMatchObject({ status: 200, body: { title: 'Renamed' } });
    });

    test('a policy that somebody set meanwhile is not replaced by that of the profile', async () => {
      const { id: policyProfileId } = await site.admin.post<{ id: string }>('/api/policy-profiles', {
        name: `Strict ${kind}`,
        policy: { holds: { noFace: 2 } },
      });
      const exam = await site.admin.createExam();
      const { revision: baseRevision } = await site.admin.get<Exam>(`/api/exams/${exam.id}`);
      await other.request('PUT', `/api/exams/${exam.id}`, { title: exam.title, policy: { holds: { noFace: 9 } } });
      const path = `/api/exams/${exam.id}/policy-profile`;
      expect(await send(site.admin, 'PUT', path, { policyProfileId, baseRevision })).toMatchObject(CHANGED);
      expect(await site.admin.get(`/api/exams/${exam.id}`)).toMatchObject({
        policy: { holds: { noFace: 9 } },
        policyProfile: null,
      });
    });

    test('an account keeps the name and number that somebody set meanwhile', async () => {
      const ada = await site.student('Ada');
      const path = `/api/users/${ada.userId}`;
      const read = await site.admin.get<Account>(path);
      await other.request('PATCH', path, { name: 'Ada Byron', studentNumber: `B-${kind}` });
      const stale = { name: 'Ada', email: `new-${kind}@example.org`, baseRevision: read.revision };
      expect(await send(site.admin, 'PATCH', path, stale)).toMatchObject(CHANGED);
      const now = await site.admin.get<Account>(path);
      expect(now).toMatchObject({ name: 'Ada Byron', studentNumber: `B-${kind}`, email: read.email });
      const next = { email: `new-${kind}@example.org`, baseRevision: now.revision };
      expect(await send(site.admin, 'PATCH', path, next)).toMatchObject({ status: 200, body: { name: 'Ada Byron' } });
      expect(await send(site.admin, 'PATCH', path, { baseRevision: now.revision })).toMatchObject({ status: 400 });
    });
  });
}
