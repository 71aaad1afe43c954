import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasBrowser, launch } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Pages that cannot start as usual: they say something in any case. */
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const PAGES = ['/exam', '/console', '/account', '/admin', '/system-check', '/setup', '/docs', '/'];

let site: TestServer;
let browser: Awaited<ReturnType<typeof launch>>;
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const note = 'This page has not started.';

test.runIf(hasBrowser).for([
  ['are missing', { status: 404, body: '' }],
  ['are replaced by a portal', { status: 200, contentType: 'text/html', body: '<h1>Log in to the network</h1>' }],
  ['fail', { status: 200, contentType: 'text/javascript', body: 'throw new Error()' }],
] as const)(`pages whose scripts %s tell how to go on${skipped}`, async ([, answer]) => {
  const context = await browser.newContext();
  await context.route(/\/assets\/.*\.js$/, (route) => route.fulfill(answer));
  await Promise.all(
    PAGES.map(async (path) => {
      const page = await context.newPage();
      await page.goto(site.url + path);
      await page.getByText(note).waitFor({ state: 'visible' });
    }),
  );
  await context.close();
});

test.runIf(hasBrowser)(
  `pages start with damaged site data, and without locks and channels between tabs${skipped}`,
  async () => {
    const student = await site.student();
    for (const script of [
      "for (const name of ['login', 'logouts', 'camera']) sessionStorage.setItem('invigil.' + name, 'damaged')",
      "for (const name of ['login', 'logouts']) sessionStorage.setItem('invigil.' + name, 'null')",
      "LockManager.prototype.request = () => { throw new DOMException('', 'SecurityError'); }",
      "Object.defineProperty(Navigator.prototype, 'locks', { get() { throw new DOMException('', 'SecurityError'); } })",
      "BroadcastChannel.prototype.postMessage = () => { throw new DOMException('', 'InvalidStateError'); }",
      "Storage.prototype.setItem = (_, value) => { if (value !== '') throw new DOMException('', 'QuotaExceededError'); }",
    ]) {
      const context = await browser.newContext();
      await context.addInitScript(script);
      const page = await context.newPage();
      // The access token is over at once: the first request renews it.
      await page.route(/auth\/login$/, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), expiresIn: 1 } });
      });
      await page.goto(`${site.url}/exam`);
      await page.getByLabel('Email').fill(student.tokens!.user.email);
      await page.getByLabel('Password').fill("Student's password");
      const renewed = page.waitForResponse(/auth\/refresh$/);
      await page.getByRole('button', { name: 'Log in', exact: true }).click();
      expect([script, (await renewed).status()]).toEqual([script, 200]);
      await page
        .getByText('There are no exams')
        .or(page.getByRole('heading', { name: 'Exams' }))
        .first()
        .waitFor();
      await context.close();
    }
  },
);
