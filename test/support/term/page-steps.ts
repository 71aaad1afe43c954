import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** Steps of a person on any page, by role and label. */

export const PASSWORD = 'violet harbour 93';

/** Its clock never changes, so that each time of a form exists, once. */
const ZONE = 'Africa/Nairobi';

/** A time as an exam's form takes it. */
export const inZone = (time: number): string =>
  new Intl.DateTimeFormat('sv-SE', {
    timeZone: ZONE,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
    .format(time)
    .replace(' ', 'T');

export const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
export const link = (page: Page, name: string | RegExp) =>
  page.getByRole('link', { name, exact: typeof name === 'string' });
export const section = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name, exact: true });

export const newPage = (browser: Browser, options: BrowserContextOptions = {}): Promise<Page> =>
  browser.newPage({ viewport: { width: 1280, height: 800 }, timezoneId: ZONE, acceptDownloads: true, ...options });

export async function logIn(page: Page, url: string, email: string, password = PASSWORD): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await button(page, 'Log in').click();
}

/** Opens the link of an invitation, as its owner, and sets the password. */
export async function acceptInvitation(browser: Browser, address: string): Promise<void> {
  const page = await newPage(browser);
  try {
    await page.goto(address);
    await page.getByLabel('New password').fill(PASSWORD);
    await button(page, 'Set password').click();
    await page.getByRole('heading', { name: 'Password set' }).waitFor();
  } finally {
    await page.context().close();
  }
}

export const chooseFile = (page: Page, name: string, buffer: Buffer): Promise<void> =>
  page.getByLabel('File', { exact: true }).setInputFiles({ name, mimeType: 'text/csv', buffer });

/** Bytes of the file that a button or link saves. */
export async function savedBy(page: Page, name: string | RegExp): Promise<Buffer> {
  const control = button(page, name).or(link(page, name));
  const [file] = await Promise.all([page.waitForEvent('download'), control.click()]);
  return readFile(await file.path());
}
