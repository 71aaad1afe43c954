import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../protocol/http/audit.ts';
import type { Evidence } from '../../protocol/http/evidence.ts';
import type { ExamDetails } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import { createDatabase } from '../support/databases.ts';
import { type Attempt, startAttempt } from '../support/attempt.ts';
import { postFrame } from '../support/frame-form.ts';
import {
  Clockwork,
  evidenceOf,
  FaultyStore,
  fetchPicture,
  leaveAndReturn,
  metricOf,
  showClip,
  startWatched,
} from '../support/picture-site.ts';
import { png } from '../support/pictures.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

const clock = new Clockwork();
const overrides = { clock: clock.read };

/** All pictures of a session's only event, once there are so many. */
async function kept({ admin }: TestServer, at: Attempt, count: number): Promise<Evidence[]> {
  const [event] = await at.events();
  await waitFor(`${count} pictures`, async () => (await evidenceOf(admin, event!.id)).length === count);
  return evidenceOf(admin, event!.id);
}

const acts = async (
  { admin }: TestServer,
  at: Attempt,
  type: string,
): Promise<Pick<AuditEntry, 'actor' | 'at' | 'payload'>[]> =>
  (await admin.get<{ items: AuditEntry[] }>(`/api/blockchain/attempt/${at.session.id}`)).items.filter(
    (entry) => entry.eventType === type,
  );
const payloads = async (...args: Parameters<typeof acts>) =>
  (await acts(...args)).map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);

/** Most tests share one of two servers: one with its real folder, and one whose store a test makes fail. */
let site: TestServer;
let faulty: TestServer;
const store = new FaultyStore();
beforeAll(async () => {
  site = await startTestServer({ overrides, vision: true });
  faulty = await startTestServer({ overrides: { ...overrides, evidenceStore: store }, vision: true });
});
afterAll(async () => {
  store.mend();
  await site?.close();
  await faulty?.close();
});

describe('an incident', () => {
  test('stores the frames that opened and closed it byte for byte, with their digests in the audit log', async () => {
    const at = await startWatched(site);
    const { opened, closed } = await leaveAndReturn(at, clock);
    const pictures = await kept(site, at, 2);
    expect(pictures.map(({ kind, at: when }) => [kind, Date.parse(when) - clock.now])).toEqual([
      ['opened', -2000],
      ['closed', 0],
    ]);
    for (const [index, sent] of [opened, closed].entries()) {
      const { status, headers, bytes } = await fetchPicture(site.admin, pictures[index]!.id);
      expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
        200,
        'image/jpeg',
        'no-store',
      ]);
      expect(bytes.equals(sent)).toBe(true);
    }
    const [event] = await at.events();
    expect(await payloads(site, at, 'EVIDENCE_KEPT')).toEqual(
      pictures.map(({ id, kind, digest }) => ({ evidenceId: id, eventId: event!.id, kind, digest })),
    );
    expect(await site.admin.get('/api/blockchain/verify')).toMatchObject({ valid: true });
  });

  test('is encrypted in the folder, with that digest', async () => {
    const at = await startWatched(site);
    const { opened } = await leaveAndReturn(at, clock);
    const [picture] = await kept(site, at, 2);
    const root = join(site.database.dataDir, 'evidence');
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const object = readFileSync(join(files.find(({ name }) => name === picture!.id)!.parentPath, picture!.id));
    expect(createHash('sha256').update(object).digest('base64url')).toBe(picture!.digest);
    expect(object.byteLength).toBe(opened.byteLength + 29);
    expect(object.includes(Buffer.from(opened.subarray(2, 20)))).toBe(false);
  });

  test('that ends with its session stores the clearest frame and no closing frame', async () => {
    const at = await startWatched(site, { multipleFaces: { frames: 1 } });
    for (let i = 0; i < 8; i++) await showClip(at, clock, 'second');
    await at.student.post<Session>(`/api/sessions/${at.session.id}/end`);
    const [event] = await at.events();
    expect(event).toMatchObject({ type: 'MULTIPLE_FACES', endedAt: expect.any(String) });
    await waitFor('the opening frame', async () => (await evidenceOf(site.admin, event!.id)).length > 0);
    expect((await evidenceOf(site.admin, event!.id)).map(({ kind }) => kind)).not.toContain('closed');
  });

  test('without a usable image stores none: invalid images and missing frames', async () => {
    const at = await startWatched(site);
    await showClip(at, clock, 'attentive');
    clock.now += 1000;
    expect((await postFrame(at.student, at.session.id, png())).status).toBe(422);
    await showClip(at, clock, 'attentive');
    const socket = await at.connect();
    clock.now += 20_000;
    await waitFor('NO_FRAME_RECEIVED', async () => (await at.types()).includes('NO_FRAME_RECEIVED'));
    socket.close();
    for (const event of await at.events()) expect(await evidenceOf(site.admin, event.id), event.type).toEqual([]);
    expect(await payloads(site, at, 'EVIDENCE_KEPT')).toEqual([]);
  });

  test('stores no images if the policy disables them', async () => {
    const at = await startWatched(site, { evidence: { keep: false } });
    await leaveAndReturn(at, clock);
    // Another session's pictures, later, are there: these would be.
    const other = await startWatched(site);
    await leaveAndReturn(other, clock);
    await kept(site, other, 2);
    expect(await evidenceOf(site.admin, (await at.events())[0]!.id)).toEqual([]);
  });

  test('has its retention time shown to the student before consent and on connect', async () => {
    for (const [evidence, days] of [
      [{ retentionDays: 30 }, 30],
      [{}, 90],
      [{ keep: false }, null],
    ] as const) {
      const at = await startAttempt(site, { retentionDays: 90, evidence });
      expect((await at.student.get<ExamDetails>(`/api/exams/${at.exam.id}/details`)).evidenceDays).toBe(days);
      const socket = await at.connect();
      expect(socket.of('welcome')[0]).toMatchObject({ policy: { retentionDays: 90, evidenceDays: days } });
      socket.close();
    }
    await expect(site.admin.createExam({ retentionDays: 30, evidence: { retentionDays: 31 } })).rejects.toMatchObject({
      status: 400,
      body: { ref: 'body.policy.evidence.retentionDays' },
    });
  });
});

describe('a picture', () => {
  let at: Attempt;
  let pictures: Evidence[];
  beforeAll(async () => {
    at = await startWatched(site);
    await leaveAndReturn(at, clock);
    pictures = await kept(site, at, 2);
  });

  test('is shown to proctors and admins, and each view is in the audit log with viewer and time', async () => {
    const proctor = await site.proctor();
    clock.now += 1000;
    await fetchPicture(proctor, pictures[0]!.id);
    await fetchPicture(site.admin, pictures[1]!.id);
    const views = await acts(site, at, 'EVIDENCE_VIEWED');
    const [event] = await at.events();
    expect(views.map(({ actor, at: when, payload }) => [actor, when, JSON.parse(payload)])).toEqual(
      [proctor.userId, site.admin.userId].map((actor, index) => [
        actor,
        new Date(clock.now).toISOString(),
        { evidenceId: pictures[index]!.id, eventId: event!.id, kind: pictures[index]!.kind },
      ]),
    );
  });

  test('is 404 for students, also for the one it shows, and 401 without a login', async () => {
    const before = (await acts(site, at, 'EVIDENCE_VIEWED')).length;
    const [event] = await at.events();
    for (const path of [`/api/evidence/${pictures[0]!.id}`, `/api/events/${event!.id}/evidence`]) {
      for (const student of [at.student, await site.student()])
        expect(await student.send('GET', path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(await site.api().send('GET', path)).toMatchObject({ status: 401 });
    }
    expect((await acts(site, at, 'EVIDENCE_VIEWED')).length).toBe(before);
  });

  test('that does not exist is 404', async () => {
    expect(await site.admin.send('GET', `/api/evidence/${at.session.id}`)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
    expect(await site.admin.send('GET', `/api/events/${at.session.id}/evidence`)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });
});

describe('a stored object is refused and not shown', () => {
  let mine: Evidence[];
  let theirs: Evidence[];
  beforeAll(async () => {
    const lists: Evidence[][] = [];
    for (let i = 0; i < 2; i++) {
      const at = await startWatched(faulty);
      await leaveAndReturn(at, clock);
      lists.push(await kept(faulty, at, 2));
    }
    [mine, theirs] = lists as [Evidence[], Evidence[]];
  });

  /** What is answered while the object of a picture is another. */
  async function answerWith(id: string, bytes: Uint8Array | undefined) {
    const original = store.objects.get(id)!;
    if (bytes) store.objects.set(id, { ...original, bytes });
    else store.objects.delete(id);
    const answer = await faulty.admin.send('GET', `/api/evidence/${id}`);
    store.objects.set(id, original);
    return answer;
  }
  const bytesOf = ({ id }: Evidence) => store.objects.get(id)!.bytes;
  const REFUSED = {
    status: 500,
    contentType: 'application/problem+json',
    body: { code: 'internal', retryable: false },
  };

  test('with a changed byte', async () => {
    const changed = Buffer.from(bytesOf(mine[0]!));
    changed[5000]! ^= 1;
    expect(await answerWith(mine[0]!.id, changed)).toMatchObject(REFUSED);
    expect((await fetchPicture(faulty.admin, mine[0]!.id)).status).toBe(200);
  });

  test('in place of another picture of the same incident', async () => {
    expect(await answerWith(mine[0]!.id, bytesOf(mine[1]!))).toMatchObject(REFUSED);
  });

  test('if it belongs to another session', async () => {
    expect(await answerWith(mine[0]!.id, bytesOf(theirs[0]!))).toMatchObject(REFUSED);
  });

  test('if it is missing', async () => {
    expect(await answerWith(mine[0]!.id, undefined)).toMatchObject(REFUSED);
  });
});

describe('a store', () => {
  beforeEach(() => store.mend());

  const droppedByStore = () => metricOf(faulty, 'invigil_evidence_dropped_total{reason="store_failed"}');

  test.each(['fails', 'hangs'] as const)('that %s delays no event', async (fault) => {
    const before = await droppedByStore();
    store.fault = fault;
    const at = await startWatched(faulty);
    await leaveAndReturn(at, clock);
    expect(await at.events()).toMatchObject([{ type: 'NO_FACE', durationMs: 4000 }]);
    if (fault === 'fails') {
      await waitFor(
        'the event to say so',
        async () => JSON.stringify((await at.events())[0]!.details['evidenceMissing']) === '["opened","closed"]',
      );
      expect((await at.events())[0]).toMatchObject({
        type: 'NO_FACE',
        durationMs: 4000,
        endedAt: expect.any(String),
        details: { frames: 4, faces: 0 },
      });
      expect((await droppedByStore()) - before).toBe(2);
      expect(await kept(faulty, at, 0)).toEqual([]);
    }
    store.mend();
    const later = await startWatched(faulty);
    const { opened } = await leaveAndReturn(later, clock);
    const [picture] = await kept(faulty, later, 2);
    expect((await fetchPicture(faulty.admin, picture!.id)).bytes.equals(opened)).toBe(true);
    // What waited is kept once the store goes on.
    expect((await kept(faulty, at, fault === 'hangs' ? 2 : 0)).length).toBe(fault === 'hangs' ? 2 : 0);
  });

  test('that fails long after a review is reported beside the review, which stays', async () => {
    store.fault = 'hangs';
    const at = await startWatched(faulty);
    await leaveAndReturn(at, clock);
    const [event] = await at.events();
    await faulty.admin.post(`/api/events/${event!.id}/review`, { decision: 'dismissed', reason: 'Picked up a pen' });
    await waitFor('both at the store', () => store.hanging === 2);
    store.breakDown();
    await waitFor('the event to say so', async () => (await at.events())[0]!.details['evidenceMissing'] !== undefined);
    await waitFor('both', async () => ((await at.events())[0]!.details['evidenceMissing'] as string[]).length === 2);
    expect((await faulty.admin.events(at.session.id))[0]).toMatchObject({
      review: 'dismissed',
      details: { frames: 4, evidenceMissing: ['opened', 'closed'] },
    });
  });

  test('that is slow loses no image of a session that ends and is reviewed meanwhile', async () => {
    store.fault = 'hangs';
    const at = await startWatched(faulty);
    await leaveAndReturn(at, clock);
    await at.student.post(`/api/sessions/${at.session.id}/end`);
    const [event] = await at.events();
    await faulty.admin.post(`/api/events/${event!.id}/review`, { decision: 'confirmed', reason: 'Nobody there' });
    store.mend();
    expect((await kept(faulty, at, 2)).map(({ kind }) => kind)).toEqual(['opened', 'closed']);
    expect((await payloads(faulty, at, 'EVIDENCE_KEPT')).length).toBe(2);
    expect((await faulty.admin.events(at.session.id))[0]).toMatchObject({ review: 'confirmed' });
  });

  test('that hangs does not delay the stop of the server', async () => {
    const before = store.objects.size;
    store.fault = 'hangs';
    const at = await startWatched(faulty);
    await leaveAndReturn(at, clock);
    await waitFor('pictures at the store', () => store.hanging > 0);
    await faulty.close();
    await expect(fetch(`${faulty.url}/health`)).rejects.toThrow('fetch failed');
    expect([store.hanging > 0, store.objects.size]).toEqual([true, before]);
    store.mend();
  });
});

describe('in production without EVIDENCE_KEY', () => {
  const secret = () => randomBytes(32).toString('hex');
  const METRICS_TOKEN = secret();
  const env = {
    NODE_ENV: 'production',
    JWT_SECRET: secret(),
    AUDIT_KEY: secret(),
    METRICS_TOKEN,
    SELF_REGISTRATION: 'on',
    EXAMS_OPEN_TO: 'all',
  };
  const health = async ({ api }: TestServer) =>
    (await api().send('GET', '/health', { headers: { authorization: `Bearer ${METRICS_TOKEN}` } })).body;

  test('no images are stored and /health reports it; with a key they are stored', async () => {
    await using unable = await startTestServer({ env, overrides, vision: true });
    expect(await health(unable)).toMatchObject({ evidence: 'off', evidenceReason: 'EVIDENCE_KEY is not set' });
    const at = await startWatched(unable);
    await leaveAndReturn(at, clock);
    const [event] = await at.events();
    expect(event).toMatchObject({ type: 'NO_FACE', durationMs: 4000 });
    expect(await evidenceOf(unable.admin, event!.id)).toEqual([]);
    expect(await unable.admin.send('GET', `/api/evidence/${event!.id}`)).toMatchObject({
      status: 503,
      body: { code: 'unavailable' },
    });

    await using able = await startTestServer({ env: { ...env, EVIDENCE_KEY: secret() }, overrides });
    expect(await health(able)).toMatchObject({ evidence: 'on' });
  });
});

test('an image stored under another master key is refused, and shown again with its own key', async () => {
  const database = await createDatabase('pglite', 'admin');
  const start = (fill: number, vision = false) =>
    startTestServer({
      database,
      env: { EVIDENCE_KEY: Buffer.alloc(32, fill).toString('base64') },
      overrides,
      vision,
    });
  const first = await start(1, true);
  const at = await startWatched(first);
  const { opened } = await leaveAndReturn(at, clock);
  const [picture] = await kept(first, at, 2);
  await first.close();
  const other = await start(2);
  expect(await other.admin.send('GET', `/api/evidence/${picture!.id}`)).toMatchObject({
    status: 500,
    body: { code: 'internal' },
  });
  await other.close();
  const same = await start(1);
  expect((await fetchPicture(same.admin, picture!.id)).bytes.equals(opened)).toBe(true);
  await same.close();
  await database.remove();
});
