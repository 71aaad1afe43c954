import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import type { CheckInRecord } from '../../protocol/http/check-in.ts';
import type { PolicyInput } from '../../protocol/policy.ts';
import { exportLog } from '../../server/audit/commands/export-command.ts';
import { verifyExport } from '../../server/audit/export/verify.ts';
import { readStore } from '../../server/config.ts';
import type { Api } from '../support/api.ts';
import {
  comeIn,
  decide,
  myCheckIn,
  openCheckIn,
  pictureBytes,
  readCheckIn,
  staffPicture,
  submit,
  take,
  takeRoom,
} from '../support/check-in-site.ts';
import { createDatabase, KINDS, type TestDatabase } from '../support/databases.ts';
import { Clockwork, FaultyStore } from '../support/picture-site.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { appeal, judge, release } from '../support/verdict-site.ts';

const DAY_MS = 24 * 3_600_000;
const ALL: PolicyInput = { checkIn: { photo: true, document: true, room: true, keepDays: 3 } };

describe.for(KINDS)('pictures of check-ins, on $title', ({ kind, available }) => {
  let database: TestDatabase;
  let store: FaultyStore;
  let clock: Clockwork;
  let site: TestServer;
  beforeEach(async () => {
    if (!available) return;
    database = await createDatabase(kind, 'admin');
    store = new FaultyStore();
    clock = new Clockwork();
    site = await start();
  });
  afterEach(async () => {
    await site?.close();
    await database?.remove();
  });

  const start = () => startTestServer({ database, overrides: { clock: clock.read, evidenceStore: store } });

  /** The next start is days later: retention runs at it. */
  async function later(days: number): Promise<void> {
    await site.close();
    clock.now += days * DAY_MS;
    site = await start();
  }

  /** A student in the waiting room with everything, of an exam that opens again days later. */
  async function showAll(policy = ALL): Promise<{ student: Api; exam: { id: string }; id: string }> {
    const exam = await site.admin.createExam(policy);
    const student = await site.student();
    await openCheckIn(student, exam);
    await take(student, exam, 'photo');
    await take(student, exam, 'document');
    await takeRoom(student, exam, clock, 8);
    const { checkIn } = await submit(student, exam);
    return { student, exam, id: checkIn!.id };
  }

  async function left() {
    const { db, close } = await openDatabase(database);
    const rows = await db.selectFrom('check_in_pictures').select(['kind', 'object_key']).execute();
    const checkIns = await db.selectFrom('check_ins').select('id').execute();
    await close();
    return {
      kinds: [...new Set(rows.map(({ kind: of }) => of))].toSorted(),
      rows: rows.map(({ object_key }) => object_key).toSorted(),
      objects: [...store.objects.keys()].toSorted(),
      checkIns: checkIns.length,
    };
  }

  const entries = async (exam: string) =>
    (
      await site.admin.get<{ items: { eventType: string; payload: string }[] }>(
        `/api/blockchain/entity/exam/${exam}?limit=200`,
      )
    ).items
      .filter(({ eventType }) => /CHECK_IN_(ERASED|DELETED|WITHDRAWN)/.test(eventType))
      .map(({ eventType, payload }) => {
        const { pictures, reason } = JSON.parse(payload) as { pictures?: number; reason?: string };
        return [eventType, pictures, reason];
      });

  test.runIf(available)('are erased with the enrolment, without which nobody starts the exam', async () => {
    const exam = await site.admin.createExam({ checkIn: { photo: true } }, { openTo: 'enrolled' });
    const student = await site.student();
    const enrolment = `/api/exams/${exam.id}/students/${student.userId}`;
    const enrol = () => site.admin.request('PUT', enrolment, { room: 'A' });
    await enrol();
    const { id } = await comeIn(student, exam);
    await site.admin.request('DELETE', enrolment);
    await waitFor('no object', () => Promise.resolve(store.objects.size === 0));
    expect(await site.admin.get(`/api/check-ins/waiting`)).toMatchObject({ waiting: 0 });
    await expect(decide(site.admin, id, 'admit')).rejects.toMatchObject({ code: 'check_in_state' });
    await expect(myCheckIn(student, exam)).rejects.toMatchObject({ code: 'not_found' });
    expect(await entries(exam.id)).toEqual([['CHECK_IN_ERASED', 1, 'unenrolled']]);
    await enrol();
    expect((await comeIn(student, exam)).id).not.toBe(id);
  });

  test.runIf(available)('stay without an enrolment where anybody may sit the exam, and leave the room', async () => {
    const exam = await site.admin.createExam({ checkIn: { photo: true } });
    const student = await site.student();
    await site.admin.request('PUT', `/api/exams/${exam.id}/students/${student.userId}`, { room: 'A' });
    const { id } = await comeIn(student, exam);
    await site.admin.request('DELETE', `/api/exams/${exam.id}/students/${student.userId}`);
    expect(await decide(site.admin, id, 'admit')).toMatchObject({ room: null, pictures: [{ kind: 'photo' }] });
    expect(await student.startSession(exam.id)).toMatchObject({ room: null });
  });

  test.runIf(available)(
    'are erased days after the decision, but for those of the room, which live as long as those of the session',
    async () => {
      const { student, exam, id } = await showAll({ ...ALL, retentionDays: 30, evidence: { retentionDays: 10 } });
      await decide(site.admin, id, 'admit');
      const session = await student.startSession(exam.id);
      await student.post(`/api/sessions/${session.id}/end`);
      expect(store.objects.size).toBe(10);
      const before = await readCheckIn(site.admin, id);
      await later(2);
      expect((await readCheckIn(site.admin, id)).pictures).toHaveLength(10);
      await later(2);
      await waitFor('eight objects', () => Promise.resolve(store.objects.size === 8));
      const record = await site.admin.get<{ checkIn: CheckInRecord }>(`/api/proctoring/attempt/${session.id}`);
      expect(new Set(record.checkIn.pictures.map(({ kind: of }) => of))).toEqual(new Set(['room']));
      expect(record.checkIn).toMatchObject({
        decisions: [{ decision: 'admit', shown: ['photo', 'document', 'room'] }],
        erasedAt: expect.any(String),
      });
      const photo = before.pictures.find(({ kind: of }) => of === 'photo')!;
      expect((await pictureBytes(site.admin, staffPicture(id, photo.id))).status).toBe(404);
      expect(await entries(exam.id)).toEqual([['CHECK_IN_ERASED', 2, 'retention']]);
      await later(7);
      await waitFor('no object', () => Promise.resolve(store.objects.size === 0));
      expect(await entries(exam.id)).toEqual([
        ['CHECK_IN_ERASED', 2, 'retention'],
        ['CHECK_IN_ERASED', 8, 'retention'],
      ]);
      await later(20);
      await waitFor(
        'the session to go',
        async () => (await site.admin.get<{ items: unknown[] }>('/api/sessions')).items.length === 0,
      );
      await site.close();
      expect(await left()).toEqual({ kinds: [], rows: [], objects: [], checkIns: 0 });
    },
  );

  test.runIf(available)('are all erased when no session came of it, and then it is closed', async () => {
    const { exam, id } = await showAll({ ...ALL, retentionDays: 30 });
    await decide(site.admin, id, 'admit');
    await later(4);
    await waitFor('no object', () => Promise.resolve(store.objects.size === 0));
    expect(await readCheckIn(site.admin, id)).toMatchObject({ state: 'admitted', pictures: [], sessionId: null });
    expect(await entries(exam.id)).toEqual([['CHECK_IN_ERASED', 10, 'retention']]);
    await later(30);
    await waitFor('the check-in to go', async () => (await entries(exam.id)).length === 2);
    expect((await entries(exam.id))[1]).toEqual(['CHECK_IN_DELETED', undefined, 'retention']);
    await site.close();
    expect(await left()).toEqual({ kinds: [], rows: [], objects: [], checkIns: 0 });
  });

  test.runIf(available)('of the room go with the photos where the policy keeps no pictures of incidents', async () => {
    const { student, exam, id } = await showAll({ ...ALL, evidence: { keep: false } });
    await decide(site.admin, id, 'admit');
    await student.startSession(exam.id);
    await later(4);
    await waitFor('no object', () => Promise.resolve(store.objects.size === 0));
  });

  test.runIf(available)('of the room are kept while an appeal is open; photo and document are not', async () => {
    const { student, exam, id } = await showAll({ ...ALL, retentionDays: 5, release: { appealDays: 30 } });
    await decide(site.admin, id, 'admit');
    const session = await student.startSession(exam.id);
    await student.post(`/api/sessions/${session.id}/end`);
    await release(site.admin, session.id, await judge(site.admin, session.id, 'violation'));
    await appeal(student, session.id);
    await later(10);
    await waitFor('the photos to go', () => Promise.resolve(store.objects.size === 8));
    await site.close();
    expect((await left()).kinds).toEqual(['room']);
    site = await start();
  });

  test.runIf(available)('go with the account that is anonymised, and with the exam that is deleted', async () => {
    const [one, two] = [await showAll(), await showAll()];
    await site.admin.post(`/api/users/${one.student.userId}/anonymise`);
    await waitFor('the objects of one', () => Promise.resolve(store.objects.size === 10));
    expect(await entries(one.exam.id)).toEqual([['CHECK_IN_ERASED', 10, 'anonymised']]);
    for (const status of ['completed', 'archived'])
      await site.admin.request('PATCH', `/api/exams/${two.exam.id}/status`, { status });
    expect(await site.admin.get(`/api/exams/${two.exam.id}/contents`)).toMatchObject({ checkIns: 1, pictures: 10 });
    await site.admin.request('DELETE', `/api/exams/${two.exam.id}`);
    await waitFor('no object', () => Promise.resolve(store.objects.size === 0));
    expect(await entries(two.exam.id)).toEqual([['CHECK_IN_DELETED', undefined, 'exam']]);
    await site.close();
    expect(await left()).toMatchObject({ kinds: [], rows: [], objects: [], checkIns: 1 });
    site = await start();
  });

  test.runIf(available)('stay while they have rows, whatever the sweep of the store finds', async () => {
    const { id } = await showAll();
    store.objects.set('01a22e3c-0000-7000-8000-000000000000', { bytes: new Uint8Array(1), storedAt: 0 });
    for (const object of store.objects.values()) object.storedAt = 0;
    await later(1.5);
    await waitFor('the stray object to go', () => Promise.resolve(store.objects.size === 10));
    expect((await readCheckIn(site.admin, id)).pictures).toHaveLength(10);
  });

  test.runIf(available)('are refused by a store that is full, and the student can go on without them', async () => {
    const exam = await site.admin.createExam(ALL);
    const student = await site.student();
    await openCheckIn(student, exam);
    store.fault = 'fails';
    await expect(take(student, exam, 'photo')).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    expect((await myCheckIn(student, exam)).checkIn).toMatchObject({
      pictures: [],
      missing: ['photo', 'document', 'room'],
    });
    store.mend();
    await take(student, exam, 'photo');
    expect((await submit(student, exam, true)).checkIn).toMatchObject({ state: 'waiting' });
  });

  test.runIf(available)('and every act on them verify in the exported log without the server', async () => {
    const exam = await site.admin.createExam({ checkIn: { photo: true } });
    const student = await site.student();
    const { id } = await comeIn(student, exam);
    await decide(site.admin, id, 'hold');
    await submit(student, exam);
    await decide(site.admin, id, 'admit');
    await student.startSession(exam.id);
    await site.close();
    const folder = await mkdtemp(join(tmpdir(), 'invigil-test-'));
    try {
      const env = { DATA_DIR: database.dataDir, ...(database.url && { DATABASE_URL: database.url }) };
      const path = join(folder, 'log.audit');
      expect(await exportLog(path, undefined, readStore(env))).toBe(0);
      expect(await verifyExport(path)).toMatchObject({ valid: true });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    site = await start();
  });
});
