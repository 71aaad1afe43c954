import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import type { AvailableExam, Exam, ExamDetails, PolicyVersion } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import { DEFAULT_WEIGHTS } from '../../protocol/event-types.ts';
import type { Api } from '../support/api.ts';
import { signal, startAttempt } from '../support/attempt.ts';
import { KINDS } from '../support/databases.ts';
import { T0 } from '../support/rows.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const MINUTE = 60_000;
const at = (minutes: number) => new Date(T0 + minutes * MINUTE).toISOString();
type Page<T> = { items: T[]; nextCursor: string | null };

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`exams over HTTP, on ${title}`, () => {
    let site: TestServer;
    let proctor: Api;
    let student: Api;
    let now = T0;
    beforeAll(async () => {
      site = await startTestServer({ kind, overrides: { clock: () => now } });
      proctor = await site.proctor();
      student = await site.student();
    });
    afterAll(() => site.close());

    const get = (id: string) => site.admin.get<Exam>(`/api/exams/${id}`);
    const put = (id: string, body: object) => site.admin.request<Exam>('PUT', `/api/exams/${id}`, body);
    const remove = (id: string) => site.admin.request('DELETE', `/api/exams/${id}`);
    const move = (id: string, status: string, more: object = {}) =>
      site.admin.request<Exam>('PATCH', `/api/exams/${id}/status`, { status, ...more });
    const policies = async (id: string, query = '') =>
      site.admin.get<Page<PolicyVersion>>(`/api/exams/${id}/policies${query}`);
    const session = (id: string) => site.admin.get<Session>(`/api/sessions/${id}`);

    describe('an exam', () => {
      test('is a draft, open to all, under the first version of its policy, unless its author says otherwise', async () => {
        const made = await site.admin.post<Exam>('/api/exams', { title: '  Algebra ' });
        expect(made).toMatchObject({
          title: 'Algebra',
          status: 'draft',
          openTo: 'all',
          policyVersion: 1,
          startsAt: null,
          endsAt: null,
          durationMinutes: null,
          createdAt: at(0),
        });
        expect(made.policy.weights).toEqual(DEFAULT_WEIGHTS);
        expect(await get(made.id)).toEqual(made);
        expect(made.staffAccess).toBe('assigned');
        await expect(proctor.get(`/api/exams/${made.id}`)).rejects.toMatchObject({ status: 404 });
        const shared = await site.admin.createExam();
        expect(await proctor.get(`/api/exams/${shared.id}`)).toEqual(shared);
      });

      test('is shown in full to staff only; a missing one is 404 for everybody', async () => {
        const { id } = await site.admin.createExam();
        for (const path of [`/api/exams/${id}`, '/api/exams', `/api/exams/${id}/policies`]) {
          await expect(student.get(path)).rejects.toMatchObject({ status: 403, code: 'forbidden' });
        }
        for (const path of [`/api/exams/${uuidv7()}`, `/api/exams/${uuidv7()}/policies`]) {
          await expect(proctor.get(path)).rejects.toMatchObject({ status: 404, code: 'not_found' });
        }
        await expect(proctor.request('PUT', `/api/exams/${id}`, { title: 'Mine' })).rejects.toMatchObject({
          status: 403,
        });
        await expect(
          proctor.request('PATCH', `/api/exams/${id}/status`, { status: 'completed' }),
        ).rejects.toMatchObject({ status: 403 });
        await expect(proctor.request('DELETE', `/api/exams/${id}`)).rejects.toMatchObject({ status: 403 });
      });

      test('is not made completed or archived, and not with an end before its beginning', async () => {
        await expect(site.admin.createExam({}, { status: 'archived' })).rejects.toMatchObject({
          status: 400,
          body: { ref: 'body.status' },
        });
        await expect(site.admin.createExam({}, { startsAt: at(10), endsAt: at(10) })).rejects.toMatchObject({
          status: 400,
          body: { ref: 'body.endsAt' },
        });
      });

      test.each([
        '0000-01-01T00:00:00Z',
        '0001-01-01T00:00:00+23:59',
        '1969-12-31T23:59:59Z',
        '3000-01-01T00:00:00Z',
        '9999-12-31T23:59:59-23:59',
      ])('does not begin at %s', async (startsAt) => {
        await expect(site.admin.createExam({}, { startsAt })).rejects.toMatchObject({
          status: 400,
          body: { ref: 'body.startsAt' },
        });
      });

      test('is listed newest first, by status, in pages', async () => {
        const made: string[] = [];
        for (let i = 0; i < 3; i++)
          made.unshift((await site.admin.createExam({}, { status: 'scheduled', startsAt: at(60) })).id);
        const first = await proctor.get<Page<Exam>>('/api/exams?status=scheduled&limit=2');
        expect(first.items.map((exam) => exam.id)).toEqual(made.slice(0, 2));
        const second = await proctor.get<Page<Exam>>(`/api/exams?status=scheduled&limit=2&cursor=${first.nextCursor}`);
        expect(second.items[0]?.id).toBe(made[2]);
        expect(second.items.every((exam) => exam.status === 'scheduled')).toBe(true);
        await expect(proctor.get('/api/exams?status=open')).rejects.toMatchObject({
          status: 400,
          body: { ref: 'query.status' },
        });
      });
    });

    describe('replacing an exam', () => {
      test('replaces everything but the status, and what is left out of the terms is gone', async () => {
        const { id } = await site.admin.createExam({}, { startsAt: at(0), endsAt: at(60), durationMinutes: 30 });
        const replaced = await put(id, {
          title: 'Geometry',
          startsAt: at(5),
          endsAt: at(90),
          durationMinutes: 45,
          openTo: 'enrolled',
        });
        expect(replaced).toMatchObject({
          title: 'Geometry',
          startsAt: at(5),
          endsAt: at(90),
          durationMinutes: 45,
          openTo: 'enrolled',
          status: 'active',
          policyVersion: 1,
        });
        await expect(put(id, { title: 'Geometry', status: 'draft' })).rejects.toMatchObject({
          status: 400,
          body: { ref: 'body.status' },
        });
        expect(await put(id, { title: 'Geometry' })).toMatchObject({
          startsAt: null,
          endsAt: null,
          durationMinutes: null,
          openTo: 'enrolled',
          status: 'active',
        });
        expect(await get(id)).toMatchObject({ title: 'Geometry', durationMinutes: null });
      });

      test('with another policy makes the next version, and keeps the old ones', async () => {
        const exam = await site.admin.createExam({ holds: { noFace: 4 } });
        now += MINUTE;
        const changed = await put(exam.id, { title: exam.title, policy: { holds: { noFace: 9 } } });
        expect(changed).toMatchObject({ policyVersion: 2, policy: { holds: { noFace: 9 } } });
        const { items, nextCursor } = await policies(exam.id);
        expect(items).toMatchObject([
          {
            version: 2,
            policy: { holds: { noFace: 9 } },
            createdBy: site.admin.userId,
            createdAt: new Date(now).toISOString(),
          },
          {
            version: 1,
            policy: { holds: { noFace: 4 } },
            createdBy: site.admin.userId,
            createdAt: new Date(now - MINUTE).toISOString(),
          },
        ]);
        expect(nextCursor).toBeNull();
        const page = await policies(exam.id, '?limit=1');
        expect(page).toMatchObject({ items: [{ version: 2 }], nextCursor: '2' });
        expect(await policies(exam.id, '?limit=1&cursor=2')).toMatchObject({ items: [{ version: 1 }] });
        now = T0;
      });

      test('with the policy that it has, or none, makes no version', async () => {
        const exam = await site.admin.createExam({ holds: { noFace: 4 }, weights: { PASTE: 2 } });
        await put(exam.id, { title: 'Renamed' });
        await put(exam.id, { title: 'Renamed', policy: exam.policy });
        // Its parts in another order are the same policy.
        await put(exam.id, { title: 'Renamed', policy: { weights: { PASTE: 2 }, holds: { noFace: 4 } } });
        expect(await get(exam.id)).toMatchObject({ policyVersion: 1, policy: exam.policy });
        expect((await policies(exam.id)).items).toHaveLength(1);
      });

      test('at once makes versions without holes and without losing one', async () => {
        const { id } = await site.admin.createExam();
        await Promise.all(
          [1, 2, 3, 4, 5].map((unknownWeight) =>
            put(id, { title: 'x', policy: { unknownWeight: unknownWeight + 10 } }),
          ),
        );
        const { items } = await policies(id);
        expect(items.map((item) => item.version)).toEqual([6, 5, 4, 3, 2, 1]);
        expect(
          items
            .slice(0, 5)
            .map((item) => item.policy.unknownWeight)
            .toSorted((a, b) => a - b),
        ).toEqual([11, 12, 13, 14, 15]);
        expect((await get(id)).policy).toEqual(items[0]?.policy);
      });

      test('leaves sessions that run with the policy and the deadline that they started with', async () => {
        const calibration = { seconds: 0 };
        const attempt = await startAttempt(site, { weights: { TAB_SWITCH: 7 }, calibration }, { durationMinutes: 30 });
        const policy = { weights: { TAB_SWITCH: 1 }, calibration };
        await put(attempt.exam.id, { title: 'x', durationMinutes: 5, policy });
        const socket = await attempt.connect();
        socket.send(signal(1));
        expect(await socket.next('risk')).toMatchObject({ score: 7 });
        socket.close();
        expect(await session(attempt.session.id)).toMatchObject({ policyVersion: 1, deadline: at(30) });
        const next = await (await site.student()).startSession(attempt.exam.id);
        expect(next).toMatchObject({ policyVersion: 2, deadline: at(5) });
      });

      test('is refused with the faulty field, and changes nothing', async () => {
        const exam = await site.admin.createExam();
        await expect(put(exam.id, { title: 'x', startsAt: at(2), endsAt: at(1) })).rejects.toMatchObject({
          status: 400,
          body: { ref: 'body.endsAt' },
        });
        await expect(put(exam.id, {})).rejects.toMatchObject({ status: 400, body: { ref: 'body.title' } });
        await expect(put(exam.id, { title: 'x', policy: { retentionDays: 0 } })).rejects.toMatchObject({
          status: 400,
          body: { ref: 'body.policy.retentionDays' },
        });
        await expect(put(uuidv7(), { title: 'x' })).rejects.toMatchObject({ status: 404 });
        expect(await get(exam.id)).toEqual(exam);
      });
    });

    describe('the status of an exam', () => {
      test('goes from draft to archived one step at a time', async () => {
        const { id } = await site.admin.createExam({}, { status: 'draft', startsAt: at(60) });
        for (const status of [
          'scheduled',
          'draft',
          'scheduled',
          'active',
          'completed',
          'active',
          'completed',
          'archived',
        ] as const) {
          expect(await move(id, status)).toMatchObject({ id, status });
          expect(await get(id)).toMatchObject({ status });
        }
      });

      test('is scheduled only with a start, without which it would never open', async () => {
        const noStart = { status: 400, code: 'bad_request', body: { ref: 'body.startsAt' } };
        await expect(site.admin.createExam({}, { status: 'scheduled' })).rejects.toMatchObject(noStart);
        const { id } = await site.admin.createExam({}, { status: 'draft' });
        await expect(move(id, 'scheduled')).rejects.toMatchObject({ status: 409, code: 'bad_transition' });
        await put(id, { title: 'x', startsAt: at(60) });
        await move(id, 'scheduled');
        await expect(put(id, { title: 'x' })).rejects.toMatchObject(noStart);
        expect(await get(id)).toMatchObject({ status: 'scheduled', startsAt: at(60), endsAt: null });
      });

      test('takes no step that is not allowed, and says which ones are', async () => {
        const { id } = await site.admin.createExam({}, { status: 'draft' });
        await expect(move(id, 'completed')).rejects.toMatchObject({
          status: 409,
          code: 'bad_transition',
          body: { detail: 'status draft can change to scheduled, active or archived, not completed' },
        });
        await expect(move(id, 'over')).rejects.toMatchObject({ status: 400, body: { ref: 'body.status' } });
        await move(id, 'archived');
        await expect(move(id, 'active')).rejects.toMatchObject({ status: 409, code: 'bad_transition' });
        expect(await move(id, 'archived')).toMatchObject({ status: 'archived' });
        await expect(move(uuidv7(), 'active')).rejects.toMatchObject({ status: 404 });
      });

      test('stays active while sessions run; with endSessions they end, and the students are notified', async () => {
        const first = await startAttempt(site);
        const second = await site.student();
        const other = await second.startSession(first.exam.id);
        const socket = await first.connect();
        await expect(move(first.exam.id, 'completed')).rejects.toMatchObject({
          status: 409,
          code: 'exam_has_sessions',
          body: { detail: expect.stringContaining('2 sessions are running') },
        });
        expect(await get(first.exam.id)).toMatchObject({ status: 'active' });
        expect(await move(first.exam.id, 'completed', { endSessions: true })).toMatchObject({ status: 'completed' });
        expect(await socket.next('ended')).toMatchObject({ reason: 'ended' });
        expect(await socket.closed()).toBe(4410);
        for (const id of [first.session.id, other.id])
          expect(await session(id)).toMatchObject({ status: 'ended', endReason: 'ended', endedAt: at(0) });
        await expect(second.startSession(first.exam.id)).rejects.toMatchObject({
          status: 409,
          code: 'exam_not_active',
        });
      });

      test('that ends sessions lets none slip in that starts meanwhile', async () => {
        const exam = await site.admin.createExam();
        const students = await Promise.all(Array.from({ length: 6 }, () => site.student()));
        const starts = students.map((each) => each.startSession(exam.id));
        const moved = move(exam.id, 'completed', { endSessions: true });
        await Promise.allSettled([...starts, moved]);
        await moved;
        const { items } = await site.admin.get<Page<Session>>(`/api/sessions?exam=${exam.id}`);
        expect(items.filter((each) => each.status !== 'ended')).toEqual([]);
      });
    });

    describe('deleting an exam', () => {
      test('that nobody sat deletes it', async () => {
        const { id } = await site.admin.createExam();
        await put(id, { title: 'x', policy: { unknownWeight: 2 } });
        await site.admin.request('PUT', `/api/exams/${id}/students/${student.userId}`, {});
        expect(await remove(id)).toBeUndefined();
        await expect(get(id)).rejects.toMatchObject({ status: 404 });
        await expect(remove(id)).rejects.toMatchObject({ status: 404, code: 'not_found' });
      });

      test('that has sessions is refused with their number, unless it is archived: then they go with it', async () => {
        const attempt = await startAttempt(site);
        const kept = await startAttempt(site);
        for (const { connect } of [attempt, kept]) {
          const socket = await connect();
          socket.send(signal(1));
          await socket.next('ack');
          socket.send({ type: 'finish' });
          await socket.closed();
        }
        const refusal = {
          status: 409,
          code: 'exam_has_sessions',
          body: { detail: expect.stringContaining('1 session;') },
        };
        await expect(remove(attempt.exam.id)).rejects.toMatchObject(refusal);
        await move(attempt.exam.id, 'completed');
        await expect(remove(attempt.exam.id)).rejects.toMatchObject(refusal);
        await move(attempt.exam.id, 'archived');
        await remove(attempt.exam.id);
        await expect(session(attempt.session.id)).rejects.toMatchObject({ status: 404 });
        await expect(attempt.events()).rejects.toMatchObject({ status: 404 });
        expect(await kept.types()).toEqual(['TAB_SWITCH']);
      });
    });

    describe('a student', () => {
      const find = async (api: Api, id: string) =>
        (await api.get<Page<AvailableExam>>('/api/exams/available?limit=200')).items.find((exam) => exam.id === id);
      const details = (api: Api, id: string) => api.get<ExamDetails>(`/api/exams/${id}/details`);

      test('sees the exams open now or later, and why one cannot be started yet', async () => {
        const draft = await site.admin.createExam({}, { status: 'draft' });
        const scheduled = await site.admin.createExam({}, { status: 'scheduled', startsAt: at(60) });
        const open = await site.admin.createExam(
          {},
          { title: 'Open', startsAt: at(0), endsAt: at(60), durationMinutes: 30 },
        );
        const later = await site.admin.createExam({}, { startsAt: at(10) });
        const over = await site.admin.createExam({}, { endsAt: at(0) });
        const completed = await site.admin.createExam();
        await move(completed.id, 'completed');
        expect(await find(student, open.id)).toEqual({
          id: open.id,
          title: 'Open',
          openTo: 'all',
          status: 'active',
          startsAt: at(0),
          endsAt: at(60),
          durationMinutes: 30,
          extraMinutes: 0,
          breakMinutes: 0,
          accommodated: false,
          lateStartUntil: null,
          timeZone: 'UTC',
          maxAttempts: null,
          attempts: 0,
          readmission: null,
          canStart: true,
          reason: null,
          runningSessionId: null,
          checkIn: null,
        });
        expect(await find(student, scheduled.id)).toMatchObject({
          canStart: false,
          reason: { code: 'exam_not_active', detail: 'exam is scheduled' },
        });
        expect(await find(student, later.id)).toMatchObject({
          canStart: false,
          reason: { code: 'exam_outside_window', detail: 'exam has not started' },
        });
        for (const { id } of [draft, over, completed]) expect(await find(student, id)).toBeUndefined();
      });

      test("finds the attempt that runs, whatever has become of the exam's window", async () => {
        const attempt = await startAttempt(site, {}, { endsAt: at(10) });
        const reason = { code: 'session_exists', detail: 'a session of this exam is already running' };
        expect(await find(attempt.student, attempt.exam.id)).toMatchObject({
          canStart: false,
          reason,
          runningSessionId: attempt.session.id,
        });
        expect(await find(student, attempt.exam.id)).toMatchObject({ canStart: true, runningSessionId: null });
        await put(attempt.exam.id, { title: 'x', endsAt: at(-10) });
        expect(await find(attempt.student, attempt.exam.id)).toMatchObject({ runningSessionId: attempt.session.id });
        expect(await find(student, attempt.exam.id)).toBeUndefined();
        await attempt.student.post(`/api/sessions/${attempt.session.id}/end`);
        expect(await find(attempt.student, attempt.exam.id)).toBeUndefined();
      });

      test('finds the exams that closed without them for 30 days, and no other closed ones', async () => {
        const late = await site.student();
        const enrolledOnly = { openTo: 'enrolled' };
        const enrol = (id: string, extraMinutes = 0) =>
          site.admin.request('PUT', `/api/exams/${id}/students/${late.userId}`, { extraMinutes });
        const missed = async () =>
          (await late.get<Page<AvailableExam>>('/api/exams/available?missed=true&limit=200')).items;
        /** Access tokens end after 15 minutes. */
        const passTo = async (minutes: number) => {
          now = T0 + minutes * MINUTE;
          await late.login(late.tokens!.user.email, "Student's password");
        };
        const window = { startsAt: at(-60), endsAt: at(60), timeZone: 'Europe/Berlin' };
        const open = await site.admin.createExam({}, window);
        const mine = await site.admin.createExam({}, { ...enrolledOnly, ...window });
        const byHand = await site.admin.createExam({}, enrolledOnly);
        const taken = await site.admin.createExam({}, { ...enrolledOnly, ...window });
        const others = await site.admin.createExam({}, { ...enrolledOnly, ...window });
        const archived = await site.admin.createExam({}, enrolledOnly);
        for (const { id } of [byHand, taken, archived]) await enrol(id);
        await enrol(mine.id, 15);
        const { id: attempt } = await late.startSession(taken.id);
        await late.post(`/api/sessions/${attempt}/end`);
        for (const { id } of [byHand, archived]) await move(id, 'completed');
        await move(archived.id, 'archived');
        const ids = async () => (await missed()).map(({ id }) => id);
        expect(await ids()).toContain(byHand.id);
        for (const { id } of [open, mine, taken, others, archived]) expect(await ids()).not.toContain(id);
        try {
          await passTo(61);
          expect(await ids()).toEqual(expect.arrayContaining([byHand.id, open.id]));
          await passTo(76);
          expect((await missed()).find(({ id }) => id === mine.id)).toMatchObject({
            title: mine.title,
            status: 'completed',
            startsAt: at(-60),
            endsAt: at(75),
            timeZone: 'Europe/Berlin',
            attempts: 0,
            canStart: false,
          });
          for (const { id } of [taken, others, archived]) expect(await ids()).not.toContain(id);
          for (const { id } of [open, mine, byHand]) expect(await find(late, id)).toBeUndefined();
          await passTo(31 * 24 * 60);
          expect(await ids()).toEqual([]);
        } finally {
          now = T0;
        }
      });

      test('pages through what is available', async () => {
        const made: string[] = [];
        for (let i = 0; i < 3; i++) made.unshift((await site.admin.createExam()).id);
        const first = await student.get<Page<AvailableExam>>('/api/exams/available?limit=2');
        expect(first.items.map((exam) => exam.id)).toEqual(made.slice(0, 2));
        const second = await student.get<Page<AvailableExam>>(
          `/api/exams/available?limit=2&cursor=${first.nextCursor}`,
        );
        expect(second.items[0]?.id).toBe(made[2]);
      });

      test('sees the monitored events before consenting, without their weights', async () => {
        const policy = {
          frames: { sendFps: 3, analyseFps: 2 },
          holds: { noFace: 4 },
          multipleFaces: { frames: 3 },
          gaze: { enabled: false },
          calibration: { seconds: 7 },
          retentionDays: 30,
          weights: { NO_FACE: 42 },
        };
        const exam = await site.admin.createExam(policy, { title: 'Told', durationMinutes: 60 });
        const told = await details(student, exam.id);
        expect(told).toMatchObject({
          id: exam.id,
          title: 'Told',
          durationMinutes: 60,
          canStart: true,
          frames: { sendFps: 3, analyseFps: 2 },
          calibrationSeconds: 7,
          retentionDays: 30,
          gaze: false,
        });
        expect(told.watchedFor).toEqual([
          { type: 'NO_FACE', holdSeconds: 4 },
          { type: 'MULTIPLE_FACES', holdSeconds: 1 },
          { type: 'LOOKING_AWAY', holdSeconds: 3 },
          { type: 'CAMERA_COVERED', holdSeconds: 3 },
          { type: 'FROZEN_VIDEO', holdSeconds: 10 },
          { type: 'NO_FRAME_RECEIVED', holdSeconds: 10 },
          { type: 'INVALID_IMAGE', holdSeconds: 0 },
          { type: 'REPEATED_PICTURE', holdSeconds: 12 },
          { type: 'STILL_PICTURE', holdSeconds: 25 },
          { type: 'LOOPED_VIDEO', holdSeconds: 25 },
          { type: 'FEW_FRAMES', holdSeconds: 18 },
          { type: 'SMALL_PICTURE', holdSeconds: 10 },
          { type: 'TWO_SOURCES', holdSeconds: 5 },
          { type: 'FACE_UNCLEAR', holdSeconds: 15 },
        ]);
        expect(told.signals).toContain('TAB_SWITCH');
        // As a value: ids and times may hold the digits.
        expect(JSON.stringify(told)).not.toMatch(/:42[,}\]]/);
      });

      test('sees no draft or archived exam', async () => {
        const draft = await site.admin.createExam({}, { status: 'draft', startsAt: at(60) });
        await expect(details(student, draft.id)).rejects.toMatchObject({ status: 404, code: 'not_found' });
        await move(draft.id, 'scheduled');
        expect(await details(student, draft.id)).toMatchObject({ status: 'scheduled', canStart: false });
        await move(draft.id, 'archived');
        await expect(details(student, draft.id)).rejects.toMatchObject({ status: 404, code: 'not_found' });
        await expect(details(student, uuidv7())).rejects.toMatchObject({ status: 404 });
      });
    });

    describe('ProctorBE exams', () => {
      const made = async (query: string) =>
        (await site.admin.send('POST', `/exams/?${query}`)) as { status: number; body: { id: string } };
      const listed = async (api: Api) => (await api.send('GET', '/exams/')).body as { id: string }[];

      test('are made from the query, and active at once; times without an offset are UTC', async () => {
        const { status, body } = await made(
          'title=Old%20exam&start_time=2026-01-01T10:00:00&end_time=2026-01-01T14:00:00%2B02:00',
        );
        expect(status).toBe(200);
        expect(body).toEqual({
          id: body.id,
          title: 'Old exam',
          start_time: '2026-01-01T10:00:00.000Z',
          end_time: '2026-01-01T12:00:00.000Z',
        });
        expect(await get(body.id)).toMatchObject({
          title: 'Old exam',
          status: 'active',
          openTo: 'all',
          startsAt: '2026-01-01T10:00:00.000Z',
          endsAt: '2026-01-01T12:00:00.000Z',
          durationMinutes: null,
          policyVersion: 1,
        });
        expect((await made('title=No%20times')).body).toMatchObject({
          title: 'No times',
          start_time: null,
          end_time: null,
        });
      });

      test.each([
        ['start_time=2026-01-01T10:00:00', 'query.title'],
        ['title=x&start_time=soon', 'query.start_time'],
        ['title=x&start_time=2026-01-01T10:00:00&end_time=2026-01-01T09:00:00', 'query.end_time'],
      ])('are not made from %s', async (query, field) => {
        expect(await made(query)).toMatchObject({ status: 400, body: { code: 'bad_request', ref: field } });
      });

      test('are made by admins only', async () => {
        for (const api of [student, proctor])
          expect(await api.send('POST', '/exams/?title=x')).toMatchObject({ status: 403 });
        expect(await site.api().send('POST', '/exams/?title=x')).toMatchObject({ status: 401 });
      });

      test('are a plain list for everybody, oldest first; drafts and exams for others are listed for staff only', async () => {
        const [first, second] = [(await made('title=first')).body, (await made('title=second')).body];
        const draft = await site.admin.createExam({}, { status: 'draft' });
        const closed = await site.admin.createExam({}, { openTo: 'enrolled' });
        const ids = async (api: Api) => (await listed(api)).map((exam) => exam.id);
        for (const api of [site.api(), student]) {
          const shown = await ids(api);
          expect(shown.slice(-2)).toEqual([first.id, second.id]);
          for (const { id } of [draft, closed]) expect(shown).not.toContain(id);
        }
        for (const api of [proctor, site.admin])
          expect((await ids(api)).slice(-4)).toEqual([first.id, second.id, draft.id, closed.id]);
        expect(await site.api().send('GET', '/exams')).toMatchObject({ status: 200 });
        expect(
          await site.api().send('GET', '/exams/', { headers: { authorization: 'Bearer nonsense' } }),
        ).toMatchObject({ status: 401 });
      });
    });
  });
}
