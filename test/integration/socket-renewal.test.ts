import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../db/executor.ts';
import type { Tokens } from '../../protocol/http/accounts.ts';
import type { Ticket } from '../../protocol/http/sessions.ts';
import { Api } from '../support/api.ts';
import { type Attempt, signal, startAttempt, watchExam } from '../support/attempt.ts';
import { FaultyDb } from '../support/faulty-db.ts';
import { greet, RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
let faulty: FaultyDb;
/** The server's clock runs ahead of ours by this much. */
let ahead = 0;
beforeAll(async () => {
  site = await startTestServer({
    overrides: { clock: () => Date.now() + ahead, db: (real: Db) => (faulty = new FaultyDb(real)).db },
  });
});
afterAll(() => site.close());

const MINUTE = 60_000;

/** The same person, logged in once more. */
async function again(first: Api): Promise<Api> {
  const api = new Api(site.url);
  await api.login(first.tokens!.user.email, "Student's password");
  return api;
}

const logout = (api: Api) => api.post('/api/auth/logout');
const ticketOf = (api: Api, { session }: Attempt): Promise<Ticket> => api.examTicket(session.id);

/** The socket's answer to what it sends after it has been given a ticket. */
async function isAlive(socket: RawSocket, seq: number): Promise<void> {
  socket.send(signal(seq));
  await socket.until(`ack ${seq}`, () => socket.of('ack').some((ack) => ack['seq'] === seq));
}

describe("a socket that is renewed with another login's ticket (C8 C9)", () => {
  test('is closed when that login ends, and not by the end of the first', async () => {
    const attempt = await startAttempt(site);
    const second = await again(attempt.student);
    const socket = await greet(site.url, await ticketOf(attempt.student, attempt));
    socket.send({ type: 'reauth', ticket: (await ticketOf(second, attempt)).ticket });
    // Its confirmation is a question that is asked before the next one.
    await isAlive(socket, 1);
    await logout(attempt.student);
    await isAlive(socket, 2);
    await logout(second);
    expect(await socket.closed()).toBe(4401);
  });

  test('on a console is closed with that login, too', async () => {
    const attempt = await startAttempt(site);
    const proctor = await site.proctor();
    const second = new Api(site.url);
    await second.login(proctor.tokens!.user.email, 'a proctor password');
    const socket = new RawSocket(site.url, await proctor.consoleTicket());
    await socket.opened();
    socket.send({ type: 'reauth', ticket: (await second.consoleTicket()).ticket });
    socket.send({ type: 'subscribe', exam: attempt.exam.id });
    await socket.next('snapshot');
    await logout(proctor);
    socket.send({ type: 'subscribe', exam: attempt.exam.id });
    await socket.next('snapshot');
    await logout(second);
    expect(await socket.closed()).toBe(4401);
  });

  test('and then again with its own belongs to the first login', async () => {
    const attempt = await startAttempt(site);
    const second = await again(attempt.student);
    const socket = await greet(site.url, await ticketOf(attempt.student, attempt));
    for (const [turn, api] of [second, attempt.student].entries()) {
      socket.send({ type: 'reauth', ticket: (await ticketOf(api, attempt)).ticket });
      await isAlive(socket, turn + 1);
    }
    await logout(second);
    await isAlive(socket, 3);
    await logout(attempt.student);
    expect(await socket.closed()).toBe(4401);
  });

  test('is refused if that login ends before the confirmation', async () => {
    const attempt = await startAttempt(site);
    const second = await again(attempt.student);
    const socket = await greet(site.url, await ticketOf(attempt.student, attempt));
    const { ticket } = await ticketOf(second, attempt);
    await logout(second);
    socket.send({ type: 'reauth', ticket });
    expect(await socket.closed()).toBe(4401);
  });
});

describe('a socket that is renewed while the database is away (C8 S8)', () => {
  test('stays open and continues with the new login when the database is up', async () => {
    const attempt = await startAttempt(site);
    const second = await again(attempt.student);
    const socket = await greet(site.url, await ticketOf(attempt.student, attempt));
    const { ticket } = await ticketOf(second, attempt);
    faulty.fail('gone');
    try {
      socket.send({ type: 'reauth', ticket });
      await sleep(1200);
      expect([socket.closeCode, socket.of('error')]).toEqual([undefined, []]);
    } finally {
      faulty.mend();
    }
    await isAlive(socket, 1);
    // Within the longest wait between two tries.
    await sleep(2500);
    await logout(attempt.student);
    await isAlive(socket, 2);
    await logout(second);
    expect(await socket.closed()).toBe(4401);
  });

  test('stays open for at most five minutes beyond the end of its login, on a console, too', async () => {
    const attempt = await startAttempt(site);
    const socket = await greet(site.url, await ticketOf(attempt.student, attempt));
    const proctor = await watchExam(site, attempt.exam.id);
    ahead += 14 * MINUTE;
    try {
      attempt.student.tokens = await attempt.student.post<Tokens>('/api/auth/refresh', {
        refreshToken: attempt.student.tokens!.refreshToken,
      });
      const { ticket } = await ticketOf(attempt.student, attempt);
      faulty.fail('gone');
      socket.send({ type: 'reauth', ticket });
      await sleep(300);
      ahead += 2 * MINUTE;
      // Whoever has shown no ticket has no grace.
      expect(await proctor.closed()).toBe(4401);
      expect(socket.closeCode).toBeUndefined();
      ahead += 5 * MINUTE;
      expect(await socket.closed()).toBe(4401);
    } finally {
      faulty.mend();
      ahead = 0;
    }
  });

  test('with a made-up ticket is closed at once', async () => {
    const attempt = await startAttempt(site);
    const socket = await greet(site.url, await ticketOf(attempt.student, attempt));
    faulty.fail('gone');
    try {
      socket.send({ type: 'reauth', ticket: 'A'.repeat(124) });
      expect(await socket.closed()).toBe(4401);
    } finally {
      faulty.mend();
    }
  });
});
