import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../db/executor.ts';
import { startAttempt, type Attempt } from '../support/attempt.ts';
import { BareSocket } from '../support/bare-socket.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
let db: Db;
beforeAll(async () => {
  site = await startTestServer({ overrides: { db: (real: Db) => (db = real) } });
});
afterAll(() => site.close());

const typesOf = async ({ session }: Attempt) =>
  (await db.selectFrom('events').select('type').where('session_id', '=', session.id).execute()).map(({ type }) => type);

/** Connects and sends `hello`. @returns the socket, and whether it got a `welcome` */
async function hello(ticket: { ticket: string; url: string }): Promise<{ welcomed: boolean; socket: RawSocket }> {
  const socket = new RawSocket(site.url, ticket);
  await socket.opened();
  socket.send({ type: 'hello' });
  await socket.until('an answer', () => socket.of('welcome').length > 0 || socket.of('error').length > 0);
  return { welcomed: socket.of('welcome').length > 0, socket };
}

describe('takeovers of one session (C7)', () => {
  test('are refused beyond a burst, the live socket stays open, and few events are stored', async () => {
    const attempt = await startAttempt(site);
    const tickets = [];
    for (let i = 0; i < 28; i++) tickets.push(await attempt.student.examTicket(attempt.session.id));
    let live: RawSocket | undefined;
    const refused: RawSocket[] = [];
    for (const ticket of tickets) {
      const { welcomed, socket } = await hello(ticket);
      if (welcomed) live = socket;
      else refused.push(socket);
    }
    expect(refused.length).toBeGreaterThan(0);
    for (const socket of refused) {
      expect(socket.of('error')[0]).toMatchObject({ code: 'rate_limited', retryable: true });
      expect(await socket.closed()).toBe(4429);
    }
    expect(live!.closeCode).toBeUndefined();
    expect((await typesOf(attempt)).filter((type) => type === 'SESSION_TAKEOVER').length).toBeLessThanOrEqual(
      tickets.length - refused.length,
    );
    // A session without a live socket can always be connected to.
    live!.close();
    await live!.closed();
    await expect.poll(async () => (await typesOf(attempt)).includes('CONNECTION_LOST')).toBe(true);
    const back = await hello(await attempt.student.examTicket(attempt.session.id));
    expect(back.welcomed).toBe(true);
    back.socket.close();
  });

  test('reconnects are only counted beyond a burst, have weight 0, and none is refused (E6)', async () => {
    const attempt = await startAttempt(site);
    for (let i = 0; i < 80; i++) {
      const { welcomed, socket } = await hello(await attempt.student.examTicket(attempt.session.id));
      expect(welcomed).toBe(true);
      socket.close();
      await socket.closed();
      await expect
        .poll(
          async () =>
            (await attempt.student.get<{ connected: boolean }>(`/api/sessions/${attempt.session.id}`)).connected,
        )
        .toBe(false);
    }
    await expect.poll(async () => (await typesOf(attempt)).includes('EVENTS_OVER_BUDGET')).toBe(true);
    expect((await typesOf(attempt)).filter((type) => type === 'CONNECTION_LOST').length).toBeLessThan(78);
    expect(await attempt.student.get(`/api/sessions/${attempt.session.id}`)).toMatchObject({ riskScore: 0 });
  });
});

describe('sockets of one user (C12)', () => {
  test('are limited to twenty before hello, and the ticket of the next is not used up', async () => {
    const attempt = await startAttempt(site);
    const silent: BareSocket[] = [];
    for (let i = 0; i < 20; i++)
      silent.push(new BareSocket(site.url, await attempt.student.examTicket(attempt.session.id)));
    for (const socket of silent) await socket.answered();
    expect(silent.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 101));
    const ticket = await attempt.student.examTicket(attempt.session.id);
    const next = new BareSocket(site.url, ticket);
    await next.answered();
    expect([next.status, next.headers['retry-after']]).toEqual([429, '10']);
    // Another user has their own limit.
    const other = await startAttempt(site);
    const { welcomed, socket } = await hello(await other.student.examTicket(other.session.id));
    expect(welcomed).toBe(true);
    for (const each of silent) each.destroy();
    await expect
      .poll(async () => {
        const again = new BareSocket(site.url, ticket);
        await again.answered();
        again.destroy();
        return again.status;
      })
      .toBe(101);
    socket.close();
  });

  test('are limited to twenty consoles', async () => {
    const proctor = await site.proctor();
    const consoles: RawSocket[] = [];
    for (let i = 0; i < 20; i++) {
      const socket = new RawSocket(site.url, await proctor.consoleTicket());
      await socket.opened();
      socket.send({ type: 'subscribe' });
      await socket.next('snapshot');
      consoles.push(socket);
    }
    const next = new RawSocket(site.url, await proctor.consoleTicket());
    expect(await next.refused()).toEqual({ status: 429, code: 'rate_limited' });
    for (const socket of consoles) socket.close();
  });
});

test('a user can start at most 240 attempts per hour, on either path', async () => {
  const exam = await site.admin.createExam();
  const student = await site.student();
  const { id } = await student.startSession(exam.id);
  await student.post(`/api/sessions/${id}/end`);
  const columns = sql.raw(
    'exam_id, student_id, policy, policy_version, started_at, deadline, status, ended_at, rolling_at, owner_epoch, risk_score, rolling_risk, risk_level, last_seq, last_offset',
  );
  await sql`INSERT INTO sessions (id, attempt, ${columns}) SELECT gen_random_uuid(), 1 + n, ${columns} FROM sessions, generate_series(1, 238) AS n WHERE id = ${id}::uuid`.execute(
    db,
  );
  const last = await student.startSession(exam.id);
  await student.post(`/api/sessions/${last.id}/end`);
  const body = JSON.stringify({ examId: exam.id });
  const answer = await student.send('POST', '/api/sessions', { body, headers: { 'content-type': 'application/json' } });
  expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([429, true]);
  expect((await student.send('POST', `/sessions/start?exam_id=${exam.id}`)).status).toBe(429);
});
