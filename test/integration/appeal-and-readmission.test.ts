import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AvailableExam } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { newPerson, type Sitting } from '../support/staffed-site.ts';
import { appeal, decide, giveTo, judge, release, sitAndEnd, stepsOf, withdraw } from '../support/verdict-site.ts';

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`while an appeal is open, on ${title}`, () => {
    let site: TestServer;
    let officer: Api;
    beforeAll(async () => {
      site = await startTestServer({ kind });
      officer = await newPerson(site, 'reviewer');
    });
    afterAll(() => site?.close());

    async function released(): Promise<Sitting> {
      const exam = await site.admin.createExam({}, { staffAccess: 'all', durationMinutes: 60 });
      const sitting = await sitAndEnd(site, exam, await newPerson(site, 'student'));
      const { id } = sitting.session;
      await release(site.admin, id, await judge(site.admin, id, 'violation'));
      return sitting;
    }
    const readmit = ({ session }: Sitting, how: 'continue' | 'new') =>
      site.admin.post(`/api/sessions/${session.id}/readmissions`, { kind: how, reason: 'the line broke' });
    const start = ({ exam, student }: Sitting) => student.post<Session>('/api/sessions', { examId: exam.id });
    const offered = async ({ exam, student }: Sitting) => {
      const { items } = await student.get<{ items: AvailableExam[] }>('/api/exams/available');
      return items.find(({ id }) => id === exam.id);
    };

    test('its session is not readmitted to continue; a new attempt is, and leaves the appeal as it is', async () => {
      const sitting = await released();
      const { student, session } = sitting;
      await appeal(student, session.id);
      await expect(readmit(sitting, 'continue')).rejects.toMatchObject({
        status: 409,
        code: 'appeal_open',
        body: { ref: session.id },
      });
      await readmit(sitting, 'new');
      expect(await start(sitting)).toMatchObject({ attempt: 2 });
      await giveTo(site.admin, session.id, officer);
      await decide(officer, session.id, { outcome: 'changed', verdict: 'no_concern' });
      expect(await stepsOf(site.admin, session.id)).toMatchObject({ state: 'closed' });
    });

    test('a readmission from before it is not used until its outcome: the student reads why, and continues then', async () => {
      const sitting = await released();
      const { student, session } = sitting;
      await readmit(sitting, 'continue');
      await appeal(student, session.id);
      expect(await offered(sitting)).toMatchObject({ canStart: false, reason: { code: 'appeal_open' } });
      await expect(start(sitting)).rejects.toMatchObject({ status: 409, code: 'appeal_open' });
      await withdraw(student, session.id);
      expect(await offered(sitting)).toMatchObject({ canStart: true, reason: null });
      expect(await start(sitting)).toMatchObject({ id: session.id, status: 'active' });
    });
  });
}
