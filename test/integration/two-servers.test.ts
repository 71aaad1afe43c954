import { expect, test } from 'vitest';
import { signal, startAttempt } from '../support/attempt.ts';
import { createDatabase, KINDS } from '../support/databases.ts';
import { greet, RawSocket } from '../support/raw-socket.ts';
import { startTestServer } from '../support/server.ts';

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

      // And back again.
      onB.terminate();
      const again = await greet(a.url, await attempt.student.examTicket(attempt.session.id));
      again.send(signal(1, 'WINDOW_BLUR'));
      await again.next('ack');
      again.close();
    } finally {
      await Promise.all([a.close(), b.close()]);
      await database.remove();
    }
  },
);
