import { describe, expect, test } from 'vitest';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Api } from '../support/api.ts';
import { eachCheckInCase } from '../support/check-in-case.ts';
import {
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
} from '../support/check-in-site.ts';
import { KINDS } from '../support/databases.ts';
import { jpeg, noise, png } from '../support/pictures.ts';
import type { TestServer } from '../support/server.ts';
import { newPerson } from '../support/staffed-site.ts';

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`pictures of a check-in, on ${title}`, () => {
    let site: TestServer;
    let proctor: Api;
    let student: Api;
    let exam: Exam;
    const clock = eachCheckInCase(kind, (given) => ({ site, proctor, student, exam } = given));

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
}
