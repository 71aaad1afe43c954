import { describe, expect, test } from 'vitest';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Result } from '../../protocol/http/results.ts';
import type { CheckInRecord } from '../../protocol/http/check-in.ts';
import type { Api } from '../support/api.ts';
import { BOTH, eachCheckInCase } from '../support/check-in-case.ts';
import { comeIn, decide, pictureBytes, readCheckIn, staffPicture, submit } from '../support/check-in-site.ts';
import { KINDS } from '../support/databases.ts';
import type { TestServer } from '../support/server.ts';

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`the record of a check-in, on ${title}`, () => {
    let site: TestServer;
    let proctor: Api;
    let student: Api;
    let exam: Exam;
    eachCheckInCase(kind, (given) => ({ site, proctor, student, exam } = given));

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
  });
}
