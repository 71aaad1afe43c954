import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditEntry } from '../../protocol/http/audit.ts';
import type { Review, Verdict } from '../../protocol/http/reviews.ts';
import type { Attempt } from '../support/attempt.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { BUSY_EVENTS, sitRestlessly } from '../support/busy-session.ts';
import { openConsole, shoot, watchPage } from '../support/pages.ts';
import { Clockwork } from '../support/picture-site.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
let browser: Browser;
const clock = new Clockwork(Date.now() - 8 * 60_000);
let busy: Attempt;
let other: Attempt;
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer({ overrides: { clock: clock.read }, vision: true });
  busy = await sitRestlessly(site, clock);
  clock.now -= 7 * 60_000;
  other = await sitRestlessly(site, clock, { student: 'Bo Busy' });
  browser = await launch();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const SLOW = { timeout: 240_000 };
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

const eventsOf = ({ session }: Attempt) => site.admin.events(session.id);
const undecided = async (attempt: Attempt) => (await eventsOf(attempt)).filter(({ review }) => review === null);
const reviewsOf = async ({ session }: Attempt) => {
  const found: Review[] = [];
  for (let cursor = ''; ;) {
    const page = await site.admin.get<{ items: Review[]; nextCursor: string | null }>(
      `/api/sessions/${session.id}/reviews?limit=200${cursor}`,
    );
    found.push(...page.items);
    if (page.nextCursor === null) return found;
    cursor = `&cursor=${page.nextCursor}`;
  }
};
const verdictOf = async ({ session }: Attempt) =>
  (await site.admin.get<{ verdict: Verdict | null }>(`/api/proctoring/attempt/${session.id}`)).verdict;

/** Presses keys and counts them. */
function keysOn(page: Page) {
  const keys = { count: 0 };
  return {
    keys,
    press: async (...names: readonly string[]) => {
      for (const name of names) {
        await page.keyboard.press(name);
        keys.count++;
      }
    },
  };
}

async function openReview(page: Page, { session }: Attempt): Promise<void> {
  await page.goto(`${site.url}/console#/session/${session.id}/review`);
  await page.locator('.incident[aria-current]').waitFor();
  await page.getByText(`${BUSY_EVENTS} of ${BUSY_EVENTS} not reviewed`).waitFor();
}

test.runIf(hasBrowser)(
  `126 incidents of 7 minutes are decided, some confirmed and most dismissed, and the verdict is given, with at most 15 keys${skipped}`,
  SLOW,
  async () => {
    const all = await eventsOf(busy);
    expect(all).toHaveLength(BUSY_EVENTS);
    const times = all.map(({ startedAt }) => Date.parse(startedAt));
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(7 * 60_000);
    const page = await openConsole(browser, site.url);
    const seen = watchPage(page, site.url);
    try {
      await openReview(page, busy);
      await expect.poll(() => page.locator('.incident').count()).toBe(9);
      await page
        .locator('.incident')
        .filter({ hasText: /30 × Left the exam tab/ })
        .waitFor();
      await page.locator('.thumbnail').first().scrollIntoViewIfNeeded();
      await page.locator('.thumbnail canvas:visible').first().waitFor();
      await shoot(page, 'review-groups');
      const { keys, press } = keysOn(page);
      // Kinds in order of their first event: left the tab, lost the focus, copied, pasted, menu, full screen, screen.
      await press('c');
      await page.getByLabel('Reason', { exact: true }).waitFor();
      await press('ArrowDown');
      await shoot(page, 'review-groups-reason');
      // Two more kinds with the same reason, then everything that is left at once with another.
      await press('Enter', 'r', 'r', 'a', 'd', 'ArrowDown', 'Enter');
      await page.getByText('All incidents are decided.').waitFor();
      await press('v', '1', 'ArrowDown', 'Enter');
      await expect.poll(() => verdictOf(busy), { timeout: 30_000 }).toMatchObject({ verdict: 'no_concern' });
      expect(await undecided(busy)).toEqual([]);
      process.stdout.write(`126 incidents and the verdict: ${keys.count} keys\n`);
      expect(keys.count).toBeLessThanOrEqual(15);
      const decisions = new Map<string, Set<string | null>>();
      for (const { type, review } of await eventsOf(busy))
        decisions.set(type, (decisions.get(type) ?? new Set()).add(review));
      expect(Object.fromEntries([...decisions].map(([type, set]) => [type, [...set]]))).toEqual({
        TAB_SWITCH: ['confirmed'],
        WINDOW_BLUR: ['confirmed'],
        COPY: ['confirmed'],
        PASTE: ['dismissed'],
        CONTEXT_MENU: ['dismissed'],
        FULLSCREEN_EXIT: ['dismissed'],
        SECOND_SCREEN: ['dismissed'],
        NO_FACE: ['dismissed'],
        REPEATED_PICTURE: ['dismissed'],
      });
      // Each incident has its own record and entry in the audit log, by name, with a reason.
      const reviews = await reviewsOf(busy);
      expect(reviews).toHaveLength(BUSY_EVENTS);
      expect(new Set(reviews.map(({ act }) => act)).size).toBe(4);
      expect(reviews.every(({ by, reason }) => by.id === site.admin.userId && reason.length > 3)).toBe(true);
      const { items } = await site.admin.get<{ items: AuditEntry[] }>(
        `/api/audit/entries?session=${busy.session.id}&kind=decisions&limit=200`,
      );
      expect(items.filter(({ eventType }) => eventType === 'EVENT_REVIEWED')).toHaveLength(BUSY_EVENTS);
      expect(seen).toEqual({ foreign: [], errors: [] });
      await shoot(page, 'review-groups-done');

      // Undone act by act, in the reverse order of the decisions.
      const left = () => undecided(busy).then((events) => new Set(events.map(({ type }) => type)));
      await page.locator('.incident[aria-current]').click();
      await page.keyboard.press('u');
      await expect
        .poll(left)
        .toEqual(new Set(['PASTE', 'CONTEXT_MENU', 'FULLSCREEN_EXIT', 'SECOND_SCREEN', 'NO_FACE', 'REPEATED_PICTURE']));
      await page.keyboard.press('u');
      await expect.poll(left).toContain('COPY');
    } finally {
      await page.close();
    }
  },
);

test.runIf(hasBrowser)(
  `the pictures of a group are played and stepped through, and stand still for who wants less motion${skipped}`,
  SLOW,
  async () => {
    const page = await openConsole(browser, site.url);
    try {
      await openReview(page, other);
      await page.locator('.incident').filter({ hasText: '6 × No face detected' }).click();
      const strip = page.getByRole('group', { name: 'Images in order' });
      const at = async () =>
        /(\d+) of (\d+)/
          .exec((await strip.textContent()) ?? '')
          ?.slice(1)
          .map(Number);
      await strip.getByRole('img').waitFor();
      const [first, last] = (await at())!;
      expect(first).toBe(1);
      expect(last).toBeGreaterThanOrEqual(6);
      await shoot(page, 'review-strip');
      await strip.getByRole('button', { name: 'Next image' }).click();
      await expect.poll(at).toEqual([2, last]);
      await page.keyboard.press('p');
      await expect.poll(at, { timeout: 60_000 }).toEqual([last, last]);
      await strip.getByRole('button', { name: 'Play' }).waitFor();
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await expect.poll(() => strip.getByRole('button', { name: 'Play' }).count()).toBe(0);
      await page.keyboard.press('p');
      await expect.poll(at).toEqual([1, last]);
      await page.keyboard.press('p');
      await expect.poll(at).toEqual([2, last]);
      await page.emulateMedia({ reducedMotion: null });
    } finally {
      await page.close();
    }
  },
);

test.runIf(hasBrowser)(
  `a part of a group is decided alone, a conflict is told in words, and an undo takes back one act${skipped}`,
  SLOW,
  async () => {
    const page = await openConsole(browser, site.url);
    try {
      await openReview(page, other);
      const row = page.locator('.incident').filter({ hasText: '4 × Second screen' });
      await row.click();
      await page.keyboard.press('o');
      await expect.poll(() => row.getAttribute('aria-expanded')).toBe('true');
      // The first event of the group, chosen and dismissed with a reason of one's own.
      await page.keyboard.press('j');
      await page.keyboard.press('d');
      await page.getByLabel('Reason', { exact: true }).waitFor();
      await page.keyboard.type('a projector of the hall');
      await page.keyboard.press('Enter');
      await page
        .getByText('Second screen connected: Dismissed')
        .or(page.getByText(/^Second screen[^:]*: Dismissed/))
        .first()
        .waitFor();
      await expect.poll(async () => (await undecided(other)).length).toBe(BUSY_EVENTS - 1);

      // A reopening by the button suggests no reason of its own.
      await page.keyboard.press('k');
      await page.getByRole('button', { name: 'Undo', exact: true }).click();
      await expect.poll(async () => (await undecided(other)).length).toBe(BUSY_EVENTS);
      await page.keyboard.press('d');
      await expect.poll(() => page.getByLabel('Reason', { exact: true }).inputValue()).toBe('a projector of the hall');
      await page.keyboard.press('Enter');
      await expect.poll(async () => (await undecided(other)).length).toBe(BUSY_EVENTS - 1);

      // Somebody else decides about the next one while this page has not heard of it.
      const screens = (await eventsOf(other)).filter(({ type, review }) => type === 'SECOND_SCREEN' && review === null);
      await page.route(
        '**/api/sessions/*/reviews',
        async (route) => {
          if (route.request().method() === 'POST')
            await site.admin.post(`/api/events/${screens[0]!.id}/review`, { decision: 'confirmed', reason: 'it was' });
          await route.continue();
        },
        { times: 1 },
      );
      await row.click();
      await page.keyboard.press('d');
      await page.getByLabel('Reason', { exact: true }).waitFor();
      await expect.poll(() => page.getByLabel('Reason', { exact: true }).inputValue()).toBe('a projector of the hall');
      await page.keyboard.press('Enter');
      await page.getByText('somebody has decided meanwhile').waitFor();
      await shoot(page, 'review-conflict');
      await expect.poll(async () => (await undecided(other)).length).toBe(BUSY_EVENTS - 2);

      // Now the page knows, and the rest of the group is one act.
      await expect.poll(() => row.textContent()).toContain('2 of 4 decided');
      await row.click();
      await page.keyboard.press('r');
      await expect.poll(async () => (await undecided(other)).length).toBe(BUSY_EVENTS - 4);
      await page.keyboard.press('u');
      await expect.poll(async () => (await undecided(other)).length).toBe(BUSY_EVENTS - 2);

      // Keys pressed while a decision is on its way wait for it and keep their incident.
      await page.route(
        '**/api/sessions/*/reviews',
        async (route) => {
          await new Promise((resolve) => setTimeout(resolve, 1500));
          await route.continue();
        },
        { times: 1 },
      );
      await page.locator('.incident').filter({ hasText: '18 × Copied' }).click();
      for (const key of ['r', 'r', 'u']) await page.keyboard.press(key);
      const left = async (type: string) => (await undecided(other)).filter((event) => event.type === type).length;
      await expect.poll(() => left('COPY'), { timeout: 30_000 }).toBe(0);
      await page.getByText('16 × Pasted: Reopened').waitFor();
      expect(await left('PASTE')).toBe(16);
      expect(await left('COPY')).toBe(0);
    } finally {
      await page.close();
    }
  },
);
