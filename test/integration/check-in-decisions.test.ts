import { describe, expect, test } from 'vitest';
import type { Exam } from '../../protocol/http/exams.ts';
import type { CheckInRecord } from '../../protocol/http/check-in.ts';
import type { Api } from '../support/api.ts';
import { BOTH, eachCheckInCase } from '../support/check-in-case.ts';
import {
  comeIn,
  decide,
  listed,
  myCheckIn,
  openCheckIn,
  readCheckIn,
  submit,
  take,
  withdraw,
} from '../support/check-in-site.ts';
import { KINDS } from '../support/databases.ts';
import type { TestServer } from '../support/server.ts';
import { assign, newPerson } from '../support/staffed-site.ts';

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`decisions about a check-in, on ${title}`, () => {
    let site: TestServer;
    let proctor: Api;
    let student: Api;
    let exam: Exam;
    eachCheckInCase(kind, (given) => ({ site, proctor, student, exam } = given));

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
}
