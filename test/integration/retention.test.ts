import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import { deleteExpiredSessions } from '../../db/retention.ts';
import { signal, startAttempt } from '../support/attempt.ts';
import { createDatabase, KINDS } from '../support/databases.ts';
import { startTestServer } from '../support/server.ts';

const DAY_MS = 24 * 3_600_000;

describe.for(KINDS)('retention on $title', ({ kind, available }) => {
  test.runIf(available)(
    'an ended session is deleted with its events after the retention days of its policy, not earlier, and a running one is kept',
    async () => {
      const database = await createDatabase(kind);
      const site = await startTestServer({ database });
      const attempt = await startAttempt(site, { retentionDays: 30 });
      const running = await startAttempt(site, { retentionDays: 1 });
      const socket = await attempt.connect();
      socket.send(signal(1));
      await socket.next('ack');
      socket.send({ type: 'finish' });
      await socket.closed();
      await site.close();

      const opened = await openDatabase({ url: database.url, dataDir: database.dataDir });
      const { db } = opened;
      const ids = async () => (await db.selectFrom('sessions').select('id').execute()).map((row) => row.id).sort();
      const expire = (days: number) =>
        db.transaction().execute((tx) => deleteExpiredSessions(tx, new Date(Date.now() + days * DAY_MS), 10));
      expect(await expire(29)).toEqual([]);
      expect(await ids()).toEqual([attempt.session.id, running.session.id].sort());
      expect(await expire(31)).toEqual([attempt.session.id]);
      expect(await ids()).toEqual([running.session.id]);
      expect(await db.selectFrom('events').selectAll().execute()).toEqual([]);
      await opened.close();
      await database.remove();
    },
  );
});
