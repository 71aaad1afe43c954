import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import type { AuditEntry } from '../../protocol/http/audit.ts';
import { uuidv7 } from 'uuidv7';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { Clockwork, evidenceOf, FaultyStore, leaveAndReturn, startWatched } from '../support/picture-site.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

const DAY_MS = 24 * 3_600_000;

describe.for(KINDS)('on $title', ({ kind, available }) => {
  let database: TestDatabase;
  let store: FaultyStore;
  let clock: Clockwork;
  beforeEach(async () => {
    if (available) database = await createDatabase(kind, 'admin');
    store = new FaultyStore();
    clock = new Clockwork();
  });
  afterEach(() => database?.remove());

  const start = (vision = false) =>
    startTestServer({ database, overrides: { clock: clock.read, evidenceStore: store }, vision });

  /** A session that is over, with two pictures of its incident. */
  async function sitting(site: TestServer, policy: Parameters<typeof startWatched>[1]) {
    const at = await startWatched(site, policy);
    await leaveAndReturn(at, clock);
    await at.student.post(`/api/sessions/${at.session.id}/end`);
    const [event] = await at.events();
    await waitFor('two pictures', async () => (await evidenceOf(site.admin, event!.id)).length === 2);
    return { at, event: event!, pictures: await evidenceOf(site.admin, event!.id) };
  }

  /** What is left of keys and rows. */
  async function left() {
    const { db, close } = await openDatabase(database);
    const keys = await db.selectFrom('session_keys').select('session_id').execute();
    const rows = await db.selectFrom('evidence').select('session_id').execute();
    const sessions = await db.selectFrom('sessions').select('id').execute();
    await close();
    return {
      keys: keys.map((row) => row.session_id),
      rows: rows.map((row) => row.session_id),
      sessions: sessions.map((row) => row.id).toSorted(),
    };
  }

  test.runIf(available)(
    'pictures go after their days, and no earlier: key, objects and rows; the session stays as long as it has to',
    async () => {
      let site = await start(true);
      const short = await sitting(site, { retentionDays: 180, evidence: { retentionDays: 30 } });
      const long = await sitting(site, { retentionDays: 180 });
      await site.close();

      clock.now += 29 * DAY_MS;
      site = await start();
      expect((await evidenceOf(site.admin, short.event.id)).length).toBe(2);
      await site.close();
      expect(store.objects.size).toBe(4);

      clock.now += 2 * DAY_MS;
      site = await start();
      await waitFor('the rows to go', async () => (await evidenceOf(site.admin, short.event.id)).length === 0);
      expect(await site.admin.send('GET', `/api/evidence/${short.pictures[0]!.id}`)).toMatchObject({ status: 404 });
      expect((await evidenceOf(site.admin, long.event.id)).length).toBe(2);
      const { items } = await site.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/attempt/${short.at.session.id}`);
      expect(items.filter(({ eventType }) => eventType === 'EVIDENCE_DELETED')).toMatchObject([
        { actor: null, payload: '{"pictures":2}' },
      ]);
      await site.close();
      expect([...store.objects.keys()].toSorted()).toEqual(long.pictures.map(({ id }) => id).toSorted());
      expect(await left()).toEqual({
        keys: [long.at.session.id],
        rows: [long.at.session.id, long.at.session.id],
        sessions: [short.at.session.id, long.at.session.id].toSorted(),
      });

      clock.now += 150 * DAY_MS;
      site = await start();
      await waitFor('all to go', async () => store.objects.size === 0);
      await waitFor(
        'the sessions to go',
        async () => (await site.admin.get<{ items: unknown[] }>('/api/sessions')).items.length === 0,
      );
      await site.close();
      expect(await left()).toEqual({ keys: [], rows: [], sessions: [] });
    },
  );

  test.runIf(available)(
    'a store that does not remove them: they cannot be read any more, and are removed when it does',
    async () => {
      let site = await start(true);
      const { event, pictures } = await sitting(site, { retentionDays: 30 });
      const running = await sitting(site, { retentionDays: 180 });
      await site.close();
      store.fault = 'fails';
      clock.now += 31 * DAY_MS;
      site = await start();
      await waitFor(
        'the key to go',
        async () => (await site.admin.send('GET', `/api/evidence/${pictures[0]!.id}`)).status === 404,
      );
      await waitFor(
        'the session to go',
        async () => (await site.admin.get<{ items: unknown[] }>('/api/sessions')).items.length === 1,
      );
      expect(await site.admin.send('GET', `/api/events/${event.id}/evidence`)).toMatchObject({ status: 404 });
      await site.close();
      expect(store.objects.size).toBe(4);
      store.mend();
      // Their rows went with the session: they belong to nothing now.
      site = await start();
      await waitFor('the objects to go', async () => store.objects.size === 2);
      await site.close();
      expect([...store.objects.keys()].toSorted()).toEqual(running.pictures.map(({ id }) => id).toSorted());
    },
  );

  test.runIf(available)('an object that the store cannot delete does not block others', async () => {
    let site = await start(true);
    const { pictures } = await sitting(site, { retentionDays: 180, evidence: { retentionDays: 30 } });
    await site.close();
    const [stuck] = pictures;
    store.stuck = stuck!.id;
    clock.now += 31 * DAY_MS;
    site = await start();
    await waitFor('the other to go', () => store.objects.size === 1);
    await site.close();
    expect([...store.objects.keys()]).toEqual([stuck!.id]);
    expect((await left()).rows.length).toBe(1);
  });

  test.runIf(available)('objects are deleted with their exam', async () => {
    const site = await start(true);
    const { at } = await sitting(site, {});
    await site.admin.request('PATCH', `/api/exams/${at.exam.id}/status`, { status: 'completed' });
    await site.admin.request('PATCH', `/api/exams/${at.exam.id}/status`, { status: 'archived' });
    await site.admin.request('DELETE', `/api/exams/${at.exam.id}`);
    await waitFor('the objects to go', () => store.objects.size === 0);
    await site.close();
    expect(await left()).toEqual({ keys: [], rows: [], sessions: [] });
  });

  test.runIf(available)('an object without a row is deleted after a day, not earlier', async () => {
    const [old, fresh] = [uuidv7(), uuidv7()];
    store.objects.set(old, { bytes: new Uint8Array(1), storedAt: clock.now - DAY_MS });
    store.objects.set(fresh, { bytes: new Uint8Array(1), storedAt: clock.now - DAY_MS + 60_000 });
    const site = await start();
    await waitFor('the sweep', () => !store.objects.has(old));
    await site.close();
    expect([...store.objects.keys()]).toEqual([fresh]);
  });
});
