import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AvailableExam, Exam, ExamDefaults } from '../../protocol/http/exams.ts';
import type { Api } from '../support/api.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { KINDS } from '../support/databases.ts';
import { openConsole, shoot, tooWide } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const missing = { status: 404, body: { code: 'not_found' } };

for (const { kind, available, title } of KINDS) {
  describe.runIf(available)(`with new exams for enrolled students by default, on ${title}`, () => {
    let site: TestServer;
    let student: Api;
    beforeAll(async () => {
      site = await startTestServer({ kind, env: { EXAMS_OPEN_TO: 'enrolled' } });
      student = await site.student();
    });
    afterAll(() => site?.close());

    const offered = async () =>
      (await student.get<{ items: AvailableExam[] }>('/api/exams/available?limit=200')).items.map(({ id }) => id);
    const start = (examId: string) =>
      student.send('POST', '/api/sessions', {
        body: JSON.stringify({ examId }),
        headers: { 'content-type': 'application/json' },
      });
    const startAsBefore = (examId: string) => student.send('POST', `/sessions/start?exam_id=${examId}`);
    const details = (examId: string) => student.send('GET', `/api/exams/${examId}/details`);

    test('only admins see the default', async () => {
      expect(await site.admin.get<ExamDefaults>('/api/exams/defaults')).toMatchObject({
        openTo: 'enrolled',
        policy: { retentionDays: expect.any(Number) },
      });
      for (const api of [student, await site.proctor()])
        expect(await api.send('GET', '/api/exams/defaults')).toMatchObject({ status: 403 });
    });

    test('an exam is neither shown to nor started by students who are not enrolled, on any route', async () => {
      const exam = await site.admin.createExam({}, { openTo: undefined });
      expect(exam.openTo).toBe('enrolled');
      for (const ask of [start, startAsBefore, details]) expect(await ask(exam.id)).toMatchObject(missing);
      expect(await offered()).not.toContain(exam.id);
      expect((await site.api().send('GET', '/exams/')).body).not.toContainEqual(
        expect.objectContaining({ id: exam.id }),
      );

      await site.admin.request('PUT', `/api/exams/${exam.id}/students/${student.userId}`, {});
      expect(await details(exam.id)).toMatchObject({ status: 200 });
      expect(await offered()).toContain(exam.id);
      expect(await start(exam.id)).toMatchObject({ status: 201 });
    });

    test('an author can open an exam to everybody and close it again', async () => {
      const exam = await site.admin.createExam({}, { openTo: 'all' });
      expect(exam.openTo).toBe('all');
      expect(await offered()).toContain(exam.id);
      await site.admin.request<Exam>('PUT', `/api/exams/${exam.id}`, { title: exam.title, openTo: 'enrolled' });
      for (const ask of [start, startAsBefore, details]) expect(await ask(exam.id)).toMatchObject(missing);
      // What is left out of a change stays.
      expect(await site.admin.request<Exam>('PUT', `/api/exams/${exam.id}`, { title: 'Renamed' })).toMatchObject({
        openTo: 'enrolled',
      });
    });

    test('other values are refused', async () => {
      for (const openTo of ['everybody', '', null, ['all'], 'ALL'])
        await expect(site.admin.createExam({}, { openTo })).rejects.toMatchObject({
          status: 400,
          body: { ref: 'body.openTo' },
        });
    });

    test('ProctorBE exams are created active and open to all', async () => {
      const { id } = (await site.admin.send('POST', '/exams/?title=As%20before')).body as { id: string };
      expect(await site.admin.get<Exam>(`/api/exams/${id}`)).toMatchObject({ openTo: 'all', status: 'active' });
      expect(await startAsBefore(id)).toMatchObject({ status: 200 });
    });

    test('opening and closing an exam is in the audit log with the actor', async () => {
      const exam = await site.admin.createExam({}, { openTo: 'all' });
      await site.admin.request('PUT', `/api/exams/${exam.id}`, { title: exam.title, openTo: 'enrolled' });
      const { items } = await site.admin.get<{ items: { payload: string }[] }>(
        `/api/blockchain/entity/exam/${exam.id}`,
      );
      expect(items.map(({ payload }) => (JSON.parse(payload) as { openTo?: string }).openTo)).toEqual([
        'all',
        'enrolled',
      ]);
    });

    test.runIf(hasBrowser)(
      "the form of a new exam starts with the server's default, and the list shows the audience",
      async () => {
        const browser = await launch();
        try {
          const page = await openConsole(browser, site.url);
          for (const [name, choice, shown] of [
            ['For a class', undefined, 'enrolled students only'],
            ['For all', 'all', 'everyone with an account'],
          ] as const) {
            await page.getByRole('link', { name: 'New exam' }).click();
            await page.getByLabel('Title').fill(name);
            const openTo = page.getByLabel('Open to');
            await expect.poll(() => openTo.inputValue()).toBe('enrolled');
            if (choice) {
              await openTo.selectOption(choice);
              await page.getByLabel('Yes, open it to everyone with an account').check();
            }
            await shoot(page, `exam-form-${choice ?? 'default'}`);
            expect(await tooWide(page)).toEqual([]);
            await page.getByLabel('After saving').selectOption('active');
            await page.getByRole('button', { name: 'Create exam' }).click();
            await page.getByRole('heading', { name }).waitFor();
            await page.getByRole('link', { name: 'Console' }).click();
            await page.getByRole('listitem').filter({ hasText: name }).getByText(shown).waitFor();
          }
          await shoot(page, 'exam-list-open-to');
        } finally {
          await browser.close();
        }
      },
    );
  });
}
