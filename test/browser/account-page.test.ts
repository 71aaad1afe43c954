import { TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COLOUR_RULES, seriousFaults } from '../support/axe.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { shoot, tooWide, watchPage } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
let browser: Browser;
/** Offset of the server's clock ahead of ours, ms. */
let ahead = 0;
/** By host name: passkeys cannot be bound to an IP address. */
let url = '';
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer({ overrides: { clock: () => Date.now() + ahead } });
  url = site.url.replace('127.0.0.1', 'localhost');
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const SLOW = { timeout: 240_000 };
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const PASSWORD = 'a proctor password';

/** Opens a page with a virtual authenticator for passkeys, simulated by CDP. */
async function openPage(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return page;
}

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

async function logIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await button(page, 'Log in').click();
}

async function isWell(page: Page, name: string): Promise<void> {
  expect(await seriousFaults(page), name).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await seriousFaults(page, COLOUR_RULES), `${name}, dark`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 640, height: 800 });
  expect(await tooWide(page), name).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await shoot(page, name);
}

test.runIf(hasBrowser)(
  `a proctor adds an app and a passkey, logs in with each, proves them again, and removes one${skipped}`,
  SLOW,
  async () => {
    const { email } = (await site.proctor()).tokens!.user;
    const page = await openPage();
    const seen = watchPage(page, url);
    try {
      await page.goto(`${url}/account`);
      await logIn(page, email);
      await page.getByRole('heading', { name: 'Your account' }).waitFor();
      await page.getByText('Not set up.').waitFor();
      await isWell(page, 'account');

      // The app: a key to type beside the QR code, and its first code.
      await button(page, 'Add an authenticator app').click();
      await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
      const secret = ((await page.locator('.code').first().textContent()) ?? '').replaceAll(' ', '');
      const code = () => new TOTP({ secret }).generate({ timestamp: Date.now() + ahead });
      await isWell(page, 'account-app');
      await page.getByRole('textbox', { name: /^Code/ }).fill(code());
      await button(page, 'Confirm').click();
      await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
      const recovery = await page.locator('.recovery-codes li').allTextContents();
      expect(new Set(recovery)).toHaveProperty('size', 10);
      await isWell(page, 'account-recovery');
      await button(page, 'I have saved these codes').click();
      await page.getByText('10 of 10 recovery codes left').waitFor();

      await button(page, 'Add a passkey').click();
      const passkey = page.getByRole('listitem').filter({ hasText: 'Passkey of' });
      await passkey.waitFor();
      await passkey.getByRole('button', { name: /Rename/ }).click();
      await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Laptop');
      await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
      await page.getByText('Laptop').waitFor();
      await isWell(page, 'account-factors');

      // With the passkey, which is offered first.
      await button(page, 'Log out').click();
      await logIn(page, email);
      await page.getByRole('heading', { name: 'Two-factor authentication' }).waitFor();
      await isWell(page, 'second-step-passkey');
      await button(page, 'Use a passkey').click();
      await page.getByRole('heading', { name: 'Your account' }).waitFor();

      // With a wrong code, then the right one; then with a recovery code.
      ahead += 30_000;
      await button(page, 'Log out').click();
      await logIn(page, email);
      await button(page, 'Use an authenticator app').click();
      await page.getByRole('textbox', { name: /^Code/ }).fill(code() === '000000' ? '111111' : '000000');
      await button(page, 'Confirm').click();
      await page.getByRole('alert').filter({ hasText: 'wrong' }).waitFor();
      await isWell(page, 'second-step-wrong');
      await page.getByRole('textbox', { name: /^Code/ }).fill(code());
      await button(page, 'Confirm').click();
      await page.getByRole('heading', { name: 'Your account' }).waitFor();
      await button(page, 'Log out').click();
      await logIn(page, email);
      await button(page, 'Use a recovery code').click();
      await page.getByLabel('Recovery code').fill(recovery[0] ?? '');
      await button(page, 'Confirm').click();
      await page.getByText('9 of 10 recovery codes left').waitFor();

      // Eleven minutes later it is required again, and the requested action then succeeds.
      ahead += 11 * 60_000;
      await button(page, 'Remove Laptop').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('heading', { name: 'Confirm your identity' }).waitFor();
      await isWell(page, 'step-up');
      await page.keyboard.press('Escape');
      await page.getByRole('alert').filter({ hasText: 'requires your second factor again' }).waitFor();
      await button(page, 'Remove Laptop').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('heading', { name: 'Confirm your identity' }).waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Use a passkey' }).click();
      await page.getByText('Laptop').waitFor({ state: 'detached' });
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await page.close();
    }
  },
);

test.runIf(hasBrowser)(
  `a password is changed on the page, and set by a link that works once${skipped}`,
  SLOW,
  async () => {
    const proctor = await site.proctor();
    const { email } = proctor.tokens!.user;
    const page = await openPage();
    const seen = watchPage(page, url);
    try {
      await page.goto(`${url}/account`);
      await logIn(page, email);
      // The test's own session.
      await button(page, 'Log out everywhere else').waitFor();
      await page.getByLabel('Current password').fill(PASSWORD);
      await page.getByLabel('New password').fill('password1');
      await button(page, 'Change password').click();
      await page.getByRole('alert').filter({ hasText: 'most common' }).waitFor();
      await page.getByLabel('New password').fill('a password of my own');
      await button(page, 'Change password').click();
      await page.getByRole('status').filter({ hasText: 'Password changed.' }).waitFor();
      await button(page, 'Log out everywhere else').waitFor({ state: 'detached' });
      await page.getByRole('listitem').filter({ hasText: 'This device' }).waitFor();
      await expect.poll(() => page.getByLabel('Current password').inputValue()).toBe('');

      const { path } = await site.admin.post<{ path: string }>(`/api/users/${proctor.userId}/reset`, {});
      await page.goto('about:blank');
      await page.goto(url + path);
      await page.getByRole('heading', { name: 'Set a new password' }).waitFor();
      expect(page.url()).toBe(`${url}/account`);
      await isWell(page, 'reset');
      await page.getByLabel('New password').fill('yet another one of mine');
      await button(page, 'Set password').click();
      await page.getByRole('heading', { name: 'Password set' }).waitFor();
      await page.getByRole('link', { name: 'To the console' }).waitFor();
      await page.goto('about:blank');
      await page.goto(url + path);
      await page.getByRole('alert').filter({ hasText: 'the link has been used' }).waitFor();
      await site.api().login(email, 'yet another one of mine');
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await page.close();
    }
  },
);

test.runIf(hasBrowser)(`a user changes their own name, which the page shows at once${skipped}`, SLOW, async () => {
  const student = await site.student('Jo');
  const page = await openPage();
  try {
    await page.goto(`${url}/account`);
    await logIn(page, student.tokens!.user.email, "Jo's password");
    await page.getByLabel('Name', { exact: true }).fill('Jo Fairweather');
    await button(page, 'Save name').click();
    await page.getByText('Name saved.').waitFor();
    await page.getByRole('link', { name: 'Jo Fairweather' }).waitFor();
    await isWell(page, 'account-name');
    expect(await student.get('/api/auth/me')).toMatchObject({ name: 'Jo Fairweather' });
    await page.reload();
    await page.getByRole('link', { name: 'Jo Fairweather' }).waitFor();
  } finally {
    await page.close();
  }
});
