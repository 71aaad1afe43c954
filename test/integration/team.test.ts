import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionNote } from '../../protocol/http/team.ts';
import type { Member, Team } from '../../protocol/team.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { assign, newPerson, sit } from '../support/staffed-site.ts';

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`staff who share sessions, on ${title}`, () => {
    let site: TestServer;
    let anna: Api;
    let ben: Api;
    beforeAll(async () => {
      site = await startTestServer({ kind });
      anna = await newPerson(site, 'proctor');
      ben = await newPerson(site, 'proctor');
    });
    afterAll(() => site?.close());

    async function console(person: Api, wish: object): Promise<RawSocket> {
      const socket = new RawSocket(site.url, await person.consoleTicket());
      await socket.opened();
      socket.send({ type: 'subscribe', ...wish });
      await socket.next('snapshot');
      return socket;
    }
    const teams = (socket: RawSocket): Team[] => socket.of('team').flatMap(({ sessions }) => sessions as Team[]);
    /** The last state that the console was told. */
    const last = (socket: RawSocket, session: string) => teams(socket).findLast((team) => team.session === session);
    const told = (socket: RawSocket, session: string, isSo: (team: Team) => boolean) =>
      socket.until('the staff of the session', () => {
        const team = last(socket, session);
        return team !== undefined && isSo(team);
      });
    const report = (student: Api, sessionId: string, type: string) =>
      student.post('/api/proctoring/event', { sessionId, type });

    test('a session that one has seen is seen for all, until something new happens (P5)', async () => {
      const { exam, session, student } = await sit(
        site,
        await site.admin.createExam({}, { staffAccess: 'all' }),
        await newPerson(site, 'student'),
      );
      const wall = await console(ben, { exam: exam.id });
      const { attention } = (
        await ben.get<{ items: { id: string; attention: { value: number } }[] }>('/api/sessions')
      ).items.find(({ id }) => id === session.id)!;
      await anna.post(`/api/sessions/${session.id}/seen`, { attention: attention.value });
      await told(wall, session.id, ({ seen }) => seen?.by.id === anna.userId);
      // One who comes later is told, too.
      const later = await console(ben, {});
      await told(later, session.id, ({ seen }) => seen?.by.name === anna.tokens?.user.name);
      await report(student, session.id, 'SECOND_SCREEN');
      for (const socket of [wall, later]) await told(socket, session.id, ({ seen }) => seen === null);
      // What happened before the mark was made, and after the person looked, is something new as well.
      await anna.post(`/api/sessions/${session.id}/seen`, { attention: attention.value });
      const again = await console(ben, { exam: exam.id });
      expect(last(again, session.id)?.seen ?? null).toBeNull();
      for (const socket of [wall, later, again]) socket.close();
    });

    test('a session is taken, handed over to a colleague, taken over and released by name (P5)', async () => {
      const exam = await site.admin.createExam({}, { staffAccess: 'assigned' });
      const { session } = await sit(site, exam, await newPerson(site, 'student'), 'A');
      for (const person of [anna, ben]) await assign(site, exam.id, person, 'A');
      const stranger = await newPerson(site, 'proctor');
      await assign(site, exam.id, stranger, 'B');
      const claim = (by: Api, to: string | null, holder: string | null) =>
        by.request<Team>('PUT', `/api/sessions/${session.id}/claim`, { to, holder });
      const wall = await console(ben, { exam: exam.id });
      expect((await claim(anna, anna.userId, null)).claim).toMatchObject({ by: { id: anna.userId }, from: null });
      await told(wall, session.id, ({ claim: by }) => by?.by.id === anna.userId);
      await expect(claim(ben, ben.userId, null)).rejects.toMatchObject({ code: 'claim_changed' });
      const { items } = await anna.get<{ items: Member[] }>(`/api/sessions/${session.id}/colleagues`);
      expect(items.map(({ id }) => id)).toContain(ben.userId);
      expect(items.map(({ id }) => id)).not.toContain(stranger.userId);
      await expect(claim(anna, stranger.userId, anna.userId)).rejects.toMatchObject({ code: 'not_found' });
      expect((await claim(anna, ben.userId, anna.userId)).claim).toMatchObject({
        by: { id: ben.userId },
        from: { id: anna.userId },
      });
      expect((await claim(anna, anna.userId, ben.userId)).claim).toMatchObject({ by: { id: anna.userId }, from: null });
      expect((await claim(ben, null, anna.userId)).claim).toBeNull();
      await told(wall, session.id, ({ claim: by }) => by === null);
      const log = await site.admin.get<{ items: { eventType: string; actor: string; payload: string }[] }>(
        `/api/blockchain/attempt/${session.id}`,
      );
      expect(log.items.filter(({ eventType }) => eventType === 'SESSION_CLAIMED')).toMatchObject([
        { actor: anna.userId, payload: JSON.stringify({ to: anna.userId, before: null }) },
        { actor: anna.userId, payload: JSON.stringify({ to: ben.userId, before: anna.userId }) },
        { actor: anna.userId, payload: JSON.stringify({ to: anna.userId, before: ben.userId }) },
        { actor: ben.userId, payload: JSON.stringify({ to: null, before: anna.userId }) },
      ]);
      wall.close();
    });

    test('whoever has a session open is named to those who see it, and to nobody else (P5)', async () => {
      const exam = await site.admin.createExam({}, { staffAccess: 'assigned' });
      const { session, student } = await sit(site, exam, await newPerson(site, 'student'), 'A');
      for (const person of [anna, ben]) await assign(site, exam.id, person, 'A');
      const other = await newPerson(site, 'proctor');
      await assign(site, exam.id, other, 'B');
      const [wall, elsewhere] = [await console(ben, { exam: exam.id }), await console(other, {})];
      const page = await console(anna, { session: session.id });
      await told(wall, session.id, ({ viewers }) => viewers.some(({ id }) => id === anna.userId));
      const second = await console(anna, { session: session.id });
      page.close();
      await page.closed();
      // One console of two is closed.
      await anna.post(`/api/sessions/${session.id}/notes`, { text: 'Two consoles' });
      await told(wall, session.id, ({ notes, viewers }) => notes === 1 && viewers.length === 1);
      second.close();
      await told(wall, session.id, ({ viewers }) => viewers.length === 0);
      expect(teams(elsewhere)).toEqual([]);
      expect((await other.send('GET', `/api/sessions/${session.id}/notes`)).status).toBe(404);
      expect((await student.send('GET', `/api/sessions/${session.id}/notes`)).status).toBe(403);
      for (const socket of [wall, elsewhere]) socket.close();
    });

    test('internal notes have author and time, and are in nothing that the student can fetch', async () => {
      const exam = await site.admin.createExam({}, { staffAccess: 'all' });
      const { session, student, event } = await sit(site, exam, await newPerson(site, 'student'));
      const reviewer = await newPerson(site, 'reviewer');
      const text = 'The neighbour coughs 7f3a';
      await anna.post(`/api/sessions/${session.id}/notes`, { text });
      await anna.request('PUT', `/api/sessions/${session.id}/claim`, { to: anna.userId, holder: null });
      await student.post(`/api/sessions/${session.id}/end`);
      // Also after the end, and by reviewers.
      await reviewer.post(`/api/sessions/${session.id}/notes`, { text: 'Heard it, too' });
      const { items } = await ben.get<{ items: SessionNote[] }>(`/api/sessions/${session.id}/notes`);
      expect(items).toMatchObject([
        { text: 'Heard it, too', by: { id: reviewer.userId } },
        { text, by: { id: anna.userId, email: anna.tokens?.user.email } },
      ]);
      const paths = [
        `/api/sessions/${session.id}`,
        `/api/sessions?student=${student.userId}`,
        `/api/proctoring/my-attempt/${session.id}`,
        `/api/proctoring/attempt/${session.id}`,
        `/api/proctoring/attempt/${session.id}/events`,
        `/api/sessions/${session.id}/notes`,
        `/api/sessions/${session.id}/colleagues`,
        `/api/sessions/${session.id}/report`,
        `/api/events/${event.id}/reviews`,
        `/api/blockchain/entity/session/${session.id}`,
        `/api/blockchain/attempt/${session.id}`,
        `/api/exams/available`,
      ];
      for (const path of paths) {
        const { body } = await student.send('GET', path);
        for (const secret of [text, anna.userId, reviewer.userId])
          expect(JSON.stringify(body), path).not.toContain(secret);
      }
    });
  });
}
