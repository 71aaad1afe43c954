import { describe, expect, test } from 'vitest';
import type { Exam } from '../../protocol/http/exams.ts';
import type { CheckInsWaiting } from '../../protocol/http/check-in.ts';
import type { Api } from '../support/api.ts';
import { eachCheckInCase } from '../support/check-in-case.ts';
import {
  comeIn,
  decide,
  leave,
  listed,
  myCheckIn,
  openCheckIn,
  pictureBytes,
  readCheckIn,
  staffPicture,
  submit,
  take,
  withdraw,
} from '../support/check-in-site.ts';
import { KINDS } from '../support/databases.ts';
import type { TestServer } from '../support/server.ts';
import { newPerson } from '../support/staffed-site.ts';

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`the waiting room of a check-in, on ${title}`, () => {
    let site: TestServer;
    let proctor: Api;
    let student: Api;
    let exam: Exam;
    const clock = eachCheckInCase(kind, (given) => ({ site, proctor, student, exam } = given));

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

    test('tells staff who else has a student open, for as long as they do', async () => {
      const { id } = await comeIn(student, exam);
      const ben = await newPerson(site, 'proctor');
      const viewers = async (who: Api) => (await readCheckIn(who, id)).viewers.map((viewer) => viewer.id);
      expect(await viewers(proctor)).toEqual([]);
      expect(await viewers(ben)).toEqual([proctor.userId]);
      expect(await listed(proctor, `?exam=${exam.id}`)).toMatchObject([{ id, viewers: [{ id: ben.userId }] }]);
      clock.now += 16_000;
      expect(await listed(proctor, `?exam=${exam.id}`)).toMatchObject([{ id, viewers: [] }]);
      expect(JSON.stringify(await myCheckIn(student, exam))).not.toContain(ben.tokens!.user.name);
    });
  });
}
