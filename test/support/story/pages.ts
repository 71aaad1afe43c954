import type { Browser, Page } from 'playwright-core';
import { shoot } from '../pages.ts';
import { logIn, newPage } from '../term/page-steps.ts';
import { Received } from './received.ts';
import type { Account, StorySite } from './story-site.ts';

/** A page of a person, with everything that it is told. */
export interface Seat {
  readonly page: Page;
  readonly received: Received;
}

export async function sitDown(
  site: StorySite,
  browser: Browser,
  { email }: Account,
  path: '/console' | `/exam${string}`,
): Promise<Seat> {
  const page = await newPage(browser);
  const received = new Received(page);
  await logIn(page, site.url + path, email);
  return { page, received };
}

export async function openStaffPage(site: StorySite, browser: Browser, person: Account): Promise<Seat> {
  const seat = await sitDown(site, browser, person, '/console');
  await seat.page.getByRole('heading', { name: 'Exams' }).waitFor();
  return seat;
}

export const tile = (page: Page, name: string) => page.locator('.tile').filter({ hasText: name });
export const queued = (page: Page, name: string) => page.locator('.queue-entry').filter({ hasText: name });
export const dialog = (page: Page) => page.getByRole('dialog');
export const messages = (page: Page) => page.getByRole('region', { name: 'Messages', exact: true });
export const closeDialog = (page: Page) => dialog(page).getByRole('button', { name: 'Close' }).click();

/** As much as a laptop and a large screen show, in light and dark. */
export async function shot(page: Page, name: string, fullPage = false): Promise<void> {
  await shoot(page, `story-${name}`, { fullPage, widths: [1280] });
  await shoot(page, `story-${name}`, { fullPage, widths: [1920], height: 1080 });
}
