import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AvailableExam, Exam } from '../../protocol/http/exams.ts';
import type { Result } from '../../protocol/http/results.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { CheckInRecord, CheckInsWaiting } from '../../protocol/http/check-in.ts';
import type { PolicyInput } from '../../protocol/policy.ts';
import type { Api } from '../support/api.ts';
import {
  comeIn,
  decide,
  leave,
  listed,
  myCheckIn,
  openCheckIn,
  ownPicture,
  pictureBytes,
  readCheckIn,
  remove,
  sendPicture,
  staffPicture,
  submit,
  take,
  takeRoom,
  withdraw,
} from '../support/check-in-site.ts';
import { KINDS } from '../support/databases.ts';
import { Clockwork } from '../support/picture-site.ts';
import { jpeg, noise, png } from '../support/pictures.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { assign, newPerson } from '../support/staffed-site.ts';

const MINUTE_MS = 60_000;
const BOTH: PolicyInput = { checkIn: { photo: true, document: true } };

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`check-in, on ${title}`, () => {
    const clock = new Clockwork();
    let site: TestServer;
    let proctor: Api;
    let student: Api;
    let exam: Exam;
    beforeAll(async () => {
      site = await startTestServer({ kind, overrides: { clock: clock.read } });
      proctor = await newPerson(site, 'proctor');
    });
    afterAll(() => site?.close());
    beforeEach(async () => {
      clock.now += MINUTE_MS;
      await Promise.all([site.admin.renew(), proctor.renew()]);
      student = await newPerson(site, 'student');
      exam = await site.admin.createExam(BOTH);
    });

    const offered = async (who = student, of = exam) =>
      (await who.get<{ items: AvailableExam[] }>('/api/exams/available')).items.find(({ id }) => id === of.id)!;

    describe('before a start', () => {
      test('is asked for by no exam whose policy does not, and its routes say so', async () => {
        const plain = await site.admin.createExam();
        expect(await myCheckIn(student, plain)).toMatchObject({ required: false, wants: null, checkIn: null });
        await expect(openCheckIn(student, plain)).rejects.toMatchObject({ code: 'check_in_off', status: 409 });
        expect((await offered(student, plain)).checkIn).toBeNull();
        await student.startSession(plain.id);
      });

      test('is needed by each attempt: the start is refused with the open check-in until staff admit', async () => {
        await expect(student.startSession(exam.id)).rejects.toMatchObject({ code: 'check_in_required', status: 409 });
        expect(await offered()).toMatchObject({
          canStart: false,
          reason: { code: 'check_in_required' },
          checkIn: { state: null, canOpen: true },
        });
        const { id } = await comeIn(student, exam);
        await expect(student.startSession(exam.id)).rejects.toMatchObject({
          code: 'check_in_required',
          body: { ref: id },
        });
        await decide(proctor, id, 'admit');
        expect(await offered()).toMatchObject({ canStart: true, reason: null, checkIn: { state: 'admitted' } });
        const session = await student.startSession(exam.id);
        await student.post(`/api/sessions/${session.id}/end`);
        await expect(student.startSession(exam.id)).rejects.toMatchObject({ code: 'check_in_required' });
        const second = await comeIn(student, exam);
        expect(second.id).not.toBe(id);
        await decide(proctor, second.id, 'admit');
        expect((await student.startSession(exam.id)).attempt).toBe(2);
      });

      test('is used up by the next attempt, also if the exam no longer asks for one', async () => {
        const { id } = await comeIn(student, exam);
        await decide(proctor, id, 'admit');
        const ask = (checkIn: PolicyInput['checkIn']) =>
          site.admin.request('PUT', `/api/exams/${exam.id}`, {
            title: exam.title,
            policy: { ...exam.policy, checkIn },
          });
        await ask({});
        const session = await student.startSession(exam.id);
        expect(await readCheckIn(proctor, id)).toMatchObject({ sessionId: session.id });
        await student.post(`/api/sessions/${session.id}/end`);
        await ask(BOTH.checkIn);
        await expect(student.startSession(exam.id)).rejects.toMatchObject({ code: 'check_in_required' });
      });

      test('is not needed by an attempt that is continued, and needed by a new one after a readmission', async () => {
        const once = await site.admin.createExam(BOTH, { maxAttempts: 1 });
        const { id } = await comeIn(student, once);
        await decide(proctor, id, 'admit');
        const session = await student.startSession(once.id);
        const end = () => student.post(`/api/sessions/${session.id}/end`);
        await end();
        const readmit = (how: string) =>
          site.admin.post(`/api/sessions/${session.id}/readmissions`, { kind: how, reason: 'Power cut' });
        await readmit('continue');
        expect(await myCheckIn(student, once)).toMatchObject({ required: false });
        await expect(openCheckIn(student, once)).rejects.toMatchObject({ code: 'check_in_off' });
        expect((await student.startSession(once.id)).id).toBe(session.id);
        await end();
        await readmit('new');
        await expect(student.startSession(once.id)).rejects.toMatchObject({ code: 'check_in_required' });
        const again = await comeIn(student, once);
        await decide(proctor, again.id, 'admit');
        expect((await student.startSession(once.id)).attempt).toBe(2);
      });

      test('opens an hour before a scheduled exam, whose time and late start begin at the exam', async () => {
        const startsAt = clock.now + 90 * MINUTE_MS;
        const later = await site.admin.createExam(BOTH, {
          status: 'scheduled',
          startsAt: new Date(startsAt).toISOString(),
          endsAt: new Date(startsAt + 240 * MINUTE_MS).toISOString(),
          durationMinutes: 60,
          lateStartMinutes: 15,
        });
        const opensAt = new Date(startsAt - 60 * MINUTE_MS).toISOString();
        expect((await offered(student, later)).checkIn).toEqual({ state: null, opensAt, canOpen: false });
        await expect(openCheckIn(student, later)).rejects.toMatchObject({
          code: 'exam_outside_window',
          retryable: true,
        });
        clock.now = startsAt - 10 * MINUTE_MS;
        await Promise.all([site.admin, proctor, student].map((who) => who.renew()));
        const { id } = await comeIn(student, later);
        const [item] = await listed(proctor, `?exam=${later.id}&state=waiting`);
        expect(item).toMatchObject({ id, startUntil: new Date(startsAt + 15 * MINUTE_MS).toISOString() });
        await decide(proctor, id, 'admit');
        await expect(student.startSession(later.id)).rejects.toMatchObject({ code: 'exam_not_active' });
        clock.now = startsAt + 3 * MINUTE_MS;
        const session = await student.startSession(later.id);
        // Ten seconds of calibration come first.
        expect(Date.parse(session.deadline!)).toBe(clock.now + 60 * MINUTE_MS + 10_000);
        const late = await newPerson(site, 'student');
        await comeIn(late, later);
        const [waiting] = await listed(proctor, `?exam=${later.id}&state=waiting`);
        clock.now = startsAt + 16 * MINUTE_MS;
        await Promise.all([site.admin, proctor, late].map((who) => who.renew()));
        await decide(proctor, waiting!.id, 'admit');
        await expect(late.startSession(later.id)).rejects.toMatchObject({ code: 'exam_outside_window' });
        const tooLate = await newPerson(site, 'student');
        await expect(openCheckIn(tooLate, later)).rejects.toMatchObject({ code: 'exam_outside_window' });
      });

      test('is hidden with its exam from those whom it is not for', async () => {
        const closed = await site.admin.createExam(BOTH, { openTo: 'enrolled' });
        await expect(myCheckIn(student, closed)).rejects.toMatchObject({ code: 'not_found' });
        await expect(openCheckIn(student, closed)).rejects.toMatchObject({ code: 'not_found' });
        await expect(openCheckIn(proctor, exam)).rejects.toMatchObject({ code: 'forbidden' });
      });
    });

    describe('pictures', () => {
      test('replace each other, can be deleted, and are read by their student only until they are submitted', async () => {
        const { checkIn } = await openCheckIn(student, exam);
        expect(checkIn).toMatchObject({ state: 'collecting', missing: ['photo', 'document'], pictures: [] });
        expect((await openCheckIn(student, exam)).checkIn!.id).toBe(checkIn!.id);
        const first = jpeg(1);
        const { pictures } = (await take(student, exam, 'photo', first)).checkIn!;
        const own = await pictureBytes(student, ownPicture(exam, pictures[0]!.id));
        expect(own.headers.get('cache-control')).toContain('no-store');
        expect(own.bytes.equals(first)).toBe(true);
        const seen = staffPicture(checkIn!.id, pictures[0]!.id);
        expect((await pictureBytes(proctor, seen)).status).toBe(404);
        expect((await readCheckIn(proctor, checkIn!.id)).pictures).toEqual([]);
        const again = (await take(student, exam, 'photo', jpeg(2))).checkIn!;
        expect(again.pictures).toHaveLength(1);
        expect(again.pictures[0]!.id).not.toBe(pictures[0]!.id);
        expect((await pictureBytes(student, ownPicture(exam, pictures[0]!.id))).status).toBe(404);
        expect((await remove(student, exam, 'photo')).checkIn).toMatchObject({
          pictures: [],
          missing: ['photo', 'document'],
        });
        await take(student, exam, 'photo', first);
        await take(student, exam, 'document');
        const submitted = (await submit(student, exam)).checkIn!;
        const [photo] = (await readCheckIn(proctor, checkIn!.id)).pictures;
        const shown = await pictureBytes(proctor, staffPicture(checkIn!.id, photo!.id));
        expect(shown.headers.get('cache-control')).toContain('no-store');
        expect(shown.headers.get('content-type')).toBe('image/jpeg');
        expect(shown.bytes.equals(first)).toBe(true);
        const { status } = await sendPicture(student, exam, 'photo');
        expect([submitted.state, status]).toEqual(['waiting', 409]);
      });

      test('are stored without what a phone writes beside them: place, comments, and what is behind their end', async () => {
        await openCheckIn(student, exam);
        const plain = Buffer.from(jpeg(8));
        const place = Buffer.from('Exif\0\0GPS 52.5200');
        const told = Buffer.concat([
          plain.subarray(0, 2),
          Buffer.from([0xff, 0xe1, 0, place.length + 2]),
          place,
          plain.subarray(2),
          Buffer.from('<script>'),
        ]);
        const { checkIn } = await take(student, exam, 'photo', told);
        const own = await pictureBytes(student, ownPicture(exam, checkIn!.pictures[0]!.id));
        expect(own.bytes.equals(plain)).toBe(true);
      });

      test('are bounded as frames are, and only of what the exam asks for', async () => {
        await openCheckIn(student, exam);
        const refusals = [
          { bytes: png(), code: 'invalid_image' },
          { bytes: jpeg(1).subarray(0, 400), code: 'invalid_image' },
          { bytes: new Uint8Array(256 * 1024), code: 'frame_too_large' },
        ];
        for (const { bytes, code } of refusals)
          expect((await sendPicture(student, exam, 'photo', bytes)).body).toMatchObject({ code });
        expect((await sendPicture(student, exam, 'room')).body).toMatchObject({ code: 'check_in_off' });
        // Wide enough for a document to be read.
        const wide = jpeg(3, 1920, 1080);
        if (wide.byteLength < 256 * 1024) await take(student, exam, 'document', wide);
        expect(noise().byteLength).toBeGreaterThan(0);
        const stranger = await newPerson(site, 'student');
        expect((await sendPicture(stranger, exam, 'photo')).body).toMatchObject({ code: 'not_found' });
      });

      test('of the room are at most 12, a second apart, and begin anew when they are deleted', async () => {
        const look = await site.admin.createExam({ checkIn: { room: true } });
        await openCheckIn(student, look);
        await take(student, look, 'room');
        expect((await sendPicture(student, look, 'room')).body).toMatchObject({ code: 'too_many_frames' });
        clock.now += 2000;
        await takeRoom(student, look, clock, 6);
        expect((await myCheckIn(student, look)).checkIn).toMatchObject({ missing: ['room'] });
        await expect(submit(student, look)).rejects.toMatchObject({ code: 'check_in_incomplete' });
        await takeRoom(student, look, clock, 5);
        const { checkIn } = await myCheckIn(student, look);
        expect([checkIn!.missing, checkIn!.pictures.length]).toEqual([[], 12]);
        expect((await sendPicture(student, look, 'room')).body).toMatchObject({ code: 'too_many_frames' });
        expect((await remove(student, look, 'room')).checkIn!.pictures).toEqual([]);
        await take(student, look, 'room');
      });
    });

    describe('the waiting room', () => {
      test('has an order, which each student reads; nobody is in it twice', async () => {
        const others = [await newPerson(site, 'student'), await newPerson(site, 'student')];
        for (const one of [student, ...others]) {
          clock.now += 1000;
          await comeIn(one, exam);
        }
        const places = () =>
          Promise.all(
            [student, ...others].map(async (one) =>
              [
                (await myCheckIn(one, exam)).checkIn!.place,
                (await one.get<{ place: number }>(`/api/exams/${exam.id}/check-in/state`)).place,
              ].join(),
            ),
          );
        expect(await places()).toEqual(['1,1', '2,2', '3,3']);
        const waiting = await listed(proctor, `?exam=${exam.id}&state=waiting&limit=2`);
        expect(waiting.map(({ student: { id } }) => id)).toEqual([student.userId, others[0]!.userId]);
        await leave(student, exam);
        expect((await places()).slice(1)).toEqual(['1,1', '2,2']);
        await expect(leave(student, exam)).rejects.toMatchObject({
          code: 'check_in_state',
          body: { ref: 'collecting' },
        });
        clock.now += 1000;
        await submit(student, exam);
        await expect(submit(student, exam)).rejects.toMatchObject({ code: 'check_in_state', body: { ref: 'waiting' } });
        expect((await places())[0]).toBe('3,3');
        const counts = await proctor.get<CheckInsWaiting>('/api/check-ins/waiting');
        expect(counts.items.find((item) => item.exam.id === exam.id)).toMatchObject({ waiting: 3 });
      });

      test('can be entered with something missing if the student says so, and admitting them needs a reason', async () => {
        await openCheckIn(student, exam);
        await take(student, exam, 'photo');
        await expect(submit(student, exam)).rejects.toMatchObject({
          code: 'check_in_incomplete',
          body: { ref: 'document' },
        });
        const { id } = (await submit(student, exam, true)).checkIn!;
        expect(await readCheckIn(proctor, id)).toMatchObject({ present: ['photo'], missing: ['document'] });
        await expect(decide(proctor, id, 'admit')).rejects.toMatchObject({
          code: 'bad_request',
          body: { ref: 'body.reason' },
        });
        const admitted = await decide(proctor, id, 'admit', { reason: 'Known to me' });
        expect(admitted).toMatchObject({
          state: 'admitted',
          decision: { decision: 'admit', reason: 'Known to me', shown: ['photo'], missing: ['document'] },
        });
      });

      test('can be left for good: the check-in and its pictures are gone, and another can be opened', async () => {
        const { id } = await comeIn(student, exam);
        const [photo] = (await readCheckIn(proctor, id)).pictures;
        expect(await withdraw(student, exam)).toMatchObject({ checkIn: null, required: true });
        expect(await readCheckIn(proctor, id)).toMatchObject({ state: 'withdrawn', pictures: [] });
        expect((await pictureBytes(proctor, staffPicture(id, photo!.id))).status).toBe(404);
        await expect(decide(proctor, id, 'admit')).rejects.toMatchObject({ code: 'check_in_state' });
        expect((await openCheckIn(student, exam)).checkIn!.id).not.toBe(id);
      });
    });

    describe('decisions', () => {
      test('hold with a reason that the student reads, who takes again what is asked and submits anew', async () => {
        const { id } = await comeIn(student, exam);
        await decide(proctor, id, 'hold', { reason: 'The document is blurred', retake: ['document'] });
        const held = await myCheckIn(student, exam);
        expect(held.checkIn).toMatchObject({
          state: 'held',
          retake: ['document'],
          decision: { decision: 'hold', reason: 'The document is blurred', by: null },
        });
        await expect(submit(student, exam)).rejects.toMatchObject({ code: 'check_in_incomplete' });
        expect((await take(student, exam, 'document')).checkIn).toMatchObject({ retake: [], state: 'held' });
        expect((await submit(student, exam)).checkIn).toMatchObject({ state: 'waiting', place: 1 });
        await decide(proctor, id, 'admit');
        expect((await readCheckIn(proctor, id)).decisions.map(({ decision }) => decision)).toEqual(['admit', 'hold']);
      });

      test('are about submitted pictures: one taken since is neither there nor in the record', async () => {
        const { id } = await comeIn(student, exam);
        await decide(proctor, id, 'hold', { retake: ['photo'] });
        await take(student, exam, 'photo');
        expect((await myCheckIn(student, exam)).checkIn).toMatchObject({ missing: [], retake: [] });
        const shown = { state: 'held', present: ['document'], missing: ['photo'] };
        expect(await readCheckIn(proctor, id)).toMatchObject(shown);
        expect(await listed(proctor, `?exam=${exam.id}`)).toMatchObject([shown]);
        await decide(proctor, id, 'admit', { reason: 'Known to me' });
        const { id: session } = await student.startSession(exam.id);
        const { checkIn } = await proctor.get<{ checkIn: CheckInRecord }>(`/api/proctoring/attempt/${session}`);
        expect(checkIn.pictures.map(({ kind: of }) => of)).toEqual(['document']);
      });

      test('ask for nothing again that the exam does not ask for', async () => {
        const { id, revision } = await comeIn(student, exam);
        await expect(decide(proctor, id, 'hold', { retake: ['photo', 'room'] })).rejects.toMatchObject({
          code: 'bad_request',
          body: { ref: 'body.retake.1' },
        });
        expect(await readCheckIn(proctor, id)).toMatchObject({ state: 'waiting', revision, decisions: [] });
      });

      test('refuse for good, until staff reopen it; the student reads why', async () => {
        const { id } = await comeIn(student, exam);
        await decide(proctor, id, 'refuse', { reason: 'Not the person in the document' });
        expect((await myCheckIn(student, exam)).checkIn).toMatchObject({
          state: 'refused',
          decision: { reason: 'Not the person in the document' },
        });
        for (const act of [
          () => submit(student, exam, true),
          () => withdraw(student, exam),
          () => take(student, exam, 'photo'),
        ])
          await expect(act()).rejects.toMatchObject({ code: 'check_in_state' });
        expect((await openCheckIn(student, exam)).checkIn).toMatchObject({ id, state: 'refused' });
        await expect(student.startSession(exam.id)).rejects.toMatchObject({ code: 'check_in_required' });
        await expect(decide(proctor, id, 'admit')).rejects.toMatchObject({ code: 'check_in_state' });
        await decide(proctor, id, 'reopen', { reason: 'It was a mistake', retake: ['photo'] });
        await take(student, exam, 'photo');
        await submit(student, exam);
        await decide(proctor, id, 'admit');
        await student.startSession(exam.id);
      });

      test('can be changed until the exam is started, and not after it', async () => {
        const { id } = await comeIn(student, exam);
        await decide(proctor, id, 'admit');
        await decide(proctor, id, 'hold');
        await expect(student.startSession(exam.id)).rejects.toMatchObject({ code: 'check_in_required' });
        await decide(proctor, id, 'admit');
        await student.startSession(exam.id);
        for (const decision of ['hold', 'refuse', 'admit', 'reopen'] as const)
          await expect(decide(proctor, id, decision)).rejects.toMatchObject({ code: 'check_in_state' });
      });

      test('say what the person saw: a check-in that has changed since is not decided', async () => {
        const { id, revision } = await comeIn(student, exam);
        await decide(proctor, id, 'hold', { revision });
        const second = await newPerson(site, 'proctor');
        await expect(decide(second, id, 'admit', { revision })).rejects.toMatchObject({
          code: 'check_in_changed',
          status: 409,
          body: { ref: 'held' },
        });
        const held = await readCheckIn(proctor, id);
        await take(student, exam, 'photo');
        await expect(decide(proctor, id, 'admit', { revision: held.revision })).rejects.toMatchObject({
          code: 'check_in_changed',
        });
        expect((await readCheckIn(proctor, id)).decisions).toHaveLength(1);
      });

      test('need a reason to hold, refuse and reopen', async () => {
        const { id, revision } = await comeIn(student, exam);
        for (const decision of ['hold', 'refuse', 'reopen'])
          await expect(proctor.post(`/api/check-ins/${id}/decision`, { decision, revision })).rejects.toMatchObject({
            code: 'bad_request',
            body: { ref: 'body.reason' },
          });
        await expect(
          proctor.post(`/api/check-ins/${id}/decision`, { decision: 'admit', revision, retake: ['photo'] }),
        ).rejects.toMatchObject({ code: 'bad_request' });
      });

      test('take effect once for an Idempotency-Key', async () => {
        const { id, revision } = await comeIn(student, exam);
        const send = (body: object, key = 'k-1') =>
          proctor.send('POST', `/api/check-ins/${id}/decision`, {
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json', 'idempotency-key': key },
          });
        const body = { decision: 'hold', reason: 'Blurred', revision };
        const [first, again] = [await send(body), await send(body)];
        expect([first.status, again.status]).toEqual([200, 200]);
        expect(again.headers.get('idempotency-replayed')).toBe('true');
        expect((await send({ ...body, reason: 'Dark' })).body).toMatchObject({ code: 'idempotency_conflict' });
        expect((await send(body, 'k-2')).body).toMatchObject({ code: 'check_in_changed' });
        expect((await readCheckIn(proctor, id)).decisions).toHaveLength(1);
      });

      test('are for staff who command the exam or the room, never for the own check-in', async () => {
        const rooms = await site.admin.createExam(BOTH, { staffAccess: 'assigned', openTo: 'enrolled' });
        const enrol = (who: Api, room: string | null) =>
          site.admin.request('PUT', `/api/exams/${rooms.id}/students/${who.userId}`, { room, seat: '7' });
        await enrol(student, 'A');
        const { id } = await comeIn(student, rooms);
        const [inA, inB, nowhere, reviewer] = [
          await newPerson(site, 'proctor'),
          await newPerson(site, 'proctor'),
          await newPerson(site, 'proctor'),
          await newPerson(site, 'reviewer'),
        ];
        await assign(site, rooms.id, inA, 'A');
        await assign(site, rooms.id, inB, 'B');
        await assign(site, rooms.id, reviewer);
        for (const one of [inB, nowhere]) {
          await expect(readCheckIn(one, id)).rejects.toMatchObject({ code: 'not_found' });
          await expect(decide(one, id, 'admit', { revision: 4 })).rejects.toMatchObject({ code: 'not_found' });
          expect((await listed(one)).map((item) => item.id)).not.toContain(id);
        }
        await expect(listed(nowhere, `?exam=${rooms.id}`)).rejects.toMatchObject({ code: 'not_found' });
        expect(await readCheckIn(reviewer, id)).toMatchObject({ mayDecide: false });
        await expect(decide(reviewer, id, 'admit')).rejects.toMatchObject({ code: 'forbidden' });
        expect(await listed(inA, `?exam=${rooms.id}`)).toMatchObject([{ id, room: 'A', seat: '7' }]);
        // It follows its student into the other room.
        await enrol(student, 'B');
        await expect(readCheckIn(inA, id)).rejects.toMatchObject({ code: 'not_found' });
        expect(await decide(inB, id, 'admit')).toMatchObject({ state: 'admitted', room: 'B', mayDecide: true });
        await expect(student.get(`/api/check-ins/${id}`)).rejects.toMatchObject({ code: 'forbidden' });
        // Of somebody who has become staff since.
        await site.admin.request('PATCH', `/api/users/${student.userId}`, { role: 'proctor' });
        await student.login(student.tokens!.user.email, 'violet harbour 93');
        await expect(readCheckIn(student, id)).rejects.toMatchObject({ code: 'forbidden' });
      });
    });

    test('is read with the room and the accommodations, by staff and student', async () => {
      const profile = await site.admin.post<{ id: string }>('/api/accommodation-profiles', {
        name: `Dyslexia ${exam.id}`,
        terms: { extraMinutes: 10, breakMinutes: 5, headCovering: true, note: 'Reads aloud' },
      });
      await site.admin.request('PUT', `/api/exams/${exam.id}/students/${student.userId}`, {
        room: 'A',
        extraMinutes: 5,
        accommodationProfileId: profile.id,
      });
      const { id } = await comeIn(student, exam);
      expect((await readCheckIn(proctor, id)).accommodations).toEqual({
        extraMinutes: 15,
        breakMinutes: 5,
        headCovering: true,
        profile: `Dyslexia ${exam.id}`,
        note: 'Reads aloud',
      });
      const mine = await myCheckIn(student, exam);
      expect(mine).toMatchObject({ room: 'A', exam: { extraMinutes: 15, breakMinutes: 5, accommodated: true } });
      expect(JSON.stringify(mine)).not.toContain('Reads aloud');
    });

    test('is in the record of its session: who let the student in, when, what was shown; names for students by policy', async () => {
      const named = await site.admin.createExam({ ...BOTH, conversation: { staffNames: true } });
      for (const of of [exam, named]) {
        const { id } = await comeIn(student, of);
        await decide(proctor, id, 'hold');
        await submit(student, of);
        await decide(proctor, id, 'admit');
        const { id: session } = await student.startSession(of.id);
        const { checkIn } = await proctor.get<{ checkIn: CheckInRecord }>(`/api/proctoring/attempt/${session}`);
        expect(checkIn).toMatchObject({
          id,
          decisions: [
            { decision: 'hold', by: { id: proctor.userId } },
            { decision: 'admit', by: { id: proctor.userId }, shown: ['photo', 'document'], missing: [] },
          ],
          pictures: [{ kind: 'photo' }, { kind: 'document' }],
          erasedAt: null,
        });
        const mine = await student.get<{ checkIn: CheckInRecord }>(`/api/proctoring/my-attempt/${session}`);
        const name = mine.checkIn.decisions[1]!.by?.name;
        expect([name !== undefined, mine.checkIn.pictures]).toEqual([of === named, []]);
        expect(JSON.stringify(mine.checkIn)).not.toContain('@');
      }
      const { items } = await proctor.get<{ items: Result[] }>(`/api/exams/${exam.id}/results`);
      expect(items).toMatchObject([
        { checkIn: { by: { id: proctor.userId }, reason: '', shown: ['photo', 'document'], missing: [] } },
      ]);
      const csv = await pictureBytes(proctor, `/api/exams/${exam.id}/results/csv`);
      expect(csv.bytes.toString()).toMatch(/Person \d+, shown: photo, document/);
      const plain = await student.startSession((await site.admin.createExam()).id);
      expect(await proctor.get<{ checkIn: null }>(`/api/proctoring/attempt/${plain.id}`)).toMatchObject({
        checkIn: null,
      });
    });

    test('is listed page by page in the order of each state', async () => {
      const students = await Promise.all(Array.from({ length: 5 }, () => newPerson(site, 'student')));
      const ids: string[] = [];
      for (const one of students) {
        clock.now += 1000;
        ids.push((await comeIn(one, exam)).id);
      }
      const pages = async (query: string) => {
        const found: string[] = [];
        for (let cursor = ''; ;) {
          const page = await proctor.get<{ items: { id: string }[]; nextCursor: string | null }>(
            `/api/check-ins?exam=${exam.id}${query}&limit=2${cursor}`,
          );
          found.push(...page.items.map(({ id }) => id));
          if (page.nextCursor === null) return found;
          cursor = `&cursor=${page.nextCursor}`;
        }
      };
      expect(await pages('&state=waiting')).toEqual(ids);
      expect(await pages('')).toEqual(ids.toReversed());
      clock.now += 1000;
      for (const id of ids.slice(0, 3)) await decide(proctor, id, 'admit');
      expect((await pages('&state=admitted')).toSorted()).toEqual(ids.slice(0, 3).toSorted());
      await students[0]!.startSession(exam.id);
      expect(await pages('&open=true')).toEqual(ids.slice(1).toReversed());
      await expect(proctor.get('/api/check-ins?cursor=x')).rejects.toMatchObject({ code: 'bad_request' });
      // A time that no database stores.
      const waiting = `/api/check-ins?exam=${exam.id}&state=waiting&limit=1`;
      const { nextCursor } = await proctor.get<{ nextCursor: string }>(waiting);
      const place = JSON.parse(Buffer.from(nextCursor, 'base64url').toString()) as unknown[];
      for (const value of [-8.64e15, 1.7e308, 8.64e15]) {
        const cursor = Buffer.from(JSON.stringify([value, ...place.slice(1)])).toString('base64url');
        await expect(proctor.get(`${waiting}&cursor=${cursor}`)).rejects.toMatchObject({ code: 'bad_request' });
      }
    });

    test('is opened, submitted and read in the log of the exam, with digests of what was shown', async () => {
      const { id } = await comeIn(student, exam);
      const read = await readCheckIn(proctor, id);
      await pictureBytes(proctor, staffPicture(id, read.pictures[0]!.id));
      await decide(proctor, id, 'refuse', { reason: 'Somebody else' });
      const { items } = await site.admin.get<{ items: { eventType: string; actor: string; payload: string }[] }>(
        `/api/blockchain/entity/exam/${exam.id}`,
      );
      const entries = items.filter(({ eventType }) => eventType.startsWith('CHECK_IN'));
      expect(entries.map(({ eventType, actor }) => [eventType, actor])).toEqual([
        ['CHECK_IN_OPENED', student.userId],
        ['CHECK_IN_SUBMITTED', student.userId],
        ['CHECK_IN_VIEWED', proctor.userId],
        ['CHECK_IN_DECIDED', proctor.userId],
      ]);
      const shown = JSON.parse(entries[1]!.payload) as { pictures: { digest: string }[] };
      expect(shown.pictures.map(({ digest }) => digest)).toEqual(read.pictures.map(({ digest }) => digest));
      expect(entries.map(({ payload }) => payload).join()).not.toContain('Somebody else');
      expect(JSON.parse(entries[3]!.payload)).toMatchObject({ decision: 'refuse', reasonDigest: expect.any(String) });
    });

    test('is used by sessions that others start for the student, under the same rule', async () => {
      const start = () => site.admin.post<Session>('/api/sessions', { examId: exam.id, studentId: student.userId });
      await expect(start()).rejects.toMatchObject({ code: 'check_in_required' });
      const { id } = await comeIn(student, exam);
      await decide(proctor, id, 'admit');
      const session = await start();
      expect(await readCheckIn(proctor, id)).toMatchObject({ sessionId: session.id, state: 'admitted' });
    });
  });
}
