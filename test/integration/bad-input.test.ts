import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeFrame } from '../../protocol/frame.ts';
import type { Ticket } from '../../protocol/http/sessions.ts';
import { systemTimers } from '../../server/clock.ts';
import { type Attempt, signal, startAttempt } from '../support/attempt.ts';
import { ManualTime } from '../support/manual-time.ts';
import { claimsSize, jpeg, png } from '../support/pictures.ts';
import { greet, RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

let site: TestServer;
/** The server's clock runs ahead of ours by this much. */
let ahead = 0;
/** Moves what the server waits for once; its periodic work goes on by itself. */
const waits = new ManualTime();
/** Somebody else's session, which must notice nothing of all this. */
let bystander: Attempt;
let bystanderSocket: RawSocket;
let bystanderSeq = 0;

beforeAll(async () => {
  site = await startTestServer({
    overrides: { clock: () => Date.now() + ahead, timers: { every: systemTimers.every, after: waits.timers.after } },
    vision: true,
  });
  bystander = await startAttempt(site);
  bystanderSocket = await bystander.connect();
});
afterAll(() => site.close());

interface Refused {
  readonly status: number;
  readonly code: string;
}

/** Each row: what is done, and the stated answer. */
const AT_THE_DOOR: readonly { name: string; expected: Refused; open: (attempt: Attempt) => Promise<RawSocket> }[] = [
  {
    name: 'a wrong ticket is refused before the 101 (C3)',
    expected: { status: 401, code: 'bad_ticket' },
    open: async () => new RawSocket(site.url, { ticket: 'A'.repeat(43), url: '/ws/exam' }),
  },
  {
    name: 'a used ticket is refused before the 101 (C3)',
    expected: { status: 401, code: 'bad_ticket' },
    open: async ({ student, session }) => {
      const ticket = await student.examTicket(session.id);
      (await greet(site.url, ticket)).close();
      return new RawSocket(site.url, ticket);
    },
  },
  {
    name: 'a ticket that is 31 s old is refused before the 101 (C3)',
    expected: { status: 401, code: 'bad_ticket' },
    open: async ({ student, session }) => {
      const ticket = await student.examTicket(session.id);
      ahead += 31_000;
      return new RawSocket(site.url, ticket);
    },
  },
  {
    name: 'an exam ticket does not open a console (C3)',
    expected: { status: 401, code: 'bad_ticket' },
    open: async ({ student, session }) =>
      new RawSocket(site.url, { ...(await student.examTicket(session.id)), url: '/ws/console' }),
  },
  {
    name: 'a foreign Origin is refused before the 101, and its ticket is not used up (C4)',
    expected: { status: 403, code: 'bad_origin' },
    open: async ({ student, session }) => {
      const ticket: Ticket = await student.examTicket(session.id);
      const foreign = new RawSocket(site.url, ticket, { origin: 'https://evil.example' });
      await foreign.refused();
      (await greet(site.url, ticket)).close();
      return foreign;
    },
  },
];

interface Answer {
  /** Code of the `error` that answers; none for a plain close. */
  readonly error?: string;
  /** Close code; none when the socket stays. */
  readonly close?: number;
}

const ON_THE_SOCKET: readonly {
  name: string;
  expected: Answer;
  greeted?: false;
  act: (socket: RawSocket, attempt: Attempt) => void | Promise<void>;
}[] = [
  {
    name: 'text instead of a frame (T2)',
    expected: { error: 'bad_message', close: 4400 },
    act: (socket) => socket.send('\xff\xd8 not json'),
  },
  {
    name: 'an unknown type (T1)',
    expected: { error: 'bad_message', close: 4400 },
    act: (socket) => socket.send({ type: 'frame' }),
  },
  {
    name: 'an unknown field (T1)',
    expected: { error: 'bad_message', close: 4400 },
    act: (socket) => socket.send({ ...signal(1), admin: true }),
  },
  {
    name: 'a text of 17 KiB (T1)',
    expected: { error: 'bad_message', close: 4400 },
    act: (socket) => socket.send({ ...signal(1), data: { a: 'x'.repeat(17 * 1024) } }),
  },
  {
    name: 'a frame before hello (C5)',
    expected: { error: 'hello_expected', close: 4400 },
    greeted: false,
    act: (socket) => socket.sendFrame(1, jpeg()),
  },
  {
    name: 'a signal before hello (C5)',
    expected: { error: 'hello_expected', close: 4400 },
    greeted: false,
    act: (socket) => socket.send(signal(1)),
  },
  {
    name: 'a second hello (C5)',
    expected: { error: 'already_greeted', close: 4400 },
    act: (socket) => socket.send({ type: 'hello' }),
  },
  {
    name: 'resuming a stream that is not there (S1)',
    expected: { error: 'unknown_stream', close: 4400 },
    greeted: false,
    act: (socket) =>
      socket.send({ type: 'hello', resume: { stream: '01a20128-b3ea-75c2-965a-5ede413d3d6b', lastSeq: 3 } }),
  },
  {
    name: 'a frame of 257 KiB (F2)',
    expected: { error: 'frame_too_large', close: 4400 },
    act: (socket) => socket.sendFrame(1, new Uint8Array(257 * 1024)),
  },
  {
    name: 'a frame header of another version (F1)',
    expected: { error: 'bad_frame_header', close: 4400 },
    act: (socket) => socket.sendBytes(new Uint8Array(64).fill(9)),
  },
  {
    name: 'a truncated JPEG (F5)',
    expected: { error: 'invalid_image' },
    act: (socket) => socket.sendFrame(1, jpeg().subarray(0, 3000)),
  },
  { name: 'a PNG named JPEG (F5)', expected: { error: 'invalid_image' }, act: (socket) => socket.sendFrame(1, png()) },
  {
    name: 'a JPEG header of 16000x16000 (F5)',
    expected: { error: 'invalid_image' },
    act: (socket) => socket.sendFrame(1, claimsSize(16_000, 16_000)),
  },
  {
    name: 'a frame number that goes back (F3)',
    expected: { error: 'frame_out_of_order' },
    act: (socket) => {
      socket.sendFrame(7, jpeg(1));
      socket.sendFrame(6, jpeg(2));
    },
  },
  {
    name: 'a signal number that goes back, with another body (S5)',
    expected: { error: 'sequence_conflict' },
    act: async (socket) => {
      socket.send(signal(1));
      await socket.next('ack');
      socket.send(signal(1, 'PASTE'));
    },
  },
  {
    name: 'a signal number that leaves a hole (S2)',
    expected: { error: 'bad_sequence', close: 4400 },
    act: (socket) => socket.send(signal(2)),
  },
  {
    name: 'a signal number beyond the window (S6)',
    expected: { error: 'window_exceeded', close: 4429 },
    act: (socket) => socket.send(signal(65)),
  },
  {
    name: 'a signal that only the server may report (S7)',
    expected: { error: 'reserved_signal' },
    act: (socket) => socket.send(signal(1, 'CONNECTION_RESTORED')),
  },
  {
    name: 'a second socket of the session: the older one is closed (C7)',
    expected: { close: 4409 },
    act: async (_socket, attempt) => {
      await attempt.connect();
    },
  },
  {
    name: 'a message for a session that ended (X2)',
    expected: { error: 'session_over', close: 4410 },
    act: (socket) => {
      socket.send({ type: 'finish' });
      socket.send(signal(1));
    },
  },
];

/** The bystander's socket is open and its signals are stored. */
async function expectUndisturbed(): Promise<void> {
  bystanderSeq += 1;
  bystanderSocket.send(signal(bystanderSeq));
  await bystanderSocket.until('ack', () =>
    bystanderSocket.messages.some((message) => message.type === 'ack' && message['seq'] === bystanderSeq),
  );
  expect(bystanderSocket.isOpen).toBe(true);
  expect(bystanderSocket.of('error')).toEqual([]);
}

describe('before the upgrade', () => {
  for (const row of AT_THE_DOOR) {
    test(row.name, async () => {
      const socket = await row.open(await startAttempt(site));
      expect(await socket.refused()).toEqual(row.expected);
      await expectUndisturbed();
    });
  }
});

describe('on the exam socket', () => {
  for (const row of ON_THE_SOCKET) {
    test(`${row.name}: ${row.expected.error ?? ''} ${row.expected.close ?? 'stays open'}`, async () => {
      const attempt = await startAttempt(site);
      const ticket = await attempt.student.examTicket(attempt.session.id);
      const socket = new RawSocket(site.url, ticket);
      await socket.opened();
      expect(socket.protocol).toBe('invigil.v1');
      if (row.greeted !== false) {
        socket.send({ type: 'hello' });
        await socket.next('welcome');
      }
      await row.act(socket, attempt);
      if (row.expected.error) expect(await socket.next('error')).toMatchObject({ code: row.expected.error });
      if (row.expected.close) expect(await socket.closed()).toBe(row.expected.close);
      else await expectStillServed(socket, attempt);
      await expectUndisturbed();
    });
  }

  /** What was wrong is forgotten: the next good frame is looked at. */
  async function expectStillServed(socket: RawSocket, attempt: Attempt): Promise<void> {
    ahead += 1000;
    socket.sendFrame(100, jpeg(3));
    await socket.until('analysis', () => socket.of('analysis').some((message) => message['frame'] === 100));
    expect(socket.isOpen).toBe(true);
    socket.close();
    await waitFor('CONNECTION_LOST', async () => (await attempt.types()).includes('CONNECTION_LOST'));
  }
});

describe('stored records of bad input', () => {
  test('a takeover is recorded, and the newer socket stays connected (C7)', async () => {
    const attempt = await startAttempt(site);
    const older = await attempt.connect();
    older.send(signal(1));
    await older.next('ack');
    const newer = await attempt.connect();
    expect(await older.closed()).toBe(4409);
    newer.send(signal(1));
    await newer.next('ack');
    expect(await attempt.types()).toEqual(['TAB_SWITCH', 'SESSION_TAKEOVER', 'TAB_SWITCH']);
    newer.close();
  });

  test('a client that greets once more, since its welcome was lost, takes nothing over (C7)', async () => {
    const attempt = await startAttempt(site);
    const deaf = await attempt.connect();
    const again = await attempt.connect();
    expect(await deaf.closed()).toBe(4409);
    again.send(signal(1));
    await again.next('ack');
    expect(await attempt.types()).toEqual(['CONNECTION_LOST', 'CONNECTION_RESTORED', 'TAB_SWITCH']);
    again.close();
  });

  const resume = async (ticket: Ticket, stream: unknown, lastSeq: number) => {
    const socket = new RawSocket(site.url, ticket);
    await socket.opened();
    socket.send({ type: 'hello', resume: { stream, lastSeq } });
    expect(await socket.next('welcome')).toMatchObject({ stream, lastAck: lastSeq });
    return socket;
  };

  test('a reconnect that resumes the stream under the same login is a gap and no takeover (C7 E6)', async () => {
    const attempt = await startAttempt(site);
    const older = await attempt.connect();
    const { stream } = older.of('welcome')[0]!;
    older.send(signal(1));
    await older.next('ack');
    const newer = await resume(await attempt.student.examTicket(attempt.session.id), stream, 1);
    expect(await older.closed()).toBe(4409);
    newer.send(signal(2));
    await newer.next('ack');
    expect(await attempt.types()).toEqual(['TAB_SWITCH', 'CONNECTION_LOST', 'CONNECTION_RESTORED', 'TAB_SWITCH']);
    const lost = (await attempt.events())[1]!;
    expect(lost.endedAt).not.toBeNull();
    expect(lost.durationMs).toBeLessThanOrEqual(30_000);
    newer.close();
  });

  test('the stream resumed under another login of the student is a takeover (C7)', async () => {
    const attempt = await startAttempt(site);
    const older = await attempt.connect();
    const { stream } = older.of('welcome')[0]!;
    older.send(signal(1));
    await older.next('ack');
    const { email } = await attempt.student.get<{ email: string }>('/api/auth/me');
    const elsewhere = site.api();
    await elsewhere.login(email, "Student's password");
    const newer = await resume(await elsewhere.examTicket(attempt.session.id), stream, 1);
    expect(await older.closed()).toBe(4409);
    newer.send(signal(2));
    await newer.next('ack');
    expect(await attempt.types()).toEqual(['TAB_SWITCH', 'SESSION_TAKEOVER', 'TAB_SWITCH']);
    newer.close();
  });

  test('a reused sequence number is recorded beside the first signal (S5)', async () => {
    const attempt = await startAttempt(site);
    const socket = await attempt.connect();
    socket.send(signal(1));
    await socket.next('ack');
    socket.send(signal(1, 'PASTE'));
    await socket.next('error');
    await waitFor('SEQUENCE_CONFLICT', async () => (await attempt.types()).length === 2);
    expect(await attempt.types()).toEqual(['TAB_SWITCH', 'SEQUENCE_CONFLICT']);
    socket.close();
  });

  test('an invalid image is one zero-weight incident that ends with the next valid frame (F5)', async () => {
    const attempt = await startAttempt(site);
    const socket = await attempt.connect();
    socket.sendFrame(1, png());
    await socket.next('error');
    ahead += 1000;
    socket.sendFrame(2, jpeg());
    await socket.until('closed incident', () =>
      socket.of('event').some((message) => (message['event'] as { endedAt: string | null }).endedAt !== null),
    );
    expect(await attempt.events()).toMatchObject([{ type: 'INVALID_IMAGE', weight: 0, source: 'vision' }]);
    socket.close();
  });

  test('frames over three times the rate for 10 s close the socket (F7)', async () => {
    const attempt = await startAttempt(site);
    const socket = await attempt.connect();
    const bytes = jpeg();
    let seq = 0;
    const flood = setInterval(() => {
      ahead += 50;
      if (socket.isOpen) socket.sendBytes(encodeFrame({ seq: ++seq, capturedAt: 0 }, bytes));
    }, 5);
    try {
      await socket.until('close', () => socket.closeCode !== undefined);
      expect(socket.closeCode).toBe(4429);
      expect(socket.of('error').at(-1)).toMatchObject({ code: 'too_many_frames' });
    } finally {
      clearInterval(flood);
    }
    await expectUndisturbed();
  });

  test('no hello within 5 s closes the socket (C5)', async () => {
    const attempt = await startAttempt(site);
    const socket = new RawSocket(site.url, await attempt.student.examTicket(attempt.session.id));
    await socket.opened();
    waits.advance(4999);
    await expectUndisturbed();
    expect(socket.isOpen).toBe(true);
    waits.advance(1);
    expect(await socket.closed()).toBe(4408);
  });

  test('a ticket for a session that ended is refused (X2)', async () => {
    const attempt = await startAttempt(site);
    await attempt.student.post(`/api/sessions/${attempt.session.id}/end`);
    await expect(attempt.student.examTicket(attempt.session.id)).rejects.toMatchObject({
      status: 409,
      code: 'session_over',
    });
  });

  test('the session of another student is not_found', async () => {
    const attempt = await startAttempt(site);
    const other = await site.student();
    const { id } = attempt.session;
    for (const request of [
      () => other.get(`/api/sessions/${id}`),
      () => other.post(`/api/sessions/${id}/end`),
      () => other.examTicket(id),
      () => other.events(id),
    ]) {
      await expect(request()).rejects.toMatchObject({ status: 404, code: 'not_found' });
    }
  });
});
