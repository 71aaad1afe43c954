import type { Browser, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { hasBrowser, launch } from '../support/browser.ts';
import { EmbeddingSite } from '../support/embedding-site.ts';
import { FaultyDb } from '../support/faulty-db.ts';
import { startTestServer, waitFor } from '../support/server.ts';

const SIGNALS = 60;
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

test.runIf(hasBrowser).for([
  { name: 'while no commit succeeds', fault: 'away' as const },
  { name: 'while commits succeed but their responses are lost', fault: 'lost' as const },
])(
  `a page that is reloaded with ${SIGNALS} unacknowledged signals, $name: all arrive, once, in order (S1 S4)${skipped}`,
  async ({ name, fault }) => {
    let faulty: FaultyDb | undefined;
    const site = await EmbeddingSite.start();
    let browser: Browser | undefined;
    await using server = await startTestServer({
      env: { ALLOWED_ORIGINS: site.url, FACE_MODEL: 'none' },
      overrides: { db: (real) => (faulty = new FaultyDb(real)).db },
    });
    try {
      const exam = await server.admin.createExam();
      const student = await server.student();
      const { id } = await student.startSession(exam.id);
      site.ticket = async () => ({ ...(await student.examTicket(id)), session: id });
      site.pages.set('/exam', {
        html: `<!doctype html><title>Exam</title><p>Exam</p><script src="${server.url}/sdk/invigil.iife.js" data-server="${server.url}"
        data-session="${id}" data-ticket-url="/ticket/${id}" data-camera="off" data-signals="off"></script>`,
      });
      browser = await launch();
      const page: Page = await browser.newPage();
      const state = () => page.evaluate<string>('globalThis.Invigil?.current?.state');
      const pending = () => page.evaluate<number>('Invigil.current.pending');
      await page.goto(`${site.url}/exam`);
      await waitFor('a live connection', async () => (await state()) === 'live');
      faulty!.fail(fault);
      const { tries } = faulty!;
      await page.evaluate(`for (let n = 1; n <= ${SIGNALS}; n++) Invigil.current.signal('PASTE', { n })`);
      // In flight, tried more than once, and none acknowledged.
      await waitFor('tries', () => faulty!.tries >= tries + 3);
      expect(await pending()).toBe(SIGNALS);
      await page.reload();
      faulty!.mend();
      await waitFor('a live connection', async () => (await state()) === 'live');
      await waitFor('the acknowledgements', async () => (await pending()) === 0);
      await page.evaluate('Invigil.current.finish()');
      const events = (await student.events(id)).filter(({ type }) => type === 'PASTE');
      expect(events.map(({ details }) => (details['data'] as { n: number }).n)).toEqual(
        Array.from({ length: SIGNALS }, (_, i) => i + 1),
      );
      console.log(`reload-with-unacknowledged, ${name}: ${events.length} of ${SIGNALS} signals, once, in order`);
    } finally {
      await browser?.close();
      await site.close();
    }
  },
);
