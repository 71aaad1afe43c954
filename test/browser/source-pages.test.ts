import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Db } from '../../db/executor.ts';
import { startAttempt } from '../support/attempt.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openConsole, shoot, tooWide } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
let browser: Browser;
let db: Db;
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer({ overrides: { db: (real: Db) => (db = real) } });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

test.runIf(hasBrowser)(
  `a self-chosen event name is shown as reported by the student's browser, and a name has its email address beside it (E8)${hasBrowser ? '' : ' (skipped: no Chromium)'}`,
  async () => {
    const attempt = await startAttempt(site, {}, { title: 'Sources' });
    const socket = await attempt.connect();
    const data = { by: 'Dr. Proctor', reason: 'break approved', text: 'Approved by staff', to: 'window' };
    socket.send({ type: 'signal', seq: 1, signal: 'BREAK_IS_FINE', at: '2026-01-01T10:00:00.000Z', data });
    await socket.next('ack');
    // A name that is refused today, as stored by an earlier server.
    await sql`UPDATE events SET type = 'PROCTOR_APPROVED_BREAK' WHERE session_id = ${attempt.session.id} AND type = 'BREAK_IS_FINE'`.execute(
      db,
    );
    const email = attempt.student.tokens!.user.email;
    const page = await openConsole(browser, site.url);
    try {
      await page.getByRole('link', { name: 'Sources' }).click();
      const tile = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem').filter({ hasText: 'Student' });
      await tile.getByText(email).waitFor();
      await shoot(page, 'source-wall');
      for (const where of ['session', 'review', 'report'] as const) {
        await page.goto(`${site.url}/console#/session/${attempt.session.id}${where === 'session' ? '' : `/${where}`}`);
        await page.getByText("Student's browser").first().waitFor();
        await page.getByText(email).first().waitFor();
        // Within the quoted name, and never bare.
        await page.getByText("Reported by the student's browser: “Proctor approved break”").first().waitFor();
        expect(await page.getByText('Proctor approved break', { exact: true }).count(), where).toBe(0);
        // A policy's weight does not give it one of our colours.
        expect(
          await page
            .locator('li:has(.own-words) .badge.low, .lane:has-text("approved break") .bar:not(.own-words)')
            .count(),
          where,
        ).toBe(0);
        // No staff member said so.
        expect(await page.getByText('Approved by staff', { exact: true }).count(), where).toBe(0);
        if (where !== 'session') await page.getByText('“break approved”').first().waitFor();
        expect(await tooWide(page), where).toEqual([]);
        await shoot(page, `source-${where}`);
      }
    } finally {
      await page.close();
      socket.close();
    }
  },
);
