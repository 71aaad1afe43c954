import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { hasBrowser, launch } from '../support/browser.ts';
import { openConsole, shoot, tooWide, watchPage } from '../support/pages.ts';
import { greet } from '../support/raw-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
let browser: Browser;
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const SLOW = { timeout: 240_000 };
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

test.runIf(hasBrowser)(
  `the list of sessions filters by attention, and says of whom nothing was seen${skipped}`,
  SLOW,
  async () => {
    const exam = await site.admin.createExam({}, { title: 'Botany', staffAccess: 'all' });
    const sits = async (name: string) => {
      const student = await site.student(name);
      return { student, session: await student.startSession(exam.id) };
    };
    await sits('Nina Never');
    const [busy, quiet] = [await sits('Bea Busy'), await sits('Quentin Quiet')];
    const socket = await greet(site.url, await quiet.student.examTicket(quiet.session.id));
    for (let n = 0; n < 8; n++)
      await busy.student.post('/api/proctoring/event', { sessionId: busy.session.id, type: 'TAB_SWITCH' });
    const page = await openConsole(browser, site.url);
    const seen = watchPage(page, site.url);
    try {
      await page.goto(`${site.url}/console#/sessions?exam=${exam.id}`);
      const row = (name: string) => page.getByRole('row').filter({ hasText: name });
      await row('Nina Never').getByText('Nothing seen').waitFor();
      await row('Quentin Quiet').getByText('Calm 0').waitFor();
      await row('Bea Busy')
        .getByText(/^High \d/)
        .waitFor();
      const names = () => page.getByRole('rowheader').allInnerTexts();
      expect((await names())[0]).toContain('Bea Busy');
      await shoot(page, 'console-sessions-attention');
      expect(await tooWide(page)).toEqual([]);

      await page.getByRole('combobox', { name: 'Attention', exact: true }).selectOption('High');
      await row('Quentin Quiet').waitFor({ state: 'detached' });
      await expect.poll(names, { timeout: 30_000 }).toHaveLength(1);
      expect(page.url()).toContain('attention=high');

      // On the wall, too.
      await page.goto(`${site.url}/console#/exam/${exam.id}`);
      const tile = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem').filter({ hasText: 'Nina Never' });
      await tile.getByText('Nothing seen').waitFor();
      await shoot(page, 'console-wall-nothing-seen');

      // The report names the newest entry of the audit log in words.
      await page.goto(`${site.url}/console#/session/${busy.session.id}/report`);
      await page.getByText(/the newest is “[A-Z][a-z]/).waitFor();
      await shoot(page, 'console-report-log');
      expect(seen.errors).toEqual([]);
    } finally {
      socket.close();
      await page.context().close();
    }
  },
);
