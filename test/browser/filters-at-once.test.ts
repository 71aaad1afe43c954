import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasBrowser, launch } from '../support/browser.ts';
import { openConsole } from '../support/pages.ts';
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

const lists = [
  ['sessions', 'Review', 'any', 'Status', 'paused'],
  ['verdicts', 'State', 'appealed', 'Whose', 'none'],
] as const;

test.runIf(hasBrowser).each(lists)(
  `two filters of %s that are chosen before the page has followed the first one both hold${hasBrowser ? '' : ' (skipped: no Chromium)'}`,
  async (list, first, value, second, other) => {
    const page = await openConsole(browser, site.url);
    try {
      await page.goto(`${site.url}/console#/${list}`);
      await page.getByRole('combobox', { name: second, exact: true }).waitFor();
      const choices = JSON.stringify({ [first]: value, [second]: other });
      // In one turn of the page.
      await page.evaluate(`for (const field of document.querySelectorAll('select')) {
        const value = ${choices}[field.labels[0].querySelector('span').textContent];
        if (value) {
          field.value = value;
          field.dispatchEvent(new Event('change', { bubbles: true }));
        }
      }`);
      await expect.poll(() => page.url()).toContain(other);
      expect(page.url()).toContain(value);
    } finally {
      await page.close();
    }
  },
);
