import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Db } from '../../db/executor.ts';
import { findSession } from '../../db/sessions.ts';
import { createLog } from '../../server/log.ts';
import { startRetention } from '../../server/session/record/retention.ts';
import { type Attempt, startAttempt } from '../support/attempt.ts';
import { ManualTime } from '../support/manual-time.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

let site: TestServer;
let db: Db;
const time = new ManualTime();
beforeAll(async () => {
  site = await startTestServer({
    overrides: { clock: time.clock, timers: time.timers, db: (real: Db) => (db = real) },
  });
  await sql`CREATE TABLE refused (id uuid, act text)`.execute(db);
  await sql`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM refused WHERE id = OLD.id AND act = TG_OP) THEN RAISE EXCEPTION 'refused by a test'; END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$`.execute(db);
  await sql`CREATE TRIGGER refuse BEFORE UPDATE OR DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION refuse()`.execute(
    db,
  );
});
afterAll(() => site.close());

const refuse = ({ session }: Attempt, act: 'UPDATE' | 'DELETE') =>
  sql`INSERT INTO refused VALUES (${session.id}, ${act})`.execute(db);
const status = async ({ session }: Attempt) => (await findSession(db, session.id))?.status;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

test('a session that the database refuses to delete does not block the deletion of other expired ones', async () => {
  const attempts: Attempt[] = [];
  for (let i = 0; i < 3; i++) attempts.push(await startAttempt(site));
  for (const { student, session } of attempts) await student.post(`/api/sessions/${session.id}/end`);
  await refuse(attempts[0]!, 'DELETE');
  const nothing = () => Promise.resolve(0);
  const stop = startRetention({
    db,
    pictures: { expire: nothing, sweep: nothing, discard: () => {} },
    checkIns: { expire: nothing, forget: nothing },
    addresses: { expire: nothing },
    clock: () => time.now + 3651 * DAY_MS,
    log: createLog('silent'),
  });
  try {
    await waitFor('the others gone', async () =>
      (await Promise.all(attempts.slice(1).map(status))).every((is) => is === undefined),
    );
    expect(await status(attempts[0]!)).toBe('ended');
    const deleted = await db
      .selectFrom('audit_entries')
      .select('entity_id')
      .where('event_type', '=', 'SESSION_DELETED')
      .execute();
    expect(deleted.map(({ entity_id: id }) => id)).not.toContain(attempts[0]!.session.id);
  } finally {
    stop();
    await sql`DELETE FROM refused`.execute(db);
  }
});

test('refused changes of one session do not block other sessions', async () => {
  const [bad, good] = [await startAttempt(site), await startAttempt(site)];
  const [badSocket, goodSocket] = [await bad.connect(), await good.connect()];
  await refuse(bad, 'UPDATE');
  const signal = { type: 'signal', seq: 1, signal: 'COPY', at: new Date().toISOString() };
  badSocket.send(signal);
  goodSocket.send(signal);
  await goodSocket.next('ack');
  expect(await badSocket.closed()).toBe(1011);
  expect(badSocket.of('ack')).toEqual([]);
  await sql`DELETE FROM refused`.execute(db);
  goodSocket.close();
});

// Last: logins do not outlive its times.
test('a session that the database refuses to end does not block other overdue ones, and is ended once possible', async () => {
  const attempts: Attempt[] = [];
  for (let i = 0; i < 4; i++) attempts.push(await startAttempt(site, {}, { durationMinutes: 1 }));
  const [bad, ...good] = attempts as [Attempt, ...Attempt[]];
  await refuse(bad, 'UPDATE');
  await waitFor('the end of the others', async () => {
    time.advance(MINUTE_MS);
    return (await Promise.all(good.map(status))).every((is) => is === 'ended');
  });
  expect(await status(bad)).toBe('active');
  await sql`DELETE FROM refused`.execute(db);
  await waitFor('its own end', async () => {
    time.advance(MINUTE_MS);
    return (await status(bad)) === 'ended';
  });
});
