import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CreateApiKeyBody } from '../../protocol/http/api-keys.ts';
import type { SecurityEntry } from '../../protocol/http/security.ts';
import type { Session, Ticket } from '../../protocol/http/sessions.ts';
import type { Api } from '../support/api.ts';
import { signal, startAttempt } from '../support/attempt.ts';
import { KINDS } from '../support/databases.ts';
import { greet, RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`API keys, on ${title}`, () => {
    let site: TestServer;
    /** The server's clock runs ahead of ours by this much. */
    let ahead = 0;
    beforeAll(async () => {
      site = await startTestServer({ kind, overrides: { clock: () => Date.now() + ahead } });
    });
    afterAll(() => site?.close());
    beforeEach(() => {
      ahead = 0;
    });

    async function createKey(more: Partial<CreateApiKeyBody> = {}): Promise<{ id: string; server: Api }> {
      const body = { name: 'Exam site', scopes: ['tickets'], ...more };
      const { id, key } = await site.admin.post<{ id: string; key: string }>('/api/keys', body);
      const server = site.api();
      server.bearer = key;
      return { id, server };
    }

    const start = (api: Api, examId: string, studentId: string | undefined) =>
      api.post<Session>('/api/sessions', { examId, ...(studentId !== undefined && { studentId }) });

    /** A session started by a key, and the site that holds the key. */
    async function sitting() {
      const { id, server } = await createKey();
      const student = await site.student();
      const exam = await site.admin.createExam();
      const session = await start(server, exam.id, student.userId);
      const ticket = () => server.post<Ticket>(`/api/sessions/${session.id}/ticket`);
      return { keyId: id, server, student, exam, session, ticket };
    }

    async function isAlive(socket: RawSocket, seq: number): Promise<void> {
      socket.send(signal(seq));
      await socket.until(`ack ${seq}`, () => socket.of('ack').some((ack) => ack['seq'] === seq));
    }

    async function recorded(wanted: Record<string, unknown>): Promise<void> {
      await waitFor(JSON.stringify(wanted), async () => {
        const { items } = await site.admin.get<{ items: SecurityEntry[] }>('/api/audit/security?limit=200');
        return items.some((entry) =>
          Object.entries(wanted).every(([name, value]) => entry[name as keyof SecurityEntry] === value),
        );
      });
    }

    describe('with the scope tickets', () => {
      test("start a session of the student they name, under the student's rules", async () => {
        const { server, student, exam, session, keyId } = await sitting();
        expect(session).toMatchObject({ studentId: student.userId, startedBy: { kind: 'key', id: keyId } });
        await expect(start(server, exam.id, student.userId)).rejects.toMatchObject({
          code: 'session_exists',
          body: { ref: session.id },
        });
        const draft = await site.admin.createExam({}, { status: 'draft' });
        await expect(start(server, draft.id, student.userId)).rejects.toMatchObject({ status: 404 });
        const closed = await site.admin.createExam({}, { openTo: 'enrolled' });
        await expect(start(server, closed.id, student.userId)).rejects.toMatchObject({ status: 404 });
        await site.admin.request('PUT', `/api/exams/${closed.id}/students/${student.userId}`, {});
        expect(await start(server, closed.id, student.userId)).toMatchObject({ studentId: student.userId });
      });

      test('get the same session again with the same Idempotency-Key', async () => {
        const { server } = await createKey();
        const student = await site.student();
        const { id: examId } = await site.admin.createExam();
        const ask = () =>
          server.send('POST', '/api/sessions', {
            body: JSON.stringify({ examId, studentId: student.userId }),
            headers: { 'content-type': 'application/json', 'idempotency-key': 'attempt-1' },
          });
        const [first, second] = [await ask(), await ask()];
        expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 201, 'true']);
        expect((second.body as Session).id).toBe((first.body as Session).id);
      });

      test('must name an enabled student', async () => {
        const { server } = await createKey();
        const exam = await site.admin.createExam();
        const proctor = await site.proctor();
        const disabled = await site.student();
        await site.admin.request('PATCH', `/api/users/${disabled.userId}`, { disabled: true });
        await expect(start(server, exam.id, undefined)).rejects.toMatchObject({
          status: 400,
          body: { ref: 'body.studentId' },
        });
        for (const id of [proctor.userId, site.admin.userId, disabled.userId, exam.id])
          await expect(start(server, exam.id, id)).rejects.toMatchObject({ status: 404 });
      });

      test('open a socket that lives 15 min and is renewed by reauth, without a login of the student (C8)', async () => {
        const { student, ticket } = await sitting();
        await student.post('/api/auth/logout');
        const socket = await greet(site.url, await ticket());
        ahead = 14 * MINUTE + 30_000;
        await socket.next('reauth');
        socket.send({ type: 'reauth', ticket: (await ticket()).ticket });
        await isAlive(socket, 1);
        ahead = 20 * MINUTE;
        await isAlive(socket, 2);
        ahead = 60 * MINUTE;
        expect(await socket.closed()).toBe(4401);
      });

      test('get no ticket of a session of staff, a session that ended or a console', async () => {
        const { server, student, session } = await sitting();
        const proctor = await site.proctor();
        const exam = await site.admin.createExam();
        // ProctorBE's route lets staff sit exams, as it did there.
        const theirs = await proctor.post<{ id: string }>(`/sessions/start?exam_id=${exam.id}`);
        await expect(server.post(`/api/sessions/${theirs.id}/ticket`)).rejects.toMatchObject({ status: 404 });
        await expect(server.post('/api/console/ticket')).rejects.toMatchObject({ status: 403 });
        await student.post(`/api/sessions/${session.id}/end`);
        await expect(server.post(`/api/sessions/${session.id}/ticket`)).rejects.toMatchObject({ code: 'session_over' });
      });
    });

    describe('end the sockets of their tickets', () => {
      test('when they are revoked, and unused tickets with them', async () => {
        const { keyId, server, ticket } = await sitting();
        const [socket, unused] = [await greet(site.url, await ticket()), await ticket()];
        await site.admin.request('DELETE', `/api/keys/${keyId}`);
        expect(await socket.closed()).toBe(4401);
        await expect(ticket()).rejects.toMatchObject({ status: 401, code: 'unauthenticated' });
        expect(await new RawSocket(site.url, unused).closed()).toBe(4401);
        await expect(site.admin.request('PATCH', `/api/keys/${keyId}`, { name: 'Again' })).rejects.toMatchObject({
          status: 404,
        });
        await site.admin.request('DELETE', `/api/keys/${keyId}`);
        await recorded({ kind: 'key_created', actor: site.admin.userId, target: keyId });
        await recorded({ kind: 'key_revoked', actor: site.admin.userId, target: keyId, count: 1 });
        await recorded({ kind: 'key_refused', target: keyId });
        await expect(server.get('/api/exams')).rejects.toMatchObject({ status: 401 });
      });

      test('when the student is disabled', async () => {
        const { student, ticket } = await sitting();
        const socket = await greet(site.url, await ticket());
        await site.admin.request('PATCH', `/api/users/${student.userId}`, { disabled: true });
        expect(await socket.closed()).toBe(4401);
        await expect(ticket()).rejects.toMatchObject({ status: 404 });
      });

      test('when they expire', async () => {
        const { server } = await createKey({ expiresAt: new Date(Date.now() + 5 * MINUTE).toISOString() });
        const student = await site.student();
        const session = await start(server, (await site.admin.createExam()).id, student.userId);
        const socket = await greet(site.url, await server.post<Ticket>(`/api/sessions/${session.id}/ticket`));
        ahead = 5 * MINUTE;
        expect(await socket.closed()).toBe(4401);
        await expect(server.post(`/api/sessions/${session.id}/ticket`)).rejects.toMatchObject({ status: 401 });
      });
    });

    test('are refused with another secret, in another spelling, and outside of their scopes', async () => {
      const { id, server } = await createKey();
      const key = server.bearer!;
      for (const bad of [
        key.slice(0, -1) + (key.endsWith('A') ? 'E' : 'A'),
        key.toUpperCase(),
        `${key}x`,
        'ivk_',
        key + '=',
      ]) {
        server.bearer = bad;
        await expect(server.get('/api/exams')).rejects.toMatchObject({ status: 401 });
      }
      server.bearer = key;
      await expect(server.get('/api/exams')).rejects.toMatchObject({ status: 403, code: 'forbidden' });
      await recorded({ kind: 'key_refused', target: id });
      await recorded({ kind: 'key_scope_refused', actor: id });
    });

    test('must expire in the future and have a known scope', async () => {
      const body = { name: 'Exam site', scopes: ['tickets'] };
      for (const wrong of [
        { expiresAt: '2020-01-01T00:00:00Z' },
        { scopes: [] },
        { scopes: ['admin'] },
        { scope: 'x' },
      ])
        await expect(site.admin.post('/api/keys', { ...body, ...wrong })).rejects.toMatchObject({
          status: 400,
          code: 'bad_request',
        });
    });

    test('show the day of their last use', async () => {
      const { keyId, server, session } = await sitting();
      const usedOn = async () =>
        (
          await site.admin.get<{ items: { id: string; lastUsedOn: string | null }[] }>('/api/keys?limit=200')
        ).items.find(({ id }) => id === keyId)?.lastUsedOn;
      const today = () => new Date(Date.now() + ahead).toISOString().slice(0, 10);
      expect(await usedOn()).toBe(today());
      ahead = DAY;
      await server.post(`/api/sessions/${session.id}/ticket`).catch(() => {});
      ahead = 0;
      expect(await usedOn()).toBe(new Date(Date.now() + DAY).toISOString().slice(0, 10));
    });
  });
}

describe('starting a session of somebody else', () => {
  let site: TestServer;
  beforeAll(async () => {
    site = await startTestServer();
  });
  afterAll(() => site?.close());

  test('by an admin starts it for the student, and the audit log names both', async () => {
    const exam = await site.admin.createExam();
    const student = await site.student();
    const session = await site.admin.post<Session>('/api/sessions', { examId: exam.id, studentId: student.userId });
    expect(session).toMatchObject({
      studentId: student.userId,
      startedBy: { kind: 'staff', id: site.admin.userId },
    });
    const { items } = await site.admin.get<{ items: { eventType: string; actor: string; payload: string }[] }>(
      `/api/blockchain/attempt/${session.id}`,
    );
    const entry = items.find(({ eventType }) => eventType === 'SESSION_STARTED')!;
    expect(entry.actor).toBe(site.admin.userId);
    expect(JSON.parse(entry.payload)).toMatchObject({ by: 'staff', studentId: student.userId });
    expect(await student.examTicket(session.id)).toMatchObject({ url: '/ws/exam' });
  });

  test('is refused for proctors and other students; staff without a student start none', async () => {
    const { exam, student } = await startAttempt(site);
    const [proctor, other] = [await site.proctor(), await site.student()];
    for (const api of [proctor, other])
      await expect(api.post('/api/sessions', { examId: exam.id, studentId: student.userId })).rejects.toMatchObject({
        status: 403,
        code: 'forbidden',
      });
    for (const api of [proctor, site.admin])
      await expect(api.post('/api/sessions', { examId: exam.id })).rejects.toMatchObject({
        status: 400,
        body: { ref: 'body.studentId' },
      });
  });
});
