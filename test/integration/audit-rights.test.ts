import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SECURITY_ID } from '../../protocol/http/audit.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { newPerson, sit, type Sitting } from '../support/staffed-site.ts';

const PASSWORD = 'violet harbour 93';

const sessionsIn = (text: string, ids: readonly string[]) => ids.every((id) => text.includes(id));

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`rights to lists of the audit log, on ${title}`, () => {
    let site: TestServer;
    let former: Api;
    let own: Sitting;
    let other: Sitting;
    beforeAll(async () => {
      site = await startTestServer({ kind });
      const exam = await site.admin.createExam({}, { staffAccess: 'all' });
      former = await newPerson(site, 'student');
      own = await sit(site, exam, former);
      other = await sit(site, exam, await newPerson(site, 'student'));
      for (const { student, session, event } of [own, other]) {
        await student.post(`/api/sessions/${session.id}/end`, {});
        await site.admin.post(`/api/events/${event.id}/review`, { decision: 'confirmed', reason: 'seen' });
        await site.admin.post(`/api/sessions/${session.id}/verdict`, { verdict: 'concern', reason: 'odd' });
      }
      await site.admin.request('PATCH', `/api/users/${former.userId}`, { role: 'admin' });
      await former.login(former.tokens!.user.email, PASSWORD);
    }, 120_000);
    afterAll(() => site?.close());

    const bodyOf = async (api: Api, path: string) => JSON.stringify(await api.get(path));
    const SESSIONS = ['VERDICT_GIVEN', 'EVENT_REVIEWED', 'SESSION_STARTED', 'EVENTS_STORED'];

    test.each(SESSIONS.map((type) => `/api/blockchain/events/${type}`))(
      'an admin finds no entry about their own session in %s, and those of others',
      async (path) => {
        expect(await bodyOf(site.admin, path)).toContain(own.session.id);
        const seen = await bodyOf(former, path);
        expect(seen).not.toContain(own.session.id);
        expect(seen).toContain(other.session.id);
      },
    );

    test('acts of others on the own session are in no list of security events, nor in a search', async () => {
      const [lists, search] = [
        ['/api/audit/security?limit=200', `/api/blockchain/entity/system/${SECURITY_ID}?limit=200`],
        '/api/audit/entries?limit=200',
      ];
      // The file is refused until a checkpoint covers the session.
      await waitFor('a checkpoint', async () => {
        const path = `/api/audit/attempt/${own.session.id}/file`;
        return (await site.admin.send('GET', path)).status === 200;
      });
      await waitFor('the entry', async () => (await bodyOf(site.admin, lists[0]!)).includes(own.session.id));
      for (const path of [...lists, search]) {
        const { items } = await former.get<{ items: { actor: string | null }[] }>(path);
        const about = items.filter((item) => JSON.stringify(item).includes(own.session.id));
        expect(
          about.filter(({ actor }) => actor !== former.userId),
          path,
        ).toEqual([]);
      }
    });

    test('the newest entry of the summary is none about the own session', async () => {
      await site.admin.post(`/api/sessions/${own.session.id}/verdict`, { verdict: 'violation', reason: 'again' });
      await waitFor('the entry', async () =>
        (await bodyOf(site.admin, '/api/blockchain/summary')).includes('VERDICT_GIVEN'),
      );
      expect(await bodyOf(former, '/api/blockchain/summary')).not.toContain(own.session.id);
    });

    test('entries of an own session stay hidden once the session is deleted, also of one that staff had started', async () => {
      const exam = await site.admin.createExam({}, { staffAccess: 'all' });
      const student = await newPerson(site, 'student');
      const mine = await sit(site, exam, student);
      const theirs = await sit(site, exam, await newPerson(site, 'student'));
      const started = await site.admin.post<{ id: string }>('/api/sessions', {
        examId: (await site.admin.createExam({}, { staffAccess: 'all' })).id,
        studentId: student.userId,
      });
      for (const { session } of [mine, theirs])
        await waitFor('a checkpoint', async () => {
          const path = `/api/audit/attempt/${session.id}/file`;
          return (await site.admin.send('GET', path)).status === 200;
        });
      await waitFor('the entries', async () =>
        sessionsIn(await bodyOf(site.admin, '/api/audit/security?limit=200'), [mine.session.id, theirs.session.id]),
      );
      for (const { id } of [exam, { id: (await site.admin.get<Session>(`/api/sessions/${started.id}`)).examId }]) {
        const move = (status: string) =>
          site.admin.request('PATCH', `/api/exams/${id}/status`, { status, endSessions: true });
        await move('completed');
        await move('archived');
        await site.admin.request('DELETE', `/api/exams/${id}`);
      }
      await site.admin.request('PATCH', `/api/users/${student.userId}`, { role: 'admin' });
      await student.login(student.tokens!.user.email, PASSWORD);
      for (const path of [
        ...SESSIONS.filter((type) => !/VERDICT|REVIEW/.test(type)).map((type) => `/api/blockchain/events/${type}`),
        '/api/blockchain/events/SESSION_DELETED',
        '/api/audit/entries?limit=200',
        `/api/audit/entries?limit=200&exam=${exam.id}`,
      ]) {
        const seen = await bodyOf(student, path);
        expect(seen, path).toContain(theirs.session.id);
        expect(seen, path).not.toContain(mine.session.id);
        expect(seen, path).not.toContain(started.id);
      }
      for (const path of ['/api/audit/security?limit=200', `/api/blockchain/entity/system/${SECURITY_ID}?limit=200`]) {
        const { items } = await student.get<{ items: { actor: string | null }[] }>(path);
        expect(
          items
            .filter(({ actor }) => actor !== student.userId)
            .filter((item) => sessionsIn(JSON.stringify(item), [mine.session.id])),
          path,
        ).toEqual([]);
      }
      for (const id of [mine.session.id, started.id])
        for (const path of [`/api/blockchain/entity/session/${id}`, `/api/audit/entries?session=${id}`])
          expect(await student.send('GET', path), path).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      expect(await bodyOf(student, `/api/blockchain/entity/session/${theirs.session.id}`)).toContain('SESSION_DELETED');
      expect(await bodyOf(site.admin, `/api/blockchain/entity/session/${mine.session.id}`)).toContain(
        'SESSION_DELETED',
      );
    });

    test('a manager reads the audit of accounts that they manage, and of no admin or manager', async () => {
      const manager = await newPerson(site, 'manager');
      const proctor = await newPerson(site, 'proctor');
      const paths = (id: string) => [`/api/audit/entries?person=${id}`, `/api/blockchain/entity/user/${id}`];
      for (const path of paths(proctor.userId))
        expect(await manager.send('GET', path), path).toMatchObject({ status: 200 });
      const peer = await newPerson(site, 'manager');
      for (const id of [site.admin.userId, former.userId, peer.userId])
        for (const path of [`/api/users/${id}`, ...paths(id)])
          expect(await manager.send('GET', path), path).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    });
  });
}
