import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import { signal, startAttempt } from '../support/attempt.ts';
import { createDatabase, KINDS } from '../support/databases.ts';
import { greet, RawSocket } from '../support/raw-socket.ts';
import { startTestServer, waitFor } from '../support/server.ts';

const postgres = KINDS.find(({ kind }) => kind === 'postgres')!;

test.runIf(postgres.available)(
  `a server that lost a session to another server neither writes nor acknowledges, on ${postgres.title}`,
  async () => {
    const database = await createDatabase('postgres');
    const [a, b] = [await startTestServer({ database }), await startTestServer({ database })];
    try {
      const attempt = await startAttempt(a);
      const onA = await attempt.connect();
      const { stream } = onA.of('welcome')[0]!;
      onA.send(signal(1));
      await onA.next('ack');

      // The tickets of one server open sockets on the other: both look at the same rows.
      const onB = new RawSocket(b.url, await attempt.student.examTicket(attempt.session.id));
      await onB.opened();
      onB.send({ type: 'hello', resume: { stream, lastSeq: 1 } });
      expect(await onB.next('welcome')).toMatchObject({ stream, lastAck: 1 });

      onA.send(signal(2, 'PASTE'));
      expect(await onA.closed()).toBe(4409);
      expect(onA.of('ack').length).toBe(1);

      onB.send(signal(2, 'COPY'));
      await onB.until('ack', () => onB.of('ack').some((message) => message['seq'] === 2));
      const types = (await attempt.types()).filter((type) => !type.startsWith('CONNECTION'));
      expect(types).toEqual(['TAB_SWITCH', 'COPY']);

      // And back again. Nothing is sent on the older socket: it is noticed all the same.
      const again = await greet(a.url, await attempt.student.examTicket(attempt.session.id));
      again.send(signal(1, 'WINDOW_BLUR'));
      await again.next('ack');
      expect(await onB.closed()).toBe(4409);
      again.close();
    } finally {
      await Promise.all([a.close(), b.close()]);
      await database.remove();
    }
  },
);

test.runIf(postgres.available)(
  `without a bus, a server refuses with words what only the owner of a session can do, and the student stays, on ${postgres.title}`,
  async () => {
    const database = await createDatabase('postgres');
    const [a, b] = [await startTestServer({ database }), await startTestServer({ database })];
    try {
      const attempt = await startAttempt(a);
      const onA = await attempt.connect();
      const console_ = new RawSocket(b.url, await (await b.proctor()).consoleTicket());
      await console_.opened();
      console_.send({ type: 'command', session: attempt.session.id, do: 'message', text: 'Look at me' });
      expect(await console_.next('error')).toMatchObject({
        code: 'unavailable',
        retryable: true,
        ref: attempt.session.id,
        message: expect.stringContaining('NATS_URL'),
      });
      const own = b.api();
      own.tokens = attempt.student.tokens;
      const event = { sessionId: attempt.session.id, type: 'TAB_SWITCH' };
      await expect(own.post('/api/proctoring/event', event)).rejects.toMatchObject({
        status: 503,
        code: 'unavailable',
      });
      await expect(b.admin.post(`/api/sessions/${attempt.session.id}/end`, {})).rejects.toMatchObject({ status: 503 });

      onA.send(signal(1));
      expect(await onA.next('ack')).toMatchObject({ seq: 1 });
      expect(onA.isOpen).toBe(true);
      expect(await attempt.types()).toEqual(['TAB_SWITCH']);

      // A stopped server has no sessions.
      await a.close();
      await b.admin.post(`/api/sessions/${attempt.session.id}/end`, {});
      expect((await own.events(attempt.session.id)).map(({ type }) => type)).toContain('TAB_SWITCH');
    } finally {
      await Promise.all([a.close(), b.close()]);
      await database.remove();
    }
  },
);

test.runIf(postgres.available)(
  `a session whose owner's lease is over is taken over by who asks, and its student is told to go on there, on ${postgres.title}`,
  async () => {
    const database = await createDatabase('postgres');
    const [a, b] = [await startTestServer({ database }), await startTestServer({ database })];
    const opened = await openDatabase({ url: database.url, dataDir: database.dataDir });
    try {
      const attempt = await startAttempt(a);
      const onA = await attempt.connect();
      const { stream } = onA.of('welcome')[0]!;
      onA.send(signal(1));
      await onA.next('ack');

      // As if its process had been stopped for a while.
      const { owner_node } = await opened.db.selectFrom('sessions').select('owner_node').executeTakeFirstOrThrow();
      await sql`UPDATE nodes SET heartbeat_at = clock_timestamp() - interval '11 s' WHERE id = ${owner_node}::uuid`.execute(
        opened.db,
      );
      const console_ = new RawSocket(b.url, await (await b.proctor()).consoleTicket());
      await console_.opened();
      await waitFor('the command', async () => {
        // Its next heartbeat may have come before the command.
        await sql`UPDATE nodes SET heartbeat_at = clock_timestamp() - interval '11 s' WHERE id = ${owner_node}::uuid`.execute(
          opened.db,
        );
        console_.send({ type: 'command', session: attempt.session.id, do: 'message', text: 'Go on' });
        await new Promise((resolve) => setTimeout(resolve, 200));
        return (await attempt.types()).includes('PROCTOR_MESSAGE');
      });
      expect(await onA.closed()).toBe(4412);

      const onB = await greet(b.url, await attempt.student.examTicket(attempt.session.id), {
        resume: { stream, lastSeq: 1 },
      });
      expect(onB.of('welcome')[0]).toMatchObject({ stream, lastAck: 1 });
      onB.send(signal(2, 'COPY'));
      await onB.next('ack');
      onB.close();
    } finally {
      await opened.close();
      await Promise.all([a.close(), b.close()]);
      await database.remove();
    }
  },
);
