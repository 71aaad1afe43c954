import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import type { Evidence } from '../../protocol/http/evidence.ts';
import { watchExam } from '../support/attempt.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { type CameraPart, writeCamera } from '../support/camera-file.ts';
import { openConsole, screenshots, shoot, watchPage } from '../support/pages.ts';
import { photos } from '../support/photos.ts';
import { sharedFolder } from '../support/requirements.ts';
import { startTestServer, waitFor } from '../support/server.ts';

/** The whole flow in two browsers: a face lost on a student's camera becomes an incident, and a proctor handles it. */

interface Camera {
  readonly name: string;
  /** Reason for the skip. */
  readonly missing: string | undefined;
  readonly parts: () => readonly CameraPart[];
}

const noBrowser = hasBrowser ? undefined : 'no Chromium';
const CAMERAS: readonly Camera[] = [
  {
    name: 'drawn',
    missing: noBrowser,
    parts: () => [
      ['attentive', 12],
      ['empty', 8],
      ['attentive', 4],
    ],
  },
  {
    name: 'photos',
    missing: noBrowser ?? (sharedFolder === undefined ? 'no photos beside the project' : undefined),
    parts: () => [
      [photos('ONE_'), 12],
      [photos('NONE_'), 8],
      [photos('ONE_'), 4],
    ],
  },
];

/** From an empty page to the exam, as a new student without an account. */
async function joinExam(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: 'Create a student account' }).click();
  await page.getByLabel('Name').fill('Ada');
  await page.getByLabel('Email').fill('ada@example.org');
  await page.getByLabel('Password').fill('long enough');
  await page.getByRole('button', { name: 'Create an account', exact: true }).click();
  await page.getByRole('button', { name: `Start: ${title}` }).click();
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Continue to camera' }).click();
  await page.getByRole('button', { name: 'Turn on camera' }).click();
  await page.getByRole('button', { name: 'Begin exam' }).click();
  await page.getByRole('heading', { name: 'Events' }).waitFor();
}

/**
 * Time at which a tile of the wall first shows these words and is painted, ms; recorded by the page itself, without
 * polling delay.
 */
const noteWhenShown = (page: Page, words: string): Promise<void> =>
  page.evaluate(`(() => {
    const look = () => {
      if (globalThis.shownAt || ![...document.querySelectorAll('.tile-open')].some((line) => line.textContent.includes(${JSON.stringify(words)}))) return;
      globalThis.shownAt = -1;
      requestAnimationFrame(() => requestAnimationFrame(() => (globalThis.shownAt = Date.now())));
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  })()`);

/** True if a canvas shows a picture: expected size, and more than one colour. */
const drawnOn = (canvas: Locator) =>
  canvas.evaluate((element) => {
    const { width, height } = element as unknown as { width: number; height: number };
    type Context = { getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray } };
    const { data } = (element as unknown as { getContext(kind: '2d'): Context })
      .getContext('2d')
      .getImageData(0, 0, width, height);
    return { width, height, colours: Math.min(new Set(data).size, 50) };
  });

const figures: Record<string, Record<string, number>> = {};

/** Reported only; nothing is asserted, since the machine is shared. */
function noteFigures(name: string, measured: Record<string, number>): void {
  figures[name] = measured;
  mkdirSync(screenshots, { recursive: true });
  writeFileSync(join(screenshots, 'end-to-end.json'), `${JSON.stringify(figures, null, 2)}\n`);
}

describe.each(CAMERAS)(`$name`, ({ name, missing, parts }) => {
  const title = `a face leaves the picture, a proctor sees the incident, reviews it, decides, messages the student and ends the exam, and the report contains it all${missing ? ` (skipped: ${missing})` : ''}`;
  test.skipIf(missing !== undefined)(title, async () => {
    await using site = await startTestServer({ vision: true });
    const holds = { noFace: 1 };
    const exam = await site.admin.createExam(
      { holds, calibration: { seconds: 3 }, gaze: { enabled: false } },
      { title: 'Algebra', durationMinutes: 60 },
    );
    const feed = await watchExam(site, exam.id);
    const browsers = [await launch(writeCamera(site.database.dataDir, ...parts())), await launch()] as const;
    try {
      const [student, proctor] = [await browsers[0].newPage(), await openConsole(browsers[1], site.url)];
      const seen = [watchPage(student, site.url), watchPage(proctor, site.url)];
      await proctor.getByRole('link', { name: 'Algebra' }).click();
      await proctor.getByText('No sessions yet.').waitFor();
      await noteWhenShown(proctor, 'No face');

      await student.goto(`${site.url}/exam`);
      await joinExam(student, 'Algebra');
      const tile = proctor.getByRole('list', { name: 'Sessions' }).getByRole('listitem').filter({ hasText: 'Ada' });

      // The face leaves the picture, and the wall shows it.
      const noFace = () =>
        (feed.of('event').map(({ event }) => event) as Event[]).find(({ type }) => type === 'NO_FACE');
      const committedAt = await feed.until('NO_FACE', () => noFace() !== undefined).then(() => Date.now());
      const incident = noFace()!;
      await tile.getByText('No face').waitFor();
      await proctor.screenshot({ path: join(screenshots, `end-to-end-${name}-wall-open.png`), fullPage: true });
      await proctor.getByRole('region', { name: 'Needs attention' }).getByRole('link', { name: 'Ada' }).waitFor();
      const session = incident.sessionId;
      expect(incident.endedAt).toBeNull();
      await waitFor('drawn', async () => (await proctor.evaluate<number>('globalThis.shownAt')) > 0);
      const shownAt = await proctor.evaluate<number>('globalThis.shownAt');
      const goneAt = Date.parse(incident.startedAt);
      noteFigures(name, {
        goneToWallMs: shownAt - goneAt,
        holdOverToWallMs: shownAt - goneAt - holds.noFace * 1000,
        committedToWallMs: shownAt - committedAt,
      });
      await shoot(proctor, `end-to-end-${name}-wall`);

      // The session, then the review with the incident's pictures.
      await tile.getByRole('link', { name: 'Ada' }).click();
      await proctor.getByRole('heading', { name: 'Ada' }).waitFor();
      await proctor.getByRole('listitem').filter({ hasText: 'No face detected' }).first().waitFor();
      await proctor.locator('.picture.live canvas').first().waitFor();
      await shoot(proctor, `end-to-end-${name}-session`);
      const kept = async () =>
        (await site.admin.get<{ items: Evidence[] }>(`/api/events/${incident.id}/evidence`)).items.map(
          ({ kind }) => kind,
        );
      await waitFor('the face is back', async () => (await kept()).includes('closed'));
      await proctor.getByRole('link', { name: 'Review' }).click();
      // Later incidents may be listed too; this is the first one.
      await proctor.locator('.incident').filter({ hasText: 'No face detected' }).first().click();
      const picture = proctor.getByRole('img', { name: /^Image: At the start/ });
      await picture.waitFor();
      await expect.poll(() => drawnOn(picture)).toEqual({ width: 640, height: 480, colours: 50 });
      await shoot(proctor, `end-to-end-${name}-review`);
      await proctor.getByRole('button', { name: 'Dismiss' }).click();
      await proctor.getByLabel('Reason', { exact: true }).fill('picked up a pen');
      await proctor.getByRole('dialog').getByRole('button', { name: 'Dismiss' }).click();
      await proctor.getByText('No face detected: Dismissed').waitFor();

      // A message that the student reads, and the end with its reason.
      await proctor.getByRole('link', { name: 'Live' }).click();
      await proctor.getByRole('button', { name: 'Message' }).click();
      await proctor.getByLabel('Message to the student').fill('Please stay in the picture.');
      await proctor.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
      await student
        .getByRole('log', { name: 'Messages from staff' })
        .getByText('Please stay in the picture.')
        .waitFor();
      await shoot(student, `end-to-end-${name}-exam`);
      await proctor.getByRole('button', { name: 'End exam' }).click();
      await proctor.getByLabel('Reason (shown to the student)').fill('left the room');
      await proctor.getByRole('button', { name: 'End exam for this student' }).click();
      await student.getByRole('heading', { name: 'A proctor ended the exam' }).waitFor();
      await student.getByText('left the room').waitFor();
      await shoot(student, `end-to-end-${name}-ended`);

      // Everything is stored and shown in the report.
      const stored = await site.admin.events(session);
      expect(stored.find(({ id }) => id === incident.id)).toMatchObject({ type: 'NO_FACE', review: 'dismissed' });
      expect(stored.map(({ type }) => type)).toEqual(expect.arrayContaining(['PROCTOR_MESSAGE', 'SESSION_TERMINATED']));
      await proctor.getByText('The session has ended.').waitFor();
      await proctor.getByRole('link', { name: 'Report' }).click();
      const report = proctor.getByRole('article');
      await report
        .getByRole('img', { name: /^Image: At the start/ })
        .first()
        .waitFor();
      await report.getByText('with the hash').waitFor();
      for (const words of [
        'Algebra',
        'Ada',
        'No face detected',
        'picked up a pen',
        'Please stay in the picture.',
        'left the room',
        '(ended by a proctor)',
        session,
      ])
        await expect.poll(() => report.textContent()).toContain(words);
      await shoot(proctor, `end-to-end-${name}-report`);
      for (const each of seen) expect(each).toEqual({ foreign: [], errors: [] });
    } finally {
      feed.close();
      for (const browser of browsers) await browser.close();
    }
  });
});
