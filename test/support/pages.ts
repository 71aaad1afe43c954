import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { readAtClose } from './failed-pages.ts';

/** Requests to other machines, and errors logged by the page. */
export interface Seen {
  readonly foreign: string[];
  readonly errors: string[];
}

export function watchPage(page: Page, url: string): Seen {
  const seen: Seen = { foreign: [], errors: [] };
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) seen.foreign.push(request.url());
  });
  page.on('pageerror', (error) => seen.errors.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) seen.errors.push(message.text());
  });
  return seen;
}

/** A new page, logged in at the console. */
export async function openConsole(
  browser: Browser,
  url: string,
  email = 'admin@example.org',
  password = 'a password for tests',
): Promise<Page> {
  const page = readAtClose(await browser.newPage({ viewport: { width: 1280, height: 800 } }));
  await page.goto(`${url}/console`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Exams' }).waitFor();
  return page;
}

/** A new page, logged in at the administration area. */
export async function openAdmin(
  browser: Browser,
  url: string,
  email = 'admin@example.org',
  password = 'a password for tests',
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = readAtClose(await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options }));
  await page.goto(`${url}/admin`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  return page;
}

/** Where a person can view them: `TEST_SCREENSHOTS`, or a folder in the system's temporary folder. */
export const screenshots = process.env['TEST_SCREENSHOTS'] || join(tmpdir(), 'invigil-screenshots');

/**
 * Screenshots of the page in light and dark, at 1280 px, at half that width, which equals a zoom of 200 %, and at a
 * phone's. Taken for
 * a person to view, and only when `TEST_SCREENSHOTS` names a folder.
 */
export async function shoot(
  page: Page,
  name: string,
  { fullPage = true, widths = [1280, 640, 390] as readonly number[], height = 800 } = {},
): Promise<void> {
  if (!process.env['TEST_SCREENSHOTS']) return;
  mkdirSync(screenshots, { recursive: true });
  const before = page.viewportSize();
  for (const width of widths) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(screenshots, `${name}-${width}-${colorScheme}.png`), fullPage });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  if (before) await page.setViewportSize(before);
}

/** The first few elements wider than the page, which would need horizontal scrolling. */
export const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const out = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > clientWidth);
    return out.slice(0, 5).map((element) => element.tagName + '.' + element.className + ': ' + element.textContent.slice(0, 60));
  })()`);
