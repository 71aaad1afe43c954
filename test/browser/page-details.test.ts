import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { watchExam } from '../support/attempt.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { writeCamera } from '../support/camera-file.ts';
import { openConsole } from '../support/pages.ts';
import { startTestServer } from '../support/server.ts';

/** Details of the pages that are easily lost: names for screen readers, sentences with free text, narrow windows. */
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const PATIENT = { timeout: 400_000 };

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

test.runIf(hasBrowser)(
  `a hint is the description of its field and no part of the field's name${skipped}`,
  PATIENT,
  async () => {
    await using site = await startTestServer();
    const browser = await launch();
    try {
      const page = await browser.newPage();
      const described = async (role: 'textbox' | 'spinbutton' | 'combobox', name: string) =>
        (await page.getByRole(role, { name, exact: true }).and(page.locator('[aria-describedby]')).count()) === 1;
      await page.goto(`${site.url}/exam`);
      await button(page, 'Create a student account').click();
      expect(await described('textbox', 'Password')).toBe(true);
      await page.goto(`${site.url}/system-check`);
      await page.getByRole('textbox').waitFor();
      expect(await described('textbox', 'Summary')).toBe(true);
      await page.goto(`${site.url}/docs`);
      await page.getByRole('textbox', { name: 'Access token' }).waitFor();
      expect(await described('textbox', 'Access token')).toBe(true);
      await page.close();
      const admin = await openConsole(browser, site.url);
      await admin.getByRole('link', { name: 'New exam' }).click();
      for (const [role, name] of [
        ['spinbutton', 'Time limit in minutes'],
        ['combobox', 'Open to'],
      ] as const)
        expect(await admin.getByRole(role, { name, exact: true }).getAttribute('aria-describedby')).toBeTruthy();
    } finally {
      await browser.close();
    }
  },
);

test.runIf(hasBrowser)(
  `the front page names the facts of the server in words, not by their fields${skipped}`,
  PATIENT,
  async () => {
    await using site = await startTestServer();
    const browser = await launch();
    try {
      const page = await browser.newPage();
      await page.goto(site.url);
      await page.getByRole('term').filter({ hasText: 'Self-registration' }).waitFor();
      const names = await page.getByRole('term').allTextContents();
      expect(names.filter((name) => !/^[A-Z][a-z]+([ -][a-z]+)*(: [a-z]+)?$/.test(name.replace('API', 'Api')))).toEqual(
        [],
      );
    } finally {
      await browser.close();
    }
  },
);

test.runIf(hasBrowser)(
  `at 320 px the connection state stays on one line; pause, resumption and added time are whole sentences${skipped}`,
  PATIENT,
  async () => {
    await using site = await startTestServer({ vision: true });
    const exam = await site.admin.createExam(
      { calibration: { seconds: 1 }, gaze: { enabled: false } },
      { title: 'Algebra', durationMinutes: 60 },
    );
    const student = await site.student();
    const proctor = await watchExam(site, exam.id);
    const browser = await launch(writeCamera(site.database.dataDir, ['attentive', 16]));
    try {
      const page = await browser.newPage({ viewport: { width: 320, height: 640 } });
      await page.goto(`${site.url}/exam`);
      await page.getByLabel('Email').fill(student.tokens!.user.email);
      await page.getByLabel('Password').fill("Student's password");
      await button(page, 'Log in').click();
      await button(page, 'Start: Algebra').click();
      const consent = page.getByRole('checkbox');
      expect((await consent.boundingBox())!.width).toBeGreaterThanOrEqual(13);
      await consent.check();
      await button(page, 'Continue to camera').click();
      await button(page, 'Turn on camera').click();
      await button(page, 'Begin exam').click();
      await button(page, 'Finish exam').waitFor();
      const state = page.getByRole('status').filter({ hasText: /^Connected$/ });
      const box = (await state.boundingBox())!;
      // A second line would make it twice as high.
      expect(box.height).toBeLessThan(40);
      await expect.poll(() => page.getByRole('region', { name: 'Events' }).count()).toBe(1);

      const [session] = (await student.get<{ items: { id: string }[] }>('/api/sessions')).items;
      const command = (fields: object) => proctor.send({ type: 'command', session: session!.id, ...fields });
      command({ do: 'pause', reason: 'Fire alarm.' });
      await page.getByText('A proctor has paused the exam: Fire alarm.', { exact: true }).waitFor();
      command({ do: 'resume' });
      await page.getByRole('status').filter({ hasText: 'The exam has resumed.' }).waitFor();
      command({ do: 'extend', minutes: 15 });
      await page
        .getByRole('status')
        .filter({ hasText: /^Your time was extended: 1 hr 1\d min left, until \d\d:\d\d:\d\d \S+\.$/ })
        .waitFor();
      await page.getByRole('listitem').filter({ hasText: '15 minutes added' }).waitFor();
    } finally {
      proctor.close();
      await browser.close();
    }
  },
);
