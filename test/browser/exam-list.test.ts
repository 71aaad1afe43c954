import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasBrowser, launch } from '../support/browser.ts';
import { watchPage } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { isWell } from '../support/well.ts';

const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

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

test.runIf(hasBrowser)(
  `a student sees when a coming exam opens, in its zone, past exams by title, and an exam that closes without them${skipped}`,
  { timeout: 120_000 },
  async () => {
    const student = await site.student();
    const exam = async (title: string, more: object = {}) => {
      const made = await site.admin.createExam({}, { title, openTo: 'enrolled', timeZone: 'Asia/Tokyo', ...more });
      await site.admin.request('PUT', `/api/exams/${made.id}/students/${student.userId}`, {});
      return made;
    };
    await exam('Coming', {
      status: 'scheduled',
      startsAt: '2099-03-04T01:00:00.000Z',
      endsAt: '2099-03-04T03:00:00.000Z',
    });
    const closing = await exam('Closing', { startsAt: inHours(-1), endsAt: '2098-03-04T03:00:00.000Z' });
    const taken = await exam('Taken', { maxAttempts: 1 });
    const { id } = await student.startSession(taken.id);
    await student.post(`/api/sessions/${id}/end`);
    await site.admin.request('PATCH', `/api/exams/${taken.id}/status`, { status: 'completed' });

    const page = await browser.newPage();
    const seen = watchPage(page, site.url);
    await page.goto(`${site.url}/exam`);
    await page.getByLabel('Email').fill(student.tokens!.user.email);
    await page.getByLabel('Password').fill("Student's password");
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByRole('button', { name: 'Start: Closing' }).waitFor();
    await page
      .getByText('Not available. The exam has not started yet. It opens Wed, Mar 4, 2099, 10:00 GMT+9.')
      .waitFor();
    await page.getByRole('link', { name: 'Taken' }).waitFor();
    const missed = page.getByRole('region', { name: 'Closed exams that you did not start' });
    await expect.poll(() => missed.count()).toBe(0);

    await site.admin.request('PATCH', `/api/exams/${closing.id}/status`, { status: 'completed' });
    await page.getByRole('button', { name: 'Refresh' }).click();
    await missed.getByRole('heading', { name: 'Closing' }).waitFor();
    await missed.getByText('until Tue, Mar 4, 2098, 12:00 GMT+9').waitFor();
    await missed.getByText('If you should have taken it, ask your exam office.').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Start: Closing' }).count()).toBe(0);
    await isWell(page, 'exam-list-missed');
    expect(seen).toEqual({ foreign: [], errors: [] });
    await page.close();
  },
);

test.runIf(hasBrowser)(
  `an address below a page leads to its part, and one without a page says so with links${skipped}`,
  { timeout: 120_000 },
  async () => {
    const page = await browser.newPage();
    await page.goto(`${site.url}/admin/people?role=proctor`);
    expect(page.url()).toBe(`${site.url}/admin#/people?role=proctor`);
    await page.getByLabel('Email').waitFor();
    const answer = await page.goto(`${site.url}/guides/nothing/at/all`);
    expect(answer!.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is no page at this address' }).waitFor();
    await page.getByText('/guides/nothing/at/all').waitFor();
    await isWell(page, 'not-found');
    await page.getByRole('link', { name: 'Your exams' }).click();
    await page.waitForURL(`${site.url}/exam`);
    await page.close();
  },
);
