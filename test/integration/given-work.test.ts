import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GivenWork } from '../../protocol/http/review-work.ts';
import type { Api } from '../support/api.ts';
import { KINDS } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { assign, newOrganisation, newPerson } from '../support/staffed-site.ts';
import { appeal, decide, giveTo, judge, release, sitAndEnd, withdraw } from '../support/verdict-site.ts';

const NOTHING: GivenWork = { reviews: 0, appeals: 0, appealsToGive: 0 };

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`the count of work given to a person, on ${title}`, () => {
    let site: TestServer;
    let manager: Api;
    let officer: Api;
    beforeAll(async () => {
      site = await startTestServer({ kind });
      manager = await newPerson(site, 'manager');
      officer = await newPerson(site, 'reviewer');
    });
    afterAll(() => site?.close());

    const work = (by: Api) => by.get<GivenWork>('/api/given-work');
    async function appealed(more: Record<string, unknown> = { staffAccess: 'all' }) {
      const exam = await site.admin.createExam({}, more);
      const sitting = await sitAndEnd(site, exam, await newPerson(site, 'student'));
      const { id } = sitting.session;
      await release(site.admin, id, await judge(site.admin, id, 'concern'));
      await appeal(sitting.student, id);
      return { ...sitting, exam, id };
    }

    test('has an appeal from its opening to its outcome: first for managers to give, then for the officer', async () => {
      expect(await work(manager)).toEqual(NOTHING);
      const { id } = await appealed();
      expect(await work(manager)).toEqual({ ...NOTHING, appealsToGive: 1 });
      expect(await work(officer)).toEqual(NOTHING);
      await giveTo(manager, id, officer);
      expect(await work(manager)).toEqual(NOTHING);
      expect(await work(officer)).toEqual({ ...NOTHING, appeals: 1 });
      await giveTo(manager, id, null);
      expect(await work(officer)).toEqual(NOTHING);
      await giveTo(manager, id, officer);
      await decide(officer, id, { outcome: 'upheld' });
      expect([await work(officer), await work(manager)]).toEqual([NOTHING, NOTHING]);
    });

    test('loses an appeal that the student withdraws', async () => {
      const { id, student } = await appealed();
      await giveTo(manager, id, officer);
      await withdraw(student, id);
      expect(await work(officer)).toEqual(NOTHING);
    });

    test('has sessions given for review until they have a verdict', async () => {
      const exam = await site.admin.createExam({}, { staffAccess: 'all' });
      const { session } = await sitAndEnd(site, exam, await newPerson(site, 'student'));
      await manager.request('PUT', '/api/review-assignments', { sessions: [session.id], reviewer: officer.userId });
      expect(await work(officer)).toEqual({ ...NOTHING, reviews: 1 });
      await judge(officer, session.id, 'no_concern');
      expect(await work(officer)).toEqual(NOTHING);
    });

    test('has what the person sees, as the lists do: not of an exam that was taken from them, nor of others', async () => {
      const { id, exam } = await appealed({ staffAccess: 'assigned' });
      const other = await newPerson(site, 'manager', (await newOrganisation(site)).id);
      expect(await work(other)).toEqual(NOTHING);
      const { id: assignment } = await assign(site, exam.id, officer);
      await giveTo(manager, id, officer);
      expect(await work(officer)).toMatchObject({ appeals: 1 });
      await site.admin.request('DELETE', `/api/exams/${exam.id}/staff/${assignment}`);
      expect(await work(officer)).toEqual(NOTHING);
    });
  });
}
