import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Exam, ExamPeriod } from '../../protocol/http/exams.ts';
import { KINDS } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Shortly before midnight in Berlin, on the day that has 25 hours. */
const NOW = Date.parse('2026-10-25T22:30:00Z');

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`exams by period, on ${title}`, () => {
    let site: TestServer;
    beforeAll(async () => {
      site = await startTestServer({ kind, overrides: { clock: () => NOW } });
    });
    afterAll(() => site?.close());

    const listed = async (query: string) =>
      (await site.admin.get<{ items: Exam[] }>(`/api/exams?limit=200&${query}`)).items
        .map((exam) => exam.title)
        .toSorted();
    const make = (name: string, body: object) => site.admin.post<Exam>('/api/exams', { title: name, ...body });

    test('each exam is in one period, by the day of the given zone', async () => {
      await make('Open', { status: 'active' });
      await make('Idea', {});
      await make('Night', { startsAt: '2026-10-24T22:15:00Z', endsAt: '2026-10-24T23:00:00Z', status: 'scheduled' });
      await make('Tomorrow', { startsAt: '2026-10-25T23:15:00Z', status: 'scheduled' });
      await make('Missed', { startsAt: '2026-10-20T08:00:00Z', endsAt: '2026-10-20T10:00:00Z' });
      const { id } = await make('Filed', {});
      await site.admin.request('PATCH', `/api/exams/${id}/status`, { status: 'archived' });
      const periods = async (zone: string) => {
        const of = (when: ExamPeriod) => listed(`when=${when}&timeZone=${zone}`);
        return [await of('today'), await of('coming'), await of('drafts'), await of('past'), await of('archived')];
      };
      expect(await periods('Europe/Berlin')).toEqual([
        ['Night', 'Open'],
        ['Tomorrow'],
        ['Idea'],
        ['Missed'],
        ['Filed'],
      ]);
      expect(await periods('UTC')).toEqual([['Open', 'Tomorrow'], [], ['Idea'], ['Missed', 'Night'], ['Filed']]);
    });

    test('titles are found by any part, case and accents aside, and wildcards are letters', async () => {
      await make('Théorie des Ensembles', {});
      await make('100 % _sure_', {});
      expect(await listed(`q=${encodeURIComponent('theorie DES')}`)).toEqual(['Théorie des Ensembles']);
      expect(await listed(`q=${encodeURIComponent('ENSEMBLÉ')}`)).toEqual(['Théorie des Ensembles']);
      expect(await listed(`q=${encodeURIComponent('% _')}`)).toEqual(['100 % _sure_']);
      await expect(listed('when=today&timeZone=Nowhere/Town')).rejects.toMatchObject({ status: 400 });
    });
  });
}
