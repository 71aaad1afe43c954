import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../protocol/http/results.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import { RESULT_TABLE } from '../../server/results/result-columns.ts';
import { KINDS } from '../support/databases.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { newPerson, sit, type Sitting } from '../support/staffed-site.ts';
import { readSheet } from '../support/xlsx.ts';

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`a readmission after a termination, on ${title}`, () => {
    let site: TestServer;
    let sitting: Sitting;
    let results: string;
    beforeAll(async () => {
      site = await startTestServer({ kind });
      await site.admin.request('PATCH', '/api/auth/me', { name: 'Ada Admin' });
      const exam = await site.admin.createExam({}, { maxAttempts: 1, durationMinutes: 60 });
      sitting = await sit(site, exam, await newPerson(site, 'student'));
      const { session, student } = sitting;
      results = `/api/exams/${exam.id}/results`;
      const socket = new RawSocket(site.url, await site.admin.consoleTicket());
      await socket.opened();
      socket.send({ type: 'command', session: session.id, do: 'terminate', reason: 'a phone' });
      const isOver = async () => (await site.admin.get<Session>(`/api/sessions/${session.id}`)).status === 'ended';
      await waitFor('the end', isOver);
      socket.close();
      for (const reason of ['withdrawn at once', 'it was a calculator']) {
        const { id } = await site.admin.post<{ id: string }>(`/api/sessions/${session.id}/readmissions`, {
          kind: 'continue',
          reason,
          extraMinutes: 7,
        });
        if (reason.startsWith('withdrawn'))
          await site.admin.request('DELETE', `/api/sessions/${session.id}/readmissions/${id}`);
      }
      expect(await student.startSession(exam.id)).toMatchObject({ id: session.id });
    }, 60_000);
    afterAll(() => site?.close());

    test('is in the results with the earlier termination: author by name, time, reason, minutes; withdrawn ones are not', async () => {
      const { items } = await site.admin.get<{ items: Result[] }>(results);
      const by = { id: site.admin.userId, name: 'Ada Admin' };
      expect(items).toMatchObject([
        {
          endReason: null,
          terminations: [{ by, reason: 'a phone' }],
          readmissions: [{ by, kind: 'continue', reason: 'it was a calculator', extraMinutes: 7 }],
        },
      ]);
    });

    test('is in the CSV and the XLSX in words', async () => {
      const file = (ending: string) =>
        fetch(`${site.url}${results}/${ending}`, {
          headers: { authorization: `Bearer ${site.admin.tokens?.accessToken}` },
        });
      const [row] = parse<Record<string, string>>(await (await file('csv')).text(), { columns: true, bom: true });
      const { rows } = await readSheet(new Uint8Array(await (await file('xlsx')).arrayBuffer()));
      for (const cell of [
        (name: string) => row?.[name],
        (name: string) => rows[1]?.[RESULT_TABLE.header.indexOf(name)],
      ]) {
        expect(cell('Terminations')).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d, Ada Admin: a phone$/);
        expect(cell('Readmissions')).toMatch(
          /^\d{4}-\d\d-\d\d \d\d:\d\d, Ada Admin, continues the attempt, 7 extra minutes: it was a calculator$/,
        );
      }
    });

    test('the view of the session for staff names the authors of acts', async () => {
      const view = await site.admin.get<{ staff: unknown[]; readmissions: unknown[] }>(
        `/api/proctoring/attempt/${sitting.session.id}`,
      );
      expect(view.staff).toMatchObject([{ id: site.admin.userId, name: 'Ada Admin' }]);
      expect(view.readmissions).toHaveLength(2);
    });
  });
}
