import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../protocol/http/audit.ts';
import type { SessionCommandsAnswer } from '../../protocol/http/session-commands.ts';
import { MOST_COMMANDED } from '../../protocol/most-commanded.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { greet } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { assign, newOrganisation, newPerson, sit, type Sitting } from '../support/staffed-site.ts';

const NOBODY = '00000000-0000-7000-8000-00000000ffff';
const give = (by: Api, body: Record<string, unknown>) => by.post<SessionCommandsAnswer>('/api/sessions/commands', body);

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`commands to many sessions, on ${title}`, () => {
    let site: TestServer;
    beforeAll(async () => {
      site = await startTestServer({ kind });
    });
    afterAll(() => site?.close());

    const newExam = (more: Record<string, unknown> = {}) =>
      site.admin.createExam({}, { staffAccess: 'assigned', durationMinutes: 60, ...more });
    const stored = (id: string) => site.admin.get<Session>(`/api/sessions/${id}`);
    async function sittings(count: number, room: string | null = null, more = {}): Promise<Sitting[]> {
      const exam = await newExam(more);
      const seated: Sitting[] = [];
      for (let n = 0; n < count; n++) seated.push(await sit(site, exam, await newPerson(site, 'student'), room));
      return seated;
    }
    const ids = (seated: readonly Sitting[]) => seated.map(({ session }) => session.id);
    const chain = async (id: string) =>
      (await site.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/entity/session/${id}`)).items;

    test('each is an event and an audit entry of its own, under the name of who gave it, and reaches the student', async () => {
      const seated = await sittings(3);
      const [{ exam, student, session }] = seated as [Sitting];
      const proctor = await newPerson(site, 'proctor');
      await assign(site, exam.id, proctor);
      const socket = await greet(site.url, await student.examTicket(session.id));
      expect(await give(proctor, { do: 'message', text: 'Ten minutes left', sessions: ids(seated) })).toEqual({
        done: ids(seated),
        failed: [],
      });
      expect(await socket.next('notice')).toMatchObject({ text: 'Ten minutes left' });
      for (const one of seated) {
        const messages = (await one.student.events(one.session.id)).filter(({ type }) => type === 'PROCTOR_MESSAGE');
        expect(messages).toMatchObject([{ details: { by: proctor.userId, text: 'Ten minutes left' } }]);
        const acts = (await chain(one.session.id)).filter(({ eventType }) => eventType === 'COMMAND_GIVEN');
        expect(acts.map(({ actor, payload }) => [actor, JSON.parse(payload)])).toEqual([
          [proctor.userId, { do: 'message', eventId: messages[0]!.id }],
        ]);
      }
      socket.close();
    });

    test('a repetition with the same key acts once, at the same time and later, and another command is refused', async () => {
      const seated = await sittings(3);
      const once = (body: Record<string, unknown>, key: string) =>
        site.admin.send('POST', '/api/sessions/commands', {
          body: JSON.stringify({ sessions: ids(seated), ...body }),
          headers: { 'content-type': 'application/json', 'idempotency-key': key },
        });
      const extend = () => once({ do: 'extend', minutes: 10 }, 'first');
      const answers = [...(await Promise.all([extend(), extend(), extend()])), await extend()];
      for (const answer of answers)
        expect(answer).toMatchObject({ status: 200, body: { done: ids(seated), failed: [] } });
      const extensions = async ({ student, session }: Sitting) =>
        (await student.events(session.id)).filter(({ type }) => type === 'SESSION_EXTENDED').length;
      for (const one of seated) expect(await extensions(one)).toBe(1);
      const { body } = await once({ do: 'extend', minutes: 20 }, 'first');
      expect((body as SessionCommandsAnswer).failed.map(({ code }) => code)).toEqual(
        seated.map(() => 'idempotency_conflict'),
      );
      await once({ do: 'extend', minutes: 20 }, 'second');
      for (const one of seated) expect(await extensions(one)).toBe(2);
      // Of a session that has ended by it, too.
      const end = () => once({ do: 'terminate', reason: 'over' }, 'third');
      await end();
      expect(await end()).toMatchObject({ status: 200, body: { done: ids(seated), failed: [] } });
      for (const one of seated)
        expect(
          (await one.student.events(one.session.id)).filter(({ type }) => type === 'SESSION_TERMINATED'),
        ).toHaveLength(1);
    });

    test('a fire alarm pauses everybody of an exam or of a room, and one request ends it', async () => {
      const exam = await newExam();
      const seated: Sitting[] = [];
      for (const room of ['A', 'A', 'B']) seated.push(await sit(site, exam, await newPerson(site, 'student'), room));
      const others = await sittings(1);
      const proctor = await newPerson(site, 'proctor');
      await assign(site, exam.id, proctor);
      const [a, b, c] = ids(seated) as [string, string, string];
      const alarm = { do: 'pause', reason: 'Fire alarm: leave the building', exam: exam.id };
      expect((await give(proctor, { ...alarm, room: 'A' })).done.toSorted()).toEqual([a, b].toSorted());
      expect((await stored(c)).status).toBe('active');
      expect((await give(proctor, alarm)).done.toSorted()).toEqual([a, b, c].toSorted());
      for (const id of [a, b, c]) expect(await stored(id)).toMatchObject({ status: 'paused' });
      expect((await stored(ids(others)[0]!)).status).toBe('active');
      expect((await give(proctor, { do: 'resume', exam: exam.id })).done).toHaveLength(3);
      for (const id of [a, b, c]) expect(await stored(id)).toMatchObject({ status: 'active', pausedAt: null });
    });

    test('those that cannot be commanded are listed with words, by name if they are visible, and keep no other from it', async () => {
      const seated = await sittings(4, 'A');
      const [first, ended, paused, fourth] = ids(seated) as [string, string, string, string];
      await site.admin.post(`/api/sessions/${ended}/end`);
      await give(site.admin, { do: 'pause', sessions: [paused] });
      const answer = await give(site.admin, {
        do: 'extend',
        minutes: 5,
        sessions: [first, ended, paused, NOBODY, fourth, first],
      });
      expect(answer.done).toEqual([first, paused, fourth]);
      expect(answer.failed).toEqual([
        {
          sessionId: ended,
          studentName: expect.stringMatching(/^Person/),
          code: 'session_over',
          detail: 'session has ended',
          retryable: false,
        },
        { sessionId: NOBODY, studentName: null, code: 'not_found', detail: 'session not found', retryable: false },
      ]);
      const extensions = async (id: string) =>
        (await site.admin.events(id)).filter(({ type }) => type === 'SESSION_EXTENDED').length;
      // Named twice, extended once.
      expect(await Promise.all([first, ended, paused, fourth].map(extensions))).toEqual([1, 0, 1, 1]);
    });

    test('minutes do not give a limit to a session that has none', async () => {
      const [timed] = await sittings(1);
      const [endless] = await sittings(1, null, { durationMinutes: null });
      const sessions = [timed!.session.id, endless!.session.id];
      expect(await give(site.admin, { do: 'extend', minutes: 5, sessions })).toMatchObject({
        done: [sessions[0]],
        failed: [{ sessionId: sessions[1], code: 'no_deadline', detail: expect.stringContaining('deadline') }],
      });
      expect((await stored(sessions[1]!)).deadline).toBeNull();
    });

    test('somebody of a room commands that room only: other sessions do not exist, one of their own is forbidden', async () => {
      const exam = await newExam();
      const mine = await sit(site, exam, await newPerson(site, 'student'), 'A');
      const next = await sit(site, exam, await newPerson(site, 'student'), 'B');
      const elsewhere = await newOrganisation(site, `Elsewhere ${kind}`);
      const foreignExam = await newExam({ staffAccess: 'all', organisationId: elsewhere.id });
      const foreign = await sit(site, foreignExam, await newPerson(site, 'student', elsewhere.id));
      const person = await newPerson(site, 'student');
      const own = await sit(site, await newExam({ staffAccess: 'all' }), person);
      await site.admin.request('PATCH', `/api/users/${person.userId}`, { role: 'proctor' });
      await assign(site, exam.id, person, 'A');
      const sessions = [mine, next, foreign, own].map(({ session }) => session.id);
      const answer = await give(person, { do: 'pause', sessions: [...sessions, NOBODY] });
      expect(answer.done).toEqual([mine.session.id]);
      const absent = (sessionId: string) => ({
        sessionId,
        studentName: null,
        code: 'not_found',
        detail: 'session not found',
        retryable: false,
      });
      expect(answer.failed).toEqual([
        absent(next.session.id),
        absent(foreign.session.id),
        expect.objectContaining({ sessionId: own.session.id, code: 'forbidden', studentName: null }),
        absent(NOBODY),
      ]);
      expect(await give(person, { do: 'message', text: 'Hello', exam: exam.id })).toEqual({
        done: [mine.session.id],
        failed: [],
      });
      expect(await give(person, { do: 'message', text: 'Hello', exam: exam.id, room: 'B' })).toEqual({
        done: [],
        failed: [],
      });
      await expect(give(person, { do: 'pause', exam: foreignExam.id })).rejects.toMatchObject({ code: 'not_found' });
      for (const { session } of [next, foreign, own]) expect((await stored(session.id)).status).toBe('active');
      // Trying ids is in the security log, one entry for each.
      const targets = async () =>
        (
          await site.admin.get<{ items: { target: string | null; kind: string }[] }>(
            `/api/audit/security?actor=${person.userId}&limit=200`,
          )
        ).items.map(({ kind: what, target }) => `${what} ${target}`);
      await waitFor('the security log', async () => (await targets()).includes(`not_own ${foreign.session.id}`));
    });

    test('reviewers and students command nobody', async () => {
      const [one] = await sittings(1, null, { staffAccess: 'all' });
      const reviewer = await newPerson(site, 'reviewer');
      const body = { do: 'pause', sessions: [one!.session.id] };
      for (const person of [reviewer, one!.student])
        await expect(give(person, body)).rejects.toMatchObject({ status: 403, code: 'forbidden' });
      expect((await stored(one!.session.id)).status).toBe('active');
    });

    test.each([
      [{ do: 'pause' }, 'body.sessions'],
      [{ do: 'pause', sessions: [NOBODY], exam: NOBODY }, 'body.sessions'],
      [{ do: 'pause', sessions: [NOBODY], room: 'A' }, 'body.room'],
      [{ do: 'pause', sessions: [] }, 'body.sessions'],
      [{ do: 'pause', sessions: [NOBODY], minutes: 5 }, 'body.minutes'],
      [{ do: 'extend', sessions: [NOBODY] }, 'body.minutes'],
      [{ do: 'message', sessions: [NOBODY] }, 'body.text'],
      [{ do: 'terminate', sessions: [NOBODY] }, 'body.reason'],
      [{ do: 'end', sessions: [NOBODY] }, 'body.do'],
    ])('%j is refused: %s', async (body, ref) => {
      await expect(give(site.admin, body)).rejects.toMatchObject({ status: 400, body: { code: 'bad_request', ref } });
    });

    test('at most 500 sessions are named, and that many fit', async () => {
      const many = (count: number) =>
        Array.from({ length: count }, (_, n) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`);
      expect((await give(site.admin, { do: 'pause', sessions: many(MOST_COMMANDED) })).failed).toHaveLength(500);
      await expect(give(site.admin, { do: 'pause', sessions: many(501) })).rejects.toMatchObject({ status: 400 });
    });
  });
}
