import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionView } from '../../protocol/down.ts';
import type { User } from '../../protocol/http/accounts.ts';
import type { Team } from '../../protocol/team.ts';
import { startAttempt, watchExam } from '../support/attempt.ts';
import { KINDS } from '../support/databases.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { newPerson } from '../support/staffed-site.ts';

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`names on open consoles, on ${title}`, () => {
    let site: TestServer;
    beforeAll(async () => {
      site = await startTestServer({ kind });
    });
    afterAll(() => site?.close());

    /** Names that the console was told last, by session. */
    const named = (socket: RawSocket) => {
      const names = new Map<string, string>();
      for (const { id, studentName } of (socket.of('snapshot')[0]?.['sessions'] ?? []) as SessionView[])
        names.set(id, studentName);
      for (const { session } of socket.of('session') as unknown as { session: SessionView }[])
        names.set(session.id, session.studentName);
      return names;
    };

    test('follow a student who is given another name, while the session runs', async () => {
      const attempt = await startAttempt(site);
      const exam = await attempt.connect();
      const wall = await watchExam(site, attempt.exam.id);
      await site.admin.request('PATCH', `/api/users/${attempt.student.userId}`, { name: 'Zoë Ödegaard' });
      await wall.until('the name', () => named(wall).get(attempt.session.id) === 'Zoë Ödegaard');
      for (const socket of [exam, wall]) socket.close();
    });

    test('follow a student who is anonymised, on the wall and on the page of each session', async () => {
      const attempt = await startAttempt(site);
      const wall = await watchExam(site, attempt.exam.id);
      const page = new RawSocket(site.url, await (await site.proctor()).consoleTicket());
      await page.opened();
      page.send({ type: 'subscribe', session: attempt.session.id });
      await page.next('snapshot');
      await attempt.student.post(`/api/sessions/${attempt.session.id}/end`);
      const { name } = await site.admin.post<User>(`/api/users/${attempt.student.userId}/anonymise`);
      expect(name).toMatch(/^Anonymous /);
      for (const socket of [wall, page]) {
        await socket.until('the pseudonym', () => named(socket).get(attempt.session.id) === name);
        expect(socket.of('session').at(-1)).toMatchObject({ session: { status: 'ended', studentName: name } });
        socket.close();
      }
    });

    test('follow staff who are given another name, or change their own: who looks, has seen and has taken a session', async () => {
      const attempt = await startAttempt(site);
      const { id } = attempt.session;
      const wall = await watchExam(site, attempt.exam.id);
      const anna = await newPerson(site, 'proctor');
      const page = new RawSocket(site.url, await anna.consoleTicket());
      await page.opened();
      page.send({ type: 'subscribe', session: id });
      await page.next('snapshot');
      await anna.post(`/api/sessions/${id}/seen`, { attention: 0 });
      await anna.request('PUT', `/api/sessions/${id}/claim`, { to: anna.userId, holder: null });
      const team = () =>
        (wall.of('team').flatMap(({ sessions }) => sessions) as Team[]).findLast(({ session }) => session === id);
      const calls = (name: string) =>
        wall.until(name, () => {
          const { seen, claim, viewers } = team() ?? {};
          return [seen?.by, claim?.by, viewers?.find((viewer) => viewer.id === anna.userId)].every(
            (person) => person?.name === name,
          );
        });
      await site.admin.request('PATCH', `/api/users/${anna.userId}`, { name: 'Anna Ångström' });
      await calls('Anna Ångström');
      await anna.request('PATCH', '/api/auth/me', { name: 'Anna Berg' });
      await calls('Anna Berg');
      for (const socket of [wall, page]) socket.close();
    });

    test('tell nothing to a console that does not see the session', async () => {
      const attempt = await startAttempt(site, {}, { staffAccess: 'assigned' });
      const stranger = new RawSocket(site.url, await (await site.proctor()).consoleTicket());
      await stranger.opened();
      stranger.send({ type: 'subscribe' });
      await stranger.next('snapshot');
      await attempt.student.post(`/api/sessions/${attempt.session.id}/end`);
      await site.admin.post(`/api/users/${attempt.student.userId}/anonymise`);
      const seen = await startAttempt(site);
      const socket = await seen.connect();
      await stranger.until('another session', () => named(stranger).has(seen.session.id));
      expect(named(stranger).has(attempt.session.id)).toBe(false);
      for (const each of [socket, stranger]) each.close();
    });
  });
}
