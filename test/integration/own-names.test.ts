import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../protocol/http/accounts.ts';
import type { AuditEntry } from '../../protocol/http/audit.ts';
import type { AuditSearchPage } from '../../protocol/http/audit-search.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { newPerson } from '../support/staffed-site.ts';

const json = (value: unknown) => ({ body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`own names of students, on ${title}`, () => {
    let site: TestServer;
    beforeAll(async () => (site = await startTestServer({ kind })));
    afterAll(() => site?.close());

    const rename = (api: Api) => api.send('PATCH', '/api/auth/me', json({ name: 'Somebody Else' }));
    const fixed = async (api: Api) => (await api.get<{ nameFixed?: true }>('/api/auth/me')).nameFixed ?? false;
    async function refused(api: Api) {
      const { name } = await api.get<{ name: string }>('/api/auth/me');
      expect(await fixed(api)).toBe(true);
      const answer = await rename(api);
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      expect(JSON.stringify(answer.body)).toContain('ask the exam office');
      expect(await api.get('/api/auth/me')).toMatchObject({ name });
    }

    test('a self-registered student without an enrolment or session changes it', async () => {
      const student = await site.student();
      expect(await fixed(student)).toBe(false);
      expect(await rename(student)).toMatchObject({ status: 200, body: { name: 'Somebody Else' } });
      expect(await rename(student)).toMatchObject({ status: 200 });
    });

    test('a student whom an administrator created does not', async () => refused(await newPerson(site, 'student')));

    test('a self-registered student whose name staff have changed does not', async () => {
      const student = await site.student();
      await site.admin.request('PATCH', `/api/users/${student.userId}`, { studentNumber: '4711' });
      expect(await fixed(student)).toBe(false);
      await site.admin.request('PATCH', `/api/users/${student.userId}`, { name: 'As in the register' });
      await refused(student);
    });

    test('a self-registered student with an enrolment, or with a session, does not', async () => {
      const exam = await site.admin.createExam();
      const [enrolled, sitting] = [await site.student(), await site.student()];
      await site.admin.request('PUT', `/api/exams/${exam.id}/students/${enrolled.userId}`, {});
      await sitting.startSession(exam.id);
      await refused(enrolled);
      await refused(sitting);
    });

    test('every change of a name is kept with its author and committed to in the audit log, until the account is anonymised', async () => {
      const student = await site.student('First Name');
      const path = `/api/users/${student.userId}`;
      await rename(student);
      await site.admin.request('PATCH', path, { name: 'By Staff' });
      await site.admin.request('PATCH', path, { name: 'By Staff', studentNumber: 'STU-0815-X' });
      const { email } = await site.admin.get<Account>(path);
      const form = new FormData();
      form.set('kind', 'people');
      form.set('file', new Blob([`email,name\n${email},By Import\n`]), 'people.csv');
      expect(await site.admin.send('POST', '/api/import/apply', { body: form })).toMatchObject({ status: 200 });
      const admin = { id: site.admin.userId, name: expect.any(String) as string };
      expect(await site.admin.get(path)).toMatchObject({
        name: 'By Import',
        formerNames: [
          { name: 'By Staff', by: admin },
          { name: 'Somebody Else', by: admin },
          { name: 'First Name', by: { id: student.userId, name: 'By Import' } },
        ],
      });
      const { items } = await site.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/entity/user/${student.userId}`);
      const payloads = items.map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
      expect(payloads.filter(({ namesDigest }) => typeof namesDigest === 'string')).toHaveLength(3);
      expect(JSON.stringify(items)).not.toContain('STU-0815-X');

      const found = () =>
        site.admin.get<AuditSearchPage>(`/api/audit/entries?person=${student.userId}&kind=USER_CHANGED`);
      expect((await found()).names.filter(({ type }) => type === 'name_change')).toHaveLength(3);
      expect((await found()).names).toContainEqual(
        expect.objectContaining({ type: 'name_change', name: 'By Import', detail: 'By Staff' }),
      );
      await site.admin.post(`${path}/anonymise`);
      const left = JSON.stringify([await site.admin.get(path), await found()]);
      for (const name of ['First Name', 'Somebody Else', 'By Staff', 'By Import']) expect(left).not.toContain(name);
      expect(left).not.toContain('formerNames');
      expect(left).toContain('namesDigest');
    });

    test('staff change their own name', async () => {
      const proctor = await newPerson(site, 'proctor');
      expect(await fixed(proctor)).toBe(false);
      expect(await rename(proctor)).toMatchObject({ status: 200 });
    });
  });
}
