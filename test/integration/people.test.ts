import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../db/executor.ts';
import { findUser } from '../../db/users.ts';
import type { User } from '../../protocol/http/accounts.ts';
import type { MadeLinks, PendingLink } from '../../protocol/http/passwords.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { assign, newOrganisation, newPerson } from '../support/staffed-site.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

type Page<T> = { items: T[]; nextCursor: string | null };
const json = (value: unknown) => ({ body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });
const PASSWORD = 'violet harbour 93';

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`people, on ${title}`, () => {
    let site: TestServer;
    let db: Db;
    let manager: Api;
    let count = 0;
    beforeAll(async () => {
      site = await startTestServer({ kind, overrides: { db: (real) => (db = real) } });
      manager = await newPerson(site, 'manager');
    });
    afterAll(() => site?.close());

    const make = (more: object = {}) =>
      site.admin.post<User>('/api/users', { email: `p${++count}@people.example`, role: 'student', ...more });
    const find = async (q: string, api = site.admin) =>
      (await api.get<Page<User>>(`/api/users?q=${encodeURIComponent(q)}`)).items.map(({ id }) => id);
    const invite = (api: Api, userIds: string[]) =>
      api.post<MadeLinks>('/api/users/links', { userIds, kind: 'invitation' });
    const redeem = (path: string, newPassword = PASSWORD) =>
      site.api().send('POST', '/api/auth/reset', json({ token: path.split('#reset=')[1], newPassword }));

    test('are created with a student number and an external id, and found by any part of them', async () => {
      const { id } = await make({ name: 'Lucía García Peña', studentNumber: 'M-4711/x', externalId: 'sis-99' });
      for (const q of ['garcia', 'CIA PEN', '4711', 'm-4711/X', 'SIS-9', 'pena lucia'])
        expect(await find(q), q).toContain(id);
      for (const q of ['garcias', '4712']) expect(await find(q), q).not.toContain(id);
    });

    test('have numbers of their own within the organisation, in any case', async () => {
      const other = await newOrganisation(site);
      const { id } = await make({ studentNumber: 'Q1', externalId: 'e1' });
      for (const [field, body] of [
        ['studentNumber', { studentNumber: 'q1' }],
        ['externalId', { externalId: 'e1' }],
      ] as const) {
        const again = { email: `p${++count}@people.example`, role: 'student', ...body };
        const refused = { status: 400, body: { code: 'bad_request', errors: [{ field: `body.${field}` }] } };
        expect(await site.admin.send('POST', '/api/users', json(again))).toMatchObject(refused);
        const { id: second } = await make();
        expect(await site.admin.send('PATCH', `/api/users/${second}`, json(body))).toMatchObject(refused);
        expect(await make({ ...body, organisationId: other.id })).toMatchObject({ organisationId: other.id });
      }
      await site.admin.request('PATCH', `/api/users/${id}`, { studentNumber: null });
      expect(await make({ studentNumber: 'q1' })).toMatchObject({ studentNumber: 'q1' });
    });

    test('change their address; a taken one is refused, and links to the old one no longer work', async () => {
      const [one, two] = [await make(), await make()];
      const { items } = await invite(site.admin, [one.id]);
      expect(await site.admin.send('PATCH', `/api/users/${one.id}`, json({ email: two.email }))).toMatchObject({
        status: 409,
        body: { code: 'email_taken' },
      });
      const email = `new-${one.email}`;
      expect(await site.admin.request('PATCH', `/api/users/${one.id}`, { email })).toMatchObject({ email });
      expect(await redeem(items[0]!.path)).toMatchObject({ status: 403, body: { code: 'reset_closed' } });
      expect(await find(email)).toEqual([one.id]);
    });

    test('change their own name, and nothing else', async () => {
      const student = await site.student('Before');
      expect(await student.request('PATCH', '/api/auth/me', { name: '  Né  Après ' })).toMatchObject({
        name: 'Né Après',
      });
      expect(await find('ne apres')).toEqual([student.userId]);
      for (const body of [{}, { name: '' }, { name: 'X', role: 'admin' }, { studentNumber: '1' }])
        expect(await student.send('PATCH', '/api/auth/me', json(body))).toMatchObject({ status: 400 });
    });

    test('without a password cannot log in until they use their invitation, once', async () => {
      const user = await make();
      expect(user.passwordSet).toBe(false);
      for (const password of ['!', PASSWORD])
        await expect(site.api().login(user.email, password)).rejects.toMatchObject({ code: 'bad_credentials' });
      const { items, left } = await invite(manager, [user.id, user.id]);
      expect(left).toEqual([]);
      expect(items).toMatchObject([{ userId: user.id, email: user.email, mail: 'off' }]);
      expect(Date.parse(items[0]!.expiresAt) - Date.now()).toBeGreaterThan(13.9 * 24 * 3600_000);
      const pending = await manager.get<Page<PendingLink>>('/api/users/links?kind=invitation&limit=200');
      expect(pending.items.filter(({ userId }) => userId === user.id)).toHaveLength(1);
      expect(JSON.stringify(pending)).not.toContain(items[0]!.path.split('=')[1]);
      expect(await redeem(items[0]!.path)).toMatchObject({ status: 204 });
      expect(await redeem(items[0]!.path)).toMatchObject({ status: 403 });
      await site.api().login(user.email, PASSWORD);
      expect(await manager.get(`/api/users/${user.id}`)).toMatchObject({ passwordSet: true });
    });

    test('get links from those who manage them only; others are named', async () => {
      const other = await newOrganisation(site);
      const [mine, disabled, foreign] = [await make(), await make(), await make({ organisationId: other.id })];
      await site.admin.request('PATCH', `/api/users/${disabled.id}`, { disabled: true });
      const { items, left } = await invite(manager, [mine.id, disabled.id, foreign.id, site.admin.userId]);
      expect(items.map(({ userId }) => userId)).toEqual([mine.id]);
      expect(left).toEqual([
        { userId: disabled.id, reason: 'disabled' },
        { userId: foreign.id, reason: 'not_found' },
        { userId: site.admin.userId, reason: 'forbidden' },
      ]);
      await invite(site.admin, [foreign.id, site.admin.userId]);
      const seen = (await manager.get<Page<PendingLink>>('/api/users/links?limit=200')).items;
      expect(seen.map(({ userId }) => userId)).toContain(mine.id);
      expect(seen.map(({ userId }) => userId)).not.toContain(foreign.id);
      expect(seen.map(({ userId }) => userId)).not.toContain(site.admin.userId);
      expect(await manager.send('GET', `/api/users/${foreign.id}`)).toMatchObject({ status: 404 });
      expect(await manager.send('GET', `/api/users/${site.admin.userId}`)).toMatchObject({ status: 403 });
    });

    describe('anonymised', () => {
      test('lose name, address, numbers, password, logins, factors and assignments; their sessions stay', async () => {
        const student = await site.student('Zoë Quill');
        const { email } = student.tokens!.user;
        await site.admin.request('PATCH', `/api/users/${student.userId}`, {
          studentNumber: 'Z77',
          externalId: 'ext-z77',
        });
        const exam = await site.admin.createExam();
        const session = await student.startSession(exam.id);
        const refused = await manager.send('POST', `/api/users/${student.userId}/anonymise`);
        expect(refused).toMatchObject({ status: 409, body: { code: 'session_running' } });
        await student.post(`/api/sessions/${session.id}/end`);
        await invite(site.admin, [student.userId]);

        const user = await manager.post<User>(`/api/users/${student.userId}/anonymise`);
        expect(user).toMatchObject({ studentNumber: null, externalId: null, passwordSet: false });
        const row = JSON.stringify(await findUser(db, student.userId));
        for (const trace of ['Zoë', 'quill', email, 'Z77', 'z77']) expect(row).not.toContain(trace);
        await expect(student.get('/api/auth/me')).rejects.toMatchObject({ status: 401 });
        await expect(site.api().login(email, "Zoë Quill's password")).rejects.toMatchObject({ status: 401 });
        expect(await find('quill')).toEqual([]);
        expect(await site.admin.get(`/api/sessions/${session.id}`)).toMatchObject({ id: session.id });
        expect((await site.admin.get<{ studentName: string }>(`/api/sessions/${session.id}`)).studentName).toBe(
          user.name,
        );
        const kept = ['password_resets', 'second_factors', 'recovery_codes'] as const;
        for (const table of kept)
          expect(await db.selectFrom(table).selectAll().where('user_id', '=', student.userId).execute(), table).toEqual(
            [],
          );
        const act = await db
          .selectFrom('audit_entries')
          .select('actor')
          .where('entity_id', '=', student.userId)
          .where('event_type', '=', 'USER_ANONYMISED')
          .executeTakeFirst();
        expect(act).toEqual({ actor: manager.userId });
      });

      test('stay so: they are not changed, enabled, invited or anonymised anew', async () => {
        const { id } = await make();
        const first = await manager.post<User>(`/api/users/${id}/anonymise`);
        expect(await manager.post<User>(`/api/users/${id}/anonymise`)).toEqual(first);
        for (const body of [{ disabled: false }, { name: 'Back' }, { role: 'student' }])
          expect(await site.admin.send('PATCH', `/api/users/${id}`, json(body))).toMatchObject({
            status: 403,
            body: { code: 'account_disabled' },
          });
        expect((await invite(manager, [id])).left).toEqual([{ userId: id, reason: 'disabled' }]);
        expect(await manager.send('POST', `/api/users/${id}/reset`, json({}))).toMatchObject({ status: 403 });
      });

      test('are not enrolled, assigned or readmitted', async () => {
        const exam = await site.admin.createExam({}, { maxAttempts: 2 });
        const student = await site.student();
        const session = await student.startSession(exam.id);
        await student.post(`/api/sessions/${session.id}/end`);
        const proctor = await newPerson(site, 'proctor');
        for (const { userId } of [student, proctor]) await manager.post(`/api/users/${userId}/anonymise`);
        const refused = { status: 403, body: { code: 'account_disabled' } };
        expect(
          await manager.send('PUT', `/api/exams/${exam.id}/students/${student.userId}`, json({ extraMinutes: 5 })),
        ).toMatchObject(refused);
        expect(
          await manager.send('POST', `/api/exams/${exam.id}/staff`, json({ userId: proctor.userId, room: null })),
        ).toMatchObject(refused);
        expect(
          await manager.send(
            'POST',
            `/api/sessions/${session.id}/readmissions`,
            json({ kind: 'new', reason: 'a power cut' }),
          ),
        ).toMatchObject(refused);
      });

      test('have no running session: of anonymising and a start at once, one is refused', async () => {
        const exam = await site.admin.createExam();
        for (let round = 0; round < 8; round++) {
          const student = await site.student();
          const [started, anonymised] = await Promise.all([
            site.admin.send('POST', '/api/sessions', json({ examId: exam.id, studentId: student.userId })),
            manager.send('POST', `/api/users/${student.userId}/anonymise`),
          ]);
          expect([started.status, anonymised.status].filter((status) => status < 300)).toHaveLength(1);
          if (started.status === 201)
            expect(anonymised).toMatchObject({ status: 409, body: { code: 'session_running' } });
        }
      });

      test('are students and staff below the author; never the author, nor the last admin', async () => {
        const proctor = await newPerson(site, 'proctor');
        await assign(site, (await site.admin.createExam()).id, proctor);
        await manager.post(`/api/users/${proctor.userId}/anonymise`);
        expect(await db.selectFrom('assignments').selectAll().where('user_id', '=', proctor.userId).execute()).toEqual(
          [],
        );
        const other = await newPerson(site, 'manager');
        expect(await manager.send('POST', `/api/users/${other.userId}/anonymise`)).toMatchObject({ status: 403 });
        expect(await site.admin.send('POST', `/api/users/${site.admin.userId}/anonymise`)).toMatchObject({
          status: 403,
        });
        expect(await proctor.send('POST', `/api/users/${other.userId}/anonymise`)).toMatchObject({ status: 401 });
      });
    });
  });
}
