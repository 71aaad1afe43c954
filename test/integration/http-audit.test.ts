import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saltedDigest } from '../../db/audit/hash.ts';
import { openDatabase } from '../../db/open.ts';
import type { Event } from '../../protocol/events.ts';
import type { AuditEntry, AuditVerification } from '../../protocol/http/audit.ts';
import type { Review, Verdict } from '../../protocol/http/reviews.ts';
import type { Api } from '../support/api.ts';
import { signal, startAttempt, watchExam } from '../support/attempt.ts';
import { createDatabase, KINDS } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

interface Page {
  items: AuditEntry[];
  nextCursor: string | null;
}

let site: TestServer;
let proctor: Api;
beforeAll(async () => {
  site = await startTestServer();
  proctor = await site.proctor();
});
afterAll(() => site.close());

const chain = async (type: string, id: string) =>
  (await site.admin.get<Page>(`/api/blockchain/entity/${type}/${id}`)).items;
/** The acts on one thing: type, actor and payload, in their order. What is stored of events is a matter of its own. */
const acts = async (type: string, id: string) =>
  (await chain(type, id))
    .filter(({ eventType }) => eventType !== 'EVENTS_STORED')
    .map(({ eventType, actor, payload }) => [eventType, actor, JSON.parse(payload) as unknown]);
/** Numbers of events of a session, as the log has them: each change of each. */
const logged = async (id: string) =>
  (await chain('session', id))
    .filter(({ eventType }) => eventType === 'EVENTS_STORED')
    .flatMap(({ payload }) => (JSON.parse(payload) as { events: { seq: number }[] }).events.map(({ seq }) => seq));
const verify = () => site.admin.get<AuditVerification>('/api/blockchain/verify');

describe('acts that leave an entry', () => {
  test('accounts: created, another role, another name, disabled, enabled', async () => {
    const student = await site.student();
    expect(await acts('user', student.userId)).toEqual([['USER_CREATED', student.userId, { role: 'student' }]]);
    const made = await site.admin.post<{ id: string }>('/api/users', {
      email: 'made@example.org',
      password: 'long enough it is',
      name: 'Made',
      role: 'student',
    });
    const change = (body: unknown) => site.admin.request('PATCH', `/api/users/${made.id}`, body);
    await change({ role: 'proctor' });
    await change({ role: 'proctor', name: 'Renamed' });
    await change({ disabled: true });
    await change({ disabled: true });
    await change({ disabled: false, role: 'student' });
    const admin = site.admin.userId;
    expect(await acts('user', made.id)).toEqual([
      ['USER_CREATED', admin, { role: 'student' }],
      ['USER_ROLE_CHANGED', admin, { from: 'student', to: 'proctor' }],
      [
        'USER_CHANGED',
        admin,
        { fields: ['name'], nameChangeId: expect.any(String) as string, namesDigest: expect.any(String) as string },
      ],
      ['USER_DISABLED', admin, {}],
      ['USER_ROLE_CHANGED', admin, { from: 'proctor', to: 'student' }],
      ['USER_ENABLED', admin, {}],
    ]);
    expect(await acts('user', admin)).toEqual([['USER_CREATED', null, { role: 'admin' }]]);
  });

  test('exams: created, changed, another status, enrolment, deleted', async () => {
    const admin = site.admin.userId;
    const exam = await site.admin.createExam({}, { title: 'Statics', status: 'draft' });
    const path = `/api/exams/${exam.id}`;
    await site.admin.request('PUT', path, { title: 'Statics II', policy: { unknownWeight: 2 } });
    const student = await site.student();
    const place = `${path}/students/${student.userId}`;
    await site.admin.request('PUT', place, { extraMinutes: 5, detection: {} });
    await site.admin.request('DELETE', place);
    await site.admin.request('PATCH', `${path}/status`, { status: 'archived' });
    await site.admin.request('DELETE', path);
    expect(await acts('exam', exam.id)).toEqual([
      ['EXAM_CREATED', admin, { status: 'draft', policyVersion: 1, openTo: 'all', staffAccess: 'all' }],
      ['EXAM_CHANGED', admin, { policyVersion: 2, changes: { policyVersion: [1, 2] }, fields: ['title'] }],
      ['ENROLMENT_CHANGED', admin, { studentId: student.userId, isNew: true, changes: { extraMinutes: [0, 5] } }],
      ['ENROLMENT_REMOVED', admin, { studentId: student.userId }],
      ['EXAM_STATUS_CHANGED', admin, { from: 'draft', to: 'archived' }],
      ['EXAM_DELETED', admin, {}],
    ]);
  });

  test('enrolments and assignments name room and seat before and after, an edited exam its times', async () => {
    const admin = site.admin.userId;
    const exam = await site.admin.createExam({}, { title: 'Rooms', status: 'draft' });
    const path = `/api/exams/${exam.id}`;
    const student = await site.student();
    const place = `${path}/students/${student.userId}`;
    await site.admin.request('PUT', place, { extraMinutes: 0, detection: {}, room: 'H1', seat: '3' });
    await site.admin.request('PUT', place, { extraMinutes: 10, detection: { gaze: false }, room: 'H2', seat: '3' });
    const startsAt = '2027-01-11T08:00:00.000Z';
    await site.admin.request('PUT', path, { title: 'Rooms', startsAt, durationMinutes: 90, lateStartMinutes: 15 });
    await site.admin.post(`${path}/staff`, { userId: proctor.userId, room: 'H2' });
    const [, ...entries] = await acts('exam', exam.id);
    const studentId = student.userId;
    expect(entries).toEqual([
      ['ENROLMENT_CHANGED', admin, { studentId, isNew: true, changes: { room: [null, 'H1'], seat: [null, '3'] } }],
      [
        'ENROLMENT_CHANGED',
        admin,
        { studentId, changes: { room: ['H1', 'H2'], extraMinutes: [0, 10] }, fields: ['detection'] },
      ],
      [
        'EXAM_CHANGED',
        admin,
        {
          policyVersion: 1,
          changes: { startsAt: [null, startsAt], durationMinutes: [null, 90], lateStartMinutes: [null, 15] },
        },
      ],
      [
        'STAFF_ASSIGNED',
        admin,
        { userId: proctor.userId, wholeExam: false, room: 'H2', assignmentId: expect.any(String) as string },
      ],
    ]);
  });

  test('sessions: started, reviewed, ended, judged, scored again', async () => {
    const { exam, student, session } = await startAttempt(site);
    const event = await student.post<Event>('/api/proctoring/event', { sessionId: session.id, type: 'TAB_SWITCH' });
    const { review } = await proctor.post<{ review: Review }>(`/api/events/${event.id}/review`, {
      decision: 'dismissed',
      reason: 'the help page',
    });
    await student.post(`/api/sessions/${session.id}/end`);
    await student.post(`/api/sessions/${session.id}/end`);
    const verdict = await proctor.post<Verdict>(`/api/sessions/${session.id}/verdict`, {
      verdict: 'no_concern',
      reason: 'nothing there',
    });
    const rescore = await site.admin.post<{ id: string }>(`/api/sessions/${session.id}/rescore`, { policyVersion: 1 });
    const digest = expect.stringMatching(/^[\w-]{43}$/);
    const own: Page = await proctor.get(`/api/blockchain/attempt/${session.id}`);
    expect(own.items).toEqual(await chain('session', session.id));
    expect(await acts('session', session.id)).toEqual([
      ['SESSION_STARTED', student.userId, { examId: exam.id, policyVersion: 1 }],
      [
        'EVENT_REVIEWED',
        proctor.userId,
        { reviewId: review.id, eventId: event.id, decision: 'dismissed', reasonDigest: digest },
      ],
      ['SESSION_ENDED', student.userId, { reason: 'ended', riskScore: 3, riskLevel: 'Low', events: 1 }],
      ['VERDICT_GIVEN', proctor.userId, { verdictId: verdict.id, verdict: 'no_concern', reasonDigest: digest }],
      [
        'SESSION_RESCORED',
        site.admin.userId,
        { rescoreId: rescore.id, policyVersion: 1, riskScore: 3, riskLevel: 'Low', reviewedScore: 0 },
      ],
    ]);
  });

  test('a session that a proctor terminates names the proctor, one that runs out names nobody', async () => {
    let ahead = 0;
    await using timed = await startTestServer({ overrides: { clock: () => Date.now() + ahead } });
    const endOf = async (id: string) =>
      (await timed.admin.get<Page>(`/api/blockchain/attempt/${id}`)).items
        .filter((entry) => entry.eventType === 'SESSION_ENDED')
        .map((entry) => [entry.actor, JSON.parse(entry.payload)] as const);

    const terminated = await startAttempt(timed);
    const socket = await terminated.connect();
    const console = await watchExam(timed, terminated.exam.id);
    console.send({ type: 'command', session: terminated.session.id, do: 'terminate', reason: 'two people' });
    await socket.next('ended');
    expect(await endOf(terminated.session.id)).toMatchObject([[expect.any(String), { reason: 'terminated' }]]);
    expect((await endOf(terminated.session.id))[0]![0]).not.toBe(terminated.student.userId);

    const finished = await startAttempt(timed);
    const third = await finished.connect();
    third.send({ type: 'finish' });
    await third.next('ended');
    expect(await endOf(finished.session.id)).toMatchObject([[finished.student.userId, { reason: 'finished' }]]);

    const expired = await startAttempt(timed, {}, { durationMinutes: 10 });
    const second = await expired.connect();
    ahead += 10 * 60_000;
    await second.next('ended');
    expect(await endOf(expired.session.id)).toMatchObject([[null, { reason: 'expired' }]]);
    console.close();
  });

  test('an act that is refused leaves none', async () => {
    const { session, student } = await startAttempt(site);
    await expect(student.startSession(session.examId)).rejects.toMatchObject({ code: 'session_exists' });
    await expect(
      proctor.post(`/api/sessions/${session.id}/verdict`, { verdict: 'concern', reason: 'early' }),
    ).rejects.toMatchObject({ code: 'session_running' });
    expect((await chain('session', session.id)).map((entry) => entry.eventType)).toEqual(['SESSION_STARTED']);
  });

  test('events: each stored event and each change of it, including takeovers', async () => {
    const { student, session, connect } = await startAttempt(site);
    const first = await connect();
    first.send(signal(1));
    await first.next('ack');
    await connect();
    await first.closed();
    const events = await student.events(session.id);
    expect(events.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'TAB_SWITCH'],
      [2, 'SESSION_TAKEOVER'],
    ]);
    expect(await logged(session.id)).toEqual([1, 2]);
    await proctor.post(`/api/events/${events[0]!.id}/review`, { decision: 'confirmed', reason: 'seen' });
    expect(await logged(session.id)).toEqual([1, 2, 1]);
    expect(await verify()).toMatchObject({ valid: true });
  });

  test('commands: the act of a proctor on a session, with its event', async () => {
    const { exam, student, session, connect } = await startAttempt(site, {}, { durationMinutes: 10 });
    const socket = await connect();
    const watcher = await watchExam(site, exam.id);
    const command = (body: object) => watcher.send({ type: 'command', session: session.id, ...body });
    command({ do: 'pause', reason: 'a fire drill' });
    await socket.next('paused');
    command({ do: 'pause' });
    command({ do: 'extend', minutes: 7 });
    await socket.next('extended');
    command({ do: 'resume' });
    await socket.next('resumed');
    command({ do: 'message', text: 'Go on, please' });
    await socket.next('notice');
    command({ do: 'terminate', reason: 'two people' });
    await socket.next('ended');
    const events = new Map((await student.events(session.id)).map(({ type, id }) => [type, id]));
    const given = (await chain('session', session.id)).filter(({ eventType }) => eventType === 'COMMAND_GIVEN');
    expect(given.map(({ payload }) => JSON.parse(payload) as unknown)).toEqual([
      { do: 'pause', eventId: events.get('SESSION_PAUSED') },
      { do: 'extend', eventId: events.get('SESSION_EXTENDED'), minutes: 7 },
      { do: 'resume', eventId: events.get('SESSION_RESUMED') },
      { do: 'message', eventId: events.get('PROCTOR_MESSAGE') },
      { do: 'terminate', eventId: events.get('SESSION_TERMINATED') },
    ]);
    const actors = new Set(given.map(({ actor }) => actor));
    expect(actors.size).toBe(1);
    for (const nobody of [student.userId, site.admin.userId, null]) expect(actors.has(nobody)).toBe(false);
    for (const word of ['fire drill', 'Go on', 'two people']) expect(JSON.stringify(given)).not.toContain(word);
  });

  test('sessions that go with their exam', async () => {
    const { exam, student, session } = await startAttempt(site);
    await student.post('/api/proctoring/event', { sessionId: session.id, type: 'TAB_SWITCH' });
    await student.post(`/api/sessions/${session.id}/end`);
    for (const status of ['completed', 'archived'])
      await site.admin.request('PATCH', `/api/exams/${exam.id}/status`, { status });
    await site.admin.request('DELETE', `/api/exams/${exam.id}`);
    expect((await acts('session', session.id)).at(-1)).toEqual([
      'SESSION_DELETED',
      site.admin.userId,
      { reason: 'exam' },
    ]);
    expect(await verify()).toMatchObject({ valid: true });
  });

  test('names, addresses and reasons are not in the log', async () => {
    const student = await site.student('Philomena');
    const exam = await site.admin.createExam({}, { title: 'Hydraulics' });
    const session = await student.startSession(exam.id);
    const event = await student.post<Event>('/api/proctoring/event', { sessionId: session.id, type: 'COPY' });
    await proctor.post(`/api/events/${event.id}/review`, { decision: 'confirmed', reason: 'an unmistakable reason' });
    const all = await Promise.all([
      chain('user', student.userId),
      chain('exam', exam.id),
      chain('session', session.id),
    ]);
    const text = JSON.stringify(all);
    expect(all.map((entries) => entries.length)).toEqual([1, 1, 4]);
    for (const word of ['Philomena', student.tokens!.user.email, 'Hydraulics', 'unmistakable'])
      expect(text).not.toContain(word);
  });
});

describe('the log', () => {
  test('can be recomputed by any reader', async () => {
    const { session } = await startAttempt(site);
    const [entry] = await chain('session', session.id);
    expect(saltedDigest('payload', Buffer.from(entry!.salt, 'base64url'), entry!.payload).toString('base64url')).toBe(
      entry!.digest,
    );
    const field = (value: string | Buffer) => {
      const bytes = Buffer.from(value);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([length, bytes]);
    };
    const fields = [
      'invigil/audit/entry/v2',
      entry!.id,
      'session',
      session.id,
      '1',
      'SESSION_STARTED',
      entry!.actor!,
      entry!.at,
      Buffer.from(entry!.digest, 'base64url'),
      Buffer.alloc(32),
    ];
    expect(
      createHash('sha256')
        .update(Buffer.concat([Buffer.of(0), ...fields.map(field)]))
        .digest('base64url'),
    ).toBe(entry!.hash);
  });

  test('is initialised once', async () => {
    expect(await site.admin.get('/api/blockchain/summary')).toMatchObject({ genesis: null });
    const genesis = await site.admin.post<AuditEntry>('/api/blockchain/initialize');
    expect(genesis).toMatchObject({
      entityType: 'system',
      position: 1,
      eventType: 'GENESIS',
      actor: site.admin.userId,
      payload: '{}',
    });
    await expect(site.admin.post('/api/blockchain/initialize')).rejects.toMatchObject({
      status: 409,
      code: 'already_initialised',
    });
    expect(await site.admin.get('/api/blockchain/summary')).toMatchObject({ genesis });
  });

  test('says how long it is, and that it is whole', async () => {
    interface Summary {
      readonly entries: number;
      readonly entities: number;
      readonly newest: AuditEntry;
    }
    const before = await site.admin.get<Summary>('/api/blockchain/summary');
    const student = await site.student();
    const { entries, entities, newest } = await site.admin.get<Summary>('/api/blockchain/summary');
    const items = await chain('user', student.userId);
    // Security acts are written when their turn comes, also meanwhile, on chains of their own.
    expect(items).toHaveLength(1);
    expect(entries).toBeGreaterThan(before.entries);
    expect(entities).toBeGreaterThan(before.entities);
    expect(newest.id > before.newest.id).toBe(true);
    const { valid, checked } = await verify();
    expect([valid, checked >= entries]).toEqual([true, true]);
  });

  test('lists acts of a type newest first, and a chain in its order, in pages', async () => {
    const { exam, session, student } = await startAttempt(site);
    await student.post(`/api/sessions/${session.id}/end`);
    const byType = await site.admin.get<Page>('/api/blockchain/events/SESSION_STARTED?limit=1');
    expect(byType.items).toMatchObject([{ entityId: session.id }]);
    const older = await site.admin.get<Page>(
      `/api/blockchain/events/SESSION_STARTED?limit=1&cursor=${byType.nextCursor}`,
    );
    expect(older.items[0]!.entityId).not.toBe(session.id);
    const path = `/api/blockchain/attempt/${session.id}?limit=1`;
    const first = await proctor.get<Page>(path);
    expect(first).toMatchObject({ items: [{ position: 1, eventType: 'SESSION_STARTED' }], nextCursor: '1' });
    expect(await proctor.get(`${path}&cursor=1`)).toMatchObject({
      items: [{ position: 2, eventType: 'SESSION_ENDED' }],
    });
    expect(await proctor.get(`/api/blockchain/entity/exam/${exam.id}`)).toMatchObject({
      items: [{ eventType: 'EXAM_CREATED' }],
      nextCursor: null,
    });
  });

  test('names the acts that it knows', async () => {
    const { items } = await site.admin.get<{ items: { type: string; entityType: string }[] }>(
      '/api/blockchain/event-types',
    );
    expect(items).toContainEqual({
      type: 'VERDICT_GIVEN',
      entityType: 'session',
      meaning: 'Verdict on an attempt; payload: verdictId, verdict, reasonDigest',
    });
    await expect(site.admin.get('/api/blockchain/events/EXAM_EATEN')).rejects.toMatchObject({ status: 400 });
    await expect(
      site.admin.get('/api/blockchain/entity/room/01a20128-b3ea-75c2-965a-5ede413d3d6b'),
    ).rejects.toMatchObject({ status: 400 });
  });

  test('is for admins; a chain also for proctors', async () => {
    const { session, student } = await startAttempt(site);
    for (const path of ['summary', 'verify', 'event-types', 'events/GENESIS']) {
      await expect(proctor.get(`/api/blockchain/${path}`), path).rejects.toMatchObject({
        status: 403,
        code: 'forbidden',
      });
    }
    await expect(proctor.post('/api/blockchain/initialize')).rejects.toMatchObject({ status: 403 });
    for (const path of [`attempt/${session.id}`, `entity/session/${session.id}`]) {
      await expect(student.get(`/api/blockchain/${path}`), path).rejects.toMatchObject({
        status: 403,
        code: 'forbidden',
      });
      expect(await proctor.get(`/api/blockchain/${path}`)).toMatchObject({ items: [{ eventType: 'SESSION_STARTED' }] });
    }
  });
});

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`on ${title}`, () => {
    test('verify names an entry that was changed behind the server, and many acts at once fork nothing', async () => {
      const database = await createDatabase(kind);
      try {
        const first = await startTestServer({ database });
        const exam = await first.admin.createExam();
        const students = await Promise.all(Array.from({ length: 12 }, () => first.student()));
        const enrol = (student: Api) =>
          first.admin.request('PUT', `/api/exams/${exam.id}/students/${student.userId}`, {
            extraMinutes: 1,
            detection: {},
          });
        await Promise.all([...students, ...students].map(enrol));
        const { items } = await first.admin.get<Page>(`/api/blockchain/entity/exam/${exam.id}`);
        expect(items.map((entry) => entry.position)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
        expect(await first.admin.get('/api/blockchain/verify')).toMatchObject({ valid: true });
        await first.close();

        const opened = await openDatabase(database);
        await sql`ALTER TABLE audit_entries DISABLE TRIGGER USER`.execute(opened.db);
        await sql`UPDATE audit_entries SET actor = entity_id WHERE entity_id = ${exam.id} AND position = 7`.execute(
          opened.db,
        );
        await opened.close();
        await using second = await startTestServer({ database });
        expect(await second.admin.get('/api/blockchain/verify')).toMatchObject({
          valid: false,
          firstBad: { entityType: 'exam', entityId: exam.id, position: 7, reason: 'hash' },
        });
      } finally {
        await database.remove();
      }
    });
  });
}
