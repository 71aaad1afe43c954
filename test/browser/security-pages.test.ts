import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAttempt, watchExam } from '../support/attempt.ts';
import { seriousFaults } from '../support/axe.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openConsole, shoot, tooWide } from '../support/pages.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
let browser: Browser;
let site: TestServer;
beforeAll(async () => {
  if (!hasBrowser) return;
  browser = await launch();
  site = await startTestServer();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

test.runIf(hasBrowser)(
  `an admin reads security events in plain words and filters them by type, account and network${skipped}`,
  async () => {
    const attempt = await startAttempt(site);
    const socket = await watchExam(site, attempt.exam.id);
    socket.send({ type: 'watch', session: attempt.session.id, fps: 1 });
    const stranger = await site.student();
    await stranger.send('GET', '/api/users');
    await waitFor('entries', async () =>
      (await site.admin.get<{ items: { kind: string }[] }>('/api/audit/security')).items.some(
        ({ kind }) => kind === 'role_refused',
      ),
    );
    const page = await openConsole(browser, site.url);
    await page.getByRole('link', { name: 'Security log' }).click();
    await page.getByRole('cell', { name: 'Started watching a live camera' }).first().waitFor();
    await page.getByRole('cell', { name: 'Action not allowed for the role' }).first().waitFor();
    await shoot(page, 'security');
    for (const width of [640, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await tooWide(page)).toEqual([]);
    }
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByLabel('Event').selectOption('camera_watched');
    await page.getByRole('cell', { name: 'Action not allowed for the role' }).first().waitFor({ state: 'detached' });
    await expect.poll(() => page.locator('.security-log tbody tr').count()).toBe(1);
    await page.getByTitle(/Show only this account/).click();
    await page.getByRole('button', { name: 'All accounts' }).waitFor();
    await page.getByTitle(/Show only this network/).click();
    await page.getByRole('button', { name: 'All networks' }).waitFor();
    await expect.poll(() => page.locator('.security-log tbody tr').count()).toBe(1);
    socket.close();
    await page.close();
  },
);
