import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MyAttempt } from '../../protocol/http/attempts.ts';
import type { AuditEntry } from '../../protocol/http/audit.ts';
import type { Enrolment } from '../../protocol/http/enrolments.ts';
import type { AvailableExam, Exam, ExamDetails } from '../../protocol/http/exams.ts';
import type { Organisation } from '../../protocol/http/organisations.ts';
import type { AccommodationProfile, PolicyProfile } from '../../protocol/http/profiles.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { z } from 'zod';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { T0 } from '../support/rows.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const MINUTE = 60_000;
const at = (minutes: number) => new Date(T0 + minutes * MINUTE).toISOString();
const UNCALIBRATED = { calibration: { seconds: 0 } };
const POLICIES = '/api/policy-profiles';
const ACCOMMODATIONS = '/api/accommodation-profiles';

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`profiles on ${title}`, () => {
    let site: TestServer;
    let proctor: Api;
    let student: Api;
    let names = 0;
    beforeAll(async () => {
      site = await startTestServer({ kind, overrides: { clock: () => T0 } });
      proctor = await site.proctor();
      student = await site.student('Zoë');
    });
    afterAll(() => site?.close());

    const policyProfile = (policy: object = {}) =>
      site.admin.post<PolicyProfile>(POLICIES, { name: `Policy ${++names}`, policy });
    const accommodation = (terms: object) =>
      site.admin.post<AccommodationProfile>(ACCOMMODATIONS, { name: `Accommodation ${++names}`, terms });
    const enrol = (exam: Exam, body: object, who = student) =>
      site.admin.request<Enrolment>('PUT', `/api/exams/${exam.id}/students/${who.userId}`, body);
    const closedExam = (more: object = {}) =>
      site.admin.createExam(UNCALIBRATED, { openTo: 'enrolled', durationMinutes: 60, ...more });
    const json = (body: object) => ({
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    const chain = async (type: string, id: string) =>
      (await site.admin.get<{ items: AuditEntry[] }>(`/api/blockchain/entity/${type}/${id}?limit=200`)).items;

    describe('of policies', () => {
      test('an exam has a copy: a changed profile changes no exam until it takes the new version over', async () => {
        const profile = await policyProfile({ holds: { noFace: 6 } });
        const exam = await site.admin.post<Exam>('/api/exams', { title: 'Optics', policyProfileId: profile.id });
        expect(exam).toMatchObject({ policyVersion: 1, policy: { holds: { noFace: 6 } } });
        expect(exam.policyProfile).toEqual({ id: profile.id, name: profile.name, version: 1, currentVersion: 1 });

        await site.admin.request('PATCH', `${POLICIES}/${profile.id}`, { policy: { holds: { noFace: 12 } } });
        const waiting = await proctor
          .get<{ items: Exam[] }>('/api/exams?limit=200')
          .then(({ items }) => items.find(({ id }) => id === exam.id));
        // Not assigned: not seen.
        expect(waiting).toBeUndefined();
        const before = await site.admin.get<Exam>(`/api/exams/${exam.id}`);
        expect(before).toMatchObject({
          policyVersion: 1,
          policy: { holds: { noFace: 6 } },
          policyProfile: { version: 1, currentVersion: 2 },
        });

        const after = await site.admin.request<Exam>('PUT', `/api/exams/${exam.id}/policy-profile`, {
          policyProfileId: profile.id,
        });
        expect(after).toMatchObject({
          policyVersion: 2,
          policy: { holds: { noFace: 12 } },
          policyProfile: { version: 2, currentVersion: 2 },
        });
        const versions = await site.admin.get<{ items: unknown[] }>(`/api/exams/${exam.id}/policies`);
        expect(versions.items).toMatchObject([
          { version: 2, policy: { holds: { noFace: 12 } } },
          { version: 1, policy: { holds: { noFace: 6 } } },
        ]);
        const payloads = (await chain('exam', exam.id)).map(({ payload }) => JSON.parse(payload));
        expect(payloads).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ policyVersion: 2, policyProfileId: profile.id, policyProfileVersion: 2 }),
          ]),
        );
      });

      test('an exam leaves its profile when its policy is edited, and keeps it when other fields are', async () => {
        const profile = await policyProfile();
        const { id, policy } = await site.admin.post<Exam>('/api/exams', {
          title: 'Optics',
          policyProfileId: profile.id,
        });
        const put = (body: object) => site.admin.request<Exam>('PUT', `/api/exams/${id}`, { title: 'Waves', ...body });
        expect(await put({})).toMatchObject({ policyVersion: 1, policyProfile: { version: 1 } });
        expect(await put({ policy })).toMatchObject({ policyVersion: 1, policyProfile: { version: 1 } });
        expect(await put({ policy: { unknownWeight: 3 } })).toMatchObject({ policyVersion: 2, policyProfile: null });
        expect(await put({ policyProfileId: profile.id })).toMatchObject({
          policyVersion: 3,
          policyProfile: { version: 1 },
        });
        expect(await put({ policyProfileId: null })).toMatchObject({ policyVersion: 3, policyProfile: null });
      });

      test('a clone keeps the version of the exam that it is a copy of', async () => {
        const profile = await policyProfile({ holds: { noFace: 6 } });
        await site.admin.request('PATCH', `${POLICIES}/${profile.id}`, { policy: { holds: { noFace: 12 } } });
        const create = (body: object) => site.admin.send('POST', '/api/exams', json({ title: 'Clone', ...body }));
        const clone = await create({ policyProfileId: profile.id, policyProfileVersion: 1 });
        expect(clone.body).toMatchObject({
          policy: { holds: { noFace: 6 } },
          policyProfile: { id: profile.id, version: 1, currentVersion: 2 },
        });
        expect(await create({ policyProfileId: profile.id, policyProfileVersion: 3 })).toMatchObject({ status: 404 });
        expect(await create({ policyProfileVersion: 1 })).toMatchObject({ status: 400 });
      });

      test('of two people who edit one version, the second is told, and can decide again', async () => {
        const profile = await policyProfile();
        const change = (body: object) => site.admin.send('PATCH', `${POLICIES}/${profile.id}`, json(body));
        const mine = { baseVersion: 1, policy: { holds: { noFace: 6 } } };
        expect(await change(mine)).toMatchObject({ status: 200, body: { version: 2 } });
        expect(await change(mine), 'sent again').toMatchObject({ status: 200, body: { version: 2 } });
        const theirs = { policy: { holds: { noFace: 9 } } };
        for (const body of [theirs, { name: `Renamed ${profile.name}` }])
          expect(await change({ ...body, baseVersion: 1 })).toMatchObject({
            status: 409,
            body: { code: 'profile_changed', ref: 2 },
          });
        expect(await site.admin.get(`${POLICIES}/${profile.id}`)).toMatchObject({
          name: profile.name,
          version: 2,
          policy: { holds: { noFace: 6 } },
        });
        expect(await change({ ...theirs, baseVersion: 2 })).toMatchObject({ status: 200, body: { version: 3 } });
        const { items } = await site.admin.get<{ items: object[] }>(`${POLICIES}/${profile.id}/versions`);
        expect(items).toMatchObject([3, 2, 1].map((version) => ({ version, createdByName: 'Admin' })));
      });

      test('a policy and a profile together are refused', async () => {
        const { id } = await policyProfile();
        expect(
          await site.admin.send('POST', '/api/exams', json({ title: 'Two', policy: {}, policyProfileId: id })),
        ).toMatchObject({ status: 400, body: { code: 'bad_request' } });
      });

      test('an archived profile cannot be chosen or changed, stays with its exams, and can be restored', async () => {
        const { id } = await policyProfile();
        const exam = await site.admin.post<Exam>('/api/exams', { title: 'Kept', policyProfileId: id });
        const change = (body: object) => site.admin.send('PATCH', `${POLICIES}/${id}`, json(body));
        await change({ archived: true });
        const refused = { status: 409, body: { code: 'profile_archived' } };
        expect(await site.admin.send('POST', '/api/exams', json({ title: 'New', policyProfileId: id }))).toMatchObject(
          refused,
        );
        expect(await change({ policy: { unknownWeight: 9 } })).toMatchObject(refused);
        expect(
          await site.admin.send('PUT', `/api/exams/${exam.id}/policy-profile`, json({ policyProfileId: id })),
        ).toMatchObject({ status: 200 });
        expect(await change({ archived: false, policy: { unknownWeight: 9 } })).toMatchObject({
          status: 200,
          body: { version: 2, archived: false },
        });
      });

      test('equal content makes no version', async () => {
        const { id } = await policyProfile({ unknownWeight: 4 });
        expect(
          await site.admin.request('PATCH', `${POLICIES}/${id}`, { name: `Other ${id}`, policy: { unknownWeight: 4 } }),
        ).toMatchObject({ version: 1, name: `Other ${id}` });
      });
    });

    describe('of accommodations', () => {
      test('set deadline, window and policy of a session that starts, in the version of that moment', async () => {
        const profile = await accommodation({ extraPercent: 25, detection: { gaze: false, holds: { noFace: 9 } } });
        const exam = await closedExam({ startsAt: at(-10), endsAt: at(30) });
        expect(await enrol(exam, { extraMinutes: 5, accommodationProfileId: profile.id })).toMatchObject({
          extraMinutes: 5,
          accommodationProfile: { id: profile.id, version: 1 },
        });
        await site.admin.request('PATCH', `${ACCOMMODATIONS}/${profile.id}`, {
          terms: { ...profile.terms, extraPercent: 33, breakMinutes: 15, note: 'Uses a screen reader.' },
        });
        // 33 % of 60 min are 19.8 min.
        const details = await student.get<ExamDetails>(`/api/exams/${exam.id}/details`);
        expect(details).toMatchObject({
          endsAt: at(55),
          durationMinutes: 85,
          extraMinutes: 25,
          breakMinutes: 15,
          accommodated: true,
          gaze: false,
        });
        const session = await student.startSession(exam.id);
        expect(session).toMatchObject({ deadline: at(55), accommodations: { extraMinutes: 25 } });
        const applied = {
          id: profile.id,
          name: profile.name,
          version: 2,
          breakMinutes: 15,
          headCovering: false,
          note: 'Uses a screen reader.',
        };
        const seen = await proctor.get<Session>(`/api/sessions/${session.id}`);
        expect(seen.accommodations).toMatchObject({ extraMinutes: 25, profile: applied });

        // Later versions leave it alone.
        await site.admin.request('PATCH', `${ACCOMMODATIONS}/${profile.id}`, { terms: { extraPercent: 0 } });
        expect(await proctor.get<Session>(`/api/sessions/${session.id}`)).toEqual(seen);
        const started = (await chain('session', session.id)).find(({ eventType }) => eventType === 'SESSION_STARTED');
        expect(JSON.parse(started!.payload)).toMatchObject({
          accommodationProfileId: profile.id,
          accommodationProfileVersion: 2,
        });
      });

      test('the note reaches proctors and consoles, not the student, and never the audit log', async () => {
        const note = 'May leave the room. Ask quietly.';
        const profile = await accommodation({ headCovering: true, note });
        const exam = await closedExam();
        await enrol(exam, { accommodationProfileId: profile.id });
        const started = await student.startSession(exam.id);
        const own = [
          started,
          await student.get<Session>(`/api/sessions/${started.id}`),
          (await student.get<{ items: Session[] }>('/api/sessions')).items[0],
          (await student.get<z.infer<typeof MyAttempt>>(`/api/proctoring/my-attempt/${started.id}`)).session,
        ];
        for (const session of own) {
          expect(session?.accommodations?.profile).toMatchObject({ headCovering: true, note: null });
          expect(JSON.stringify(session)).not.toContain('Ask quietly');
        }
        const socket = new RawSocket(site.url, await proctor.consoleTicket());
        await socket.opened();
        socket.send({ type: 'subscribe', exam: exam.id });
        expect(await socket.next('snapshot')).toMatchObject({
          sessions: [{ id: started.id, accommodations: { profile: { name: profile.name, headCovering: true, note } } }],
        });
        socket.close();
        for (const [type, id] of [
          ['system', profile.id],
          ['exam', exam.id],
          ['session', started.id],
        ] as const) {
          const entries = await chain(type, id);
          expect(entries.length).toBeGreaterThan(0);
          expect(JSON.stringify(entries)).not.toContain('Ask quietly');
          expect(JSON.stringify(entries)).not.toContain(profile.name);
        }
        await student.post(`/api/sessions/${started.id}/end`);
      });

      test.each([
        ['minutes', { extraMinutes: 15 }, { durationMinutes: 60 }],
        ['per cent of the duration', { extraPercent: 25 }, { durationMinutes: 60 }],
        ['per cent of the window', { extraPercent: 25 }, { durationMinutes: null }],
      ])('an exam whose end is past stays listed while %s of extra time last', async (_name, terms, exam) => {
        const profile = await accommodation(terms);
        for (const [minutesAgo, isListed] of [
          [14, true],
          [15, false],
        ] as const) {
          const late = await closedExam({ startsAt: at(-60 - minutesAgo), endsAt: at(-minutesAgo), ...exam });
          await enrol(late, { accommodationProfileId: profile.id });
          const { items } = await student.get<{ items: AvailableExam[] }>('/api/exams/available?limit=200');
          const listed = items.find(({ id }) => id === late.id);
          expect(listed !== undefined, `ended ${minutesAgo} min ago`).toBe(isListed);
          if (isListed) expect(listed).toMatchObject({ extraMinutes: 15, endsAt: at(1), canStart: true });
        }
      });

      test('is replaced with the enrolment, and cannot be deleted while one has it', async () => {
        const profile = await accommodation({ extraMinutes: 5 });
        const exam = await closedExam();
        await enrol(exam, { accommodationProfileId: profile.id });
        const remove = () => site.admin.send('DELETE', `${ACCOMMODATIONS}/${profile.id}`);
        expect(await remove()).toMatchObject({ status: 409, body: { code: 'profile_in_use' } });
        expect(await enrol(exam, {})).toMatchObject({ accommodationProfile: null });
        expect(await remove()).toMatchObject({ status: 204 });
      });

      test('an archived one stays with its enrolments and is refused to others', async () => {
        const profile = await accommodation({ extraMinutes: 5 });
        const exam = await closedExam();
        await enrol(exam, { accommodationProfileId: profile.id });
        await site.admin.request('PATCH', `${ACCOMMODATIONS}/${profile.id}`, { archived: true });
        expect(await enrol(exam, { accommodationProfileId: profile.id, room: 'A' })).toMatchObject({
          accommodationProfile: { id: profile.id },
        });
        const other = await site.student();
        await expect(enrol(exam, { accommodationProfileId: profile.id }, other)).rejects.toMatchObject({
          status: 409,
          code: 'profile_archived',
        });
        expect(await student.get(`/api/exams/${exam.id}/details`)).toMatchObject({ extraMinutes: 5 });
      });

      test('with an unknown term, a long note, or minutes and per cent together is refused', async () => {
        for (const terms of [
          { extraTime: 5 },
          { note: 'x'.repeat(501) },
          { extraMinutes: 5, extraPercent: 5 },
          { extraPercent: 12.5 },
        ])
          expect(
            await site.admin.send('POST', ACCOMMODATIONS, json({ name: `Bad ${++names}`, terms })),
            JSON.stringify(terms),
          ).toMatchObject({ status: 400, body: { code: 'bad_request' } });
      });
    });

    describe('of another organisation', () => {
      test('do not exist for its manager, and cannot be given to exams or enrolments of this one', async () => {
        const { id: organisationId } = await site.admin.post<Organisation>('/api/organisations', { name: 'Law' });
        const manager = site.api();
        const account = { email: `manager-${kind}@example.org`, password: 'a manager password' };
        await site.admin.post('/api/users', { ...account, name: 'Manager', role: 'manager', organisationId });
        await manager.login(account.email, account.password);
        const own = await policyProfile();
        const terms = await accommodation({ extraMinutes: 5 });
        const theirs = await manager.post<PolicyProfile>(POLICIES, { name: own.name });
        expect(theirs).toMatchObject({ organisationId, name: own.name });
        const missing = { status: 404, code: 'not_found' };
        for (const [method, path, body] of [
          ['GET', `${POLICIES}/${own.id}`],
          ['GET', `${POLICIES}/${own.id}/versions`],
          ['GET', `${POLICIES}/${own.id}/differences?from=1`],
          ['PATCH', `${POLICIES}/${own.id}`, { archived: true }],
          ['DELETE', `${POLICIES}/${own.id}`],
          ['PATCH', `${ACCOMMODATIONS}/${terms.id}`, { archived: true }],
          ['POST', '/api/exams', { title: 'Law', policyProfileId: own.id }],
          // A profile of the other kind.
          ['GET', `${POLICIES}/${terms.id}`],
        ] as const)
          await expect(manager.request(method, path, body), `${method} ${path}`).rejects.toMatchObject(missing);
        const lists = await manager.get<{ items: PolicyProfile[] }>(`${POLICIES}?limit=200`);
        expect(lists.items.map(({ id }) => id)).toEqual([theirs.id]);
        const exam = await closedExam();
        await expect(
          site.admin.request('PUT', `/api/exams/${exam.id}/policy-profile`, { policyProfileId: theirs.id }),
        ).rejects.toMatchObject(missing);
        await expect(proctor.get(POLICIES)).rejects.toMatchObject({ status: 403 });
      });
    });
  });
}
