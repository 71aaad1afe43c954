import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasBrowser, launch } from '../support/browser.ts';
import { openConsole } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { newPerson, sit, type Sitting } from '../support/staffed-site.ts';
import { sitAndEnd } from '../support/verdict-site.ts';

const SLOW = { timeout: 240_000 };
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

let site: TestServer;
let browser: Browser;
let running: Sitting;
let over: Sitting;
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer();
  browser = await launch();
  const exam = await site.admin.createExam({}, { staffAccess: 'all', durationMinutes: 60 });
  running = await sit(site, exam, await newPerson(site, 'student'));
  over = await sitAndEnd(site, exam, await newPerson(site, 'student'));
  await newPerson(site, 'proctor');
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const dialog = (page: Page) => page.getByRole('dialog');
const isFocused = (page: Page, name: string) =>
  expect.poll(() => page.evaluate('document.activeElement.textContent.trim()'), { message: name }).toBe(name);
/** Nothing has the focus, as after a click beside everything. */
const letGo = (page: Page) => page.evaluate('document.activeElement.blur()');

test.runIf(hasBrowser)(
  `a dialog gives the focus back to what opened it, also if a key did or the server is still at work${skipped}`,
  SLOW,
  async () => {
    const page = await openConsole(browser, site.url);
    try {
      await page.goto(`${site.url}/console#/session/${running.session.id}`);
      await button(page, 'Flag').waitFor();
      for (const open of [
        () => button(page, 'Flag').press('Enter'),
        () => letGo(page).then(() => page.keyboard.press('f')),
      ]) {
        await open();
        await dialog(page).waitFor();
        await page.keyboard.press('Escape');
        await isFocused(page, 'Flag');
        await open();
        await dialog(page).getByLabel('What was it?').waitFor();
        await dialog(page).getByLabel('Note').fill('a second phone');
        await dialog(page).getByRole('button', { name: 'Flag', exact: true }).press('Enter');
        await dialog(page).waitFor({ state: 'detached' });
        await isFocused(page, 'Flag');
      }
      for (const name of ['Message', 'Pause', 'Extend', 'End exam']) {
        await button(page, name).press('Enter');
        await dialog(page).waitFor();
        await page.keyboard.press('Escape');
        await isFocused(page, name);
      }
      await button(page, 'Message').press('Enter');
      await dialog(page).getByRole('textbox').fill('All well?');
      await page.keyboard.press('Enter');
      await isFocused(page, 'Message');
      // The button is disabled until the server has answered.
      await button(page, 'Hand over').press('Enter');
      await dialog(page).getByRole('combobox').waitFor();
      await dialog(page).locator('button.primary').press('Enter');
      await dialog(page).waitFor({ state: 'detached' });
      await isFocused(page, 'Hand over');

      await page.goto(`${site.url}/console#/session/${over.session.id}`);
      await button(page, 'Readmit').press('Enter');
      await dialog(page).waitFor();
      await page.keyboard.press('Escape');
      await isFocused(page, 'Readmit');

      await page.goto(`${site.url}/console#/sessions?reviewed=any`);
      await page.getByRole('checkbox').first().check();
      await button(page, 'Give to…').press('Enter');
      await dialog(page).waitFor();
      await page.keyboard.press('Escape');
      await isFocused(page, 'Give to…');
    } finally {
      await page.close();
    }
  },
);
