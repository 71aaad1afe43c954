import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { AccommodationProfile } from '../../protocol/http/profiles.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import { seriousFaults } from '../support/axe.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openConsole, shoot, tooWide, watchPage } from '../support/pages.ts';
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

const NOTE = 'Reads questions aloud: a voice is no second person.';
const TERMS = { extraPercent: 25, breakMinutes: 15, headCovering: true, detection: { gaze: false }, note: NOTE };

const tileOf = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Sessions' }).getByRole('listitem').filter({ hasText: name });
const box = (page: Page) => page.getByRole('complementary', { name: 'Accommodations' });

/** A session with a profile and one without, in one exam. */
async function begin(): Promise<Session> {
  const profile = await site.admin.post<AccommodationProfile>('/api/accommodation-profiles', {
    name: 'Reader',
    terms: TERMS,
  });
  const exam: Exam = await site.admin.createExam({}, { title: 'Geometry', durationMinutes: 60, openTo: 'enrolled' });
  const [with_, without] = [await site.student('Ada'), await site.student('Ben')];
  const enrol = (student: string, body: object) =>
    site.admin.request('PUT', `/api/exams/${exam.id}/students/${student}`, body);
  await enrol(with_.userId, { accommodationProfileId: profile.id });
  await enrol(without.userId, {});
  await without.startSession(exam.id);
  return with_.startSession(exam.id);
}

test.runIf(hasBrowser)(
  `tile, session page, review and printed report show accommodations${hasBrowser ? '' : ' (skipped: no Chromium)'}`,
  async () => {
    const session = await begin();
    const page = await openConsole(browser, site.url);
    const seen = watchPage(page, site.url);
    await page.getByRole('link', { name: 'Geometry' }).click();
    const tile = tileOf(page, 'Ada');
    await tile.getByText('head covering, breaks 15 min, no gaze, +15 min, note').waitFor();
    expect(await tile.locator('.tile-accommodations').getAttribute('title')).toContain(NOTE);
    await expect.poll(() => tileOf(page, 'Ben').locator('.tile-accommodations').count()).toBe(0);
    const clipped = await tile
      .locator('.tile-accommodations')
      .evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight);
    expect(clipped, 'px of the text that the tile hides').toBeLessThanOrEqual(1);
    expect(await seriousFaults(page)).toEqual([]);
    await shoot(page, 'accommodations-wall');

    await tile.getByRole('link', { name: 'Ada' }).click();
    const lines = [
      'Extra time: 15 min, included in the time left.',
      'Breaks: 15 min in total. The server does not count them.',
      'Head covering: not an incident.',
      'Gaze is not analysed.',
      `Note: ${NOTE}`,
    ];
    for (const name of ['session', 'review', 'report']) {
      await page.goto(`${site.url}/console#/session/${session.id}${name === 'session' ? '' : `/${name}`}`);
      await box(page).waitFor();
      await expect.poll(() => box(page).getByRole('listitem').allTextContents(), { message: name }).toEqual(lines);
      await box(page).getByText('Reader, version 1').waitFor();
      expect(await tooWide(page), name).toEqual([]);
      expect(await seriousFaults(page), name).toEqual([]);
      await shoot(page, `accommodations-${name}`);
    }
    await page.emulateMedia({ media: 'print' });
    await expect.poll(() => box(page).isVisible()).toBe(true);
    expect(seen).toEqual({ foreign: [], errors: [] });
  },
);
