import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { startAttempt } from '../support/attempt.ts';
import type { Api } from '../support/api.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

const PASSWORD = "Student's password";
const MINUTE_MS = 60_000;

describe.runIf(hasBrowser)('tabs of one login (C14)', () => {
  let site: TestServer;
  let proctor: Api;
  let browser: Browser;
  let context: BrowserContext;
  /** Offset of the server's clock ahead of the browser's: access tokens expire without waiting. */
  let ahead = 0;
  beforeAll(async () => {
    site = await startTestServer({ overrides: { clock: () => Date.now() + ahead } });
    proctor = await site.proctor();
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  beforeEach(async () => {
    await context?.close();
    context = await browser.newContext();
  });

  const stored = (page: Page) =>
    page.evaluate<{ refreshToken: string } | null>(`JSON.parse(sessionStorage.getItem('invigil.login'))`);
  const logOut = (page: Page) => page.getByRole('button', { name: 'Log out', exact: true });

  async function signedIn(email: string, password = PASSWORD): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${site.url}/exam`);
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await logOut(page).waitFor();
    return page;
  }

  /** As browsers duplicate a tab: including its session storage. */
  async function duplicate(page: Page): Promise<Page> {
    const copy = await context.newPage();
    const login = JSON.stringify(await stored(page));
    await copy.addInitScript(
      `if (!sessionStorage.getItem('copied')) { sessionStorage.setItem('copied', '1'); sessionStorage.setItem('invigil.login', ${JSON.stringify(login)}); }`,
    );
    await copy.goto(`${site.url}/exam`);
    await logOut(copy).waitFor();
    return copy;
  }

  test('a duplicated one renews without ending the login of the running exam, whatever the time between renewals', async () => {
    const attempt = await startAttempt(site);
    const page = await signedIn(attempt.student.tokens!.user.email);
    const copy = await duplicate(page);
    for (const apart of [0, 11_000, 3 * MINUTE_MS]) {
      ahead += 16 * MINUTE_MS;
      const before = (await stored(page))!.refreshToken;
      await page.reload();
      await waitFor(
        'the first tab has renewed',
        async () => ![undefined, before].includes((await stored(page))?.refreshToken),
      );
      ahead += apart;
      await copy.reload();
      await logOut(copy).waitFor();
      await waitFor(
        'both have the same tokens',
        async () => (await stored(page))?.refreshToken === (await stored(copy))?.refreshToken,
      );
    }
    await logOut(page).waitFor();
  });

  test('one that slept through two renewals continues', async () => {
    const page = await signedIn((await site.student()).tokens!.user.email);
    const copy = await duplicate(page);
    const old = (await stored(copy))!;
    await copy.close();
    for (let round = 0; round < 2; round++) {
      ahead += 16 * MINUTE_MS;
      const before = (await stored(page))!.refreshToken;
      await page.reload();
      await waitFor('renewed', async () => ![undefined, before].includes((await stored(page))?.refreshToken));
    }
    const newest = (await stored(page))!.refreshToken;
    await page.goto('about:blank');
    // No other tab is awake to share its tokens: the device cookie authorises it.
    const woken = await context.newPage();
    await woken.addInitScript(
      `if (!sessionStorage.getItem('copied')) { sessionStorage.setItem('copied', '1'); sessionStorage.setItem('invigil.login', ${JSON.stringify(JSON.stringify(old))}); }`,
    );
    await woken.goto(`${site.url}/exam`);
    await waitFor('it has the newest tokens', async () => (await stored(woken))?.refreshToken === newest);
    await logOut(woken).waitFor();
  });

  test('logging out of one after 20 idle minutes logs out all, including on the server', async () => {
    const page = await signedIn((await site.student()).tokens!.user.email);
    const copy = await duplicate(page);
    const { refreshToken } = (await stored(page))!;
    ahead += 20 * MINUTE_MS;
    await logOut(page).click();
    await Promise.all([page, copy].map((tab) => tab.getByLabel('Email').waitFor()));
    await waitFor(
      'the login is over',
      async () =>
        (
          await site.api().send('POST', '/api/auth/refresh', {
            body: JSON.stringify({ refreshToken }),
            headers: { 'content-type': 'application/json' },
          })
        ).status === 401,
    );
    await expect.poll(() => stored(copy)).toBeNull();
  });

  const openedAt = async (path: string) => {
    const page = await context.newPage();
    await page.goto(`${site.url}${path}`);
    return page;
  };

  test('pages of staff opened in another tab have its login, renew with it and end with it; a tab of a student shares nothing', async () => {
    const student = await signedIn((await site.student()).tokens!.user.email);
    const alone = await openedAt('/account');
    await alone.getByLabel('Email').waitFor();
    await logOut(student).click();

    await alone.goto(`${site.url}/admin`);
    await alone.getByLabel('Email').fill('admin@example.org');
    await alone.getByLabel('Password').fill('a password for tests');
    await alone.getByRole('button', { name: 'Log in', exact: true }).click();
    await alone.getByRole('heading', { name: 'Overview' }).waitFor();
    const others = [await openedAt('/console'), await openedAt('/admin#/exams'), await openedAt('/account')];
    for (const page of others) await logOut(page).waitFor();
    ahead += 16 * MINUTE_MS;
    await others[1]!.reload();
    await others[1]!.getByRole('heading', { name: 'Exams' }).waitFor();
    await waitFor('all have the same tokens', async () => {
      const tokens = await Promise.all([alone, ...others].map(async (page) => (await stored(page))?.refreshToken));
      return tokens[0] !== undefined && new Set(tokens).size === 1;
    });
    // The exam page is tried as a student, with another login.
    await (await openedAt('/exam')).getByLabel('Email').waitFor();
    await logOut(others[0]!).click();
    for (const page of [alone, ...others]) await page.getByLabel('Email').waitFor();
    await (await openedAt('/admin')).getByLabel('Email').waitFor();
  });

  test('a page of staff asks whose login it should have while tabs have those of several people', async () => {
    const first = await signedIn(proctor.tokens!.user.email, 'a proctor password');
    const second = await openedAt('/exam');
    await second.getByLabel('Email').fill('admin@example.org');
    await second.getByLabel('Password').fill('a password for tests');
    await second.getByRole('button', { name: 'Log in', exact: true }).click();
    await logOut(second).waitFor();
    await (await openedAt('/console')).getByLabel('Email').waitFor();
    // Also if one of them is slow to answer: the first answer is not everybody's.
    await first.evaluate('setTimeout(() => { const end = Date.now() + 1000; while (Date.now() < end); })');
    await (await openedAt('/console')).getByLabel('Email').waitFor();
    await logOut(second).click();
    await second.getByLabel('Email').waitFor();
    await first.evaluate('setTimeout(() => { const end = Date.now() + 1000; while (Date.now() < end); })');
    await logOut(await openedAt('/console')).waitFor();
    await logOut(first).waitFor();
  });

  test('the device cookie is not shown to scripts', async () => {
    const page = await signedIn((await site.student()).tokens!.user.email);
    expect(await page.evaluate('document.cookie')).toBe('');
    const [cookie] = (await context.cookies(`${site.url}/api/auth/login`)).filter(
      ({ name }) => name === 'invigil-device',
    );
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/api/auth' });
  });
});
