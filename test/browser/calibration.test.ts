import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { clipContent, type ClipName } from '../../simulator/draw/clips.ts';
import { drawFrame } from '../../simulator/draw/frame.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import { seriousFaults } from '../support/axe.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { writeCamera } from '../support/camera-file.ts';
import { watchPage } from '../support/pages.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

/** The calibration on the student's page, with a drawn camera whose room has a poster of somebody on the wall. */
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const PATIENT = { timeout: 400_000 };

const scene = createScene(9);

/** Eight pictures of a clip, with somebody on a poster whose head has a fifth of the student's height. */
function besidePoster(clip: ClipName): Buffer[] {
  const self = clipContent(scene, 'attentive', 0).people[0]!;
  const side = scene.guestSeat.x > scene.seat.x ? 1 : -1;
  const poster = { ...self, yaw: 0, pitch: 0, roll: 0, x: scene.seat.x + side * 200, y: 90, size: 0.22 * self.size };
  return Array.from({ length: 8 }, (_, i) => drawFrame(scene, { ...clipContent(scene, clip, i), poster }));
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });

/** Through login, list, notice and camera check to the calibration. */
async function goToCalibration(page: Page, site: TestServer, email: string): Promise<void> {
  await page.goto(`${site.url}/exam`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill("Student's password");
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('button', { name: 'Start: Algebra', exact: true }).click();
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Continue to camera', exact: true }).click();
  await page.getByRole('button', { name: 'Turn on camera', exact: true }).click();
  await page.getByRole('button', { name: 'Begin exam', exact: true }).click();
  await heading(page, 'Look at the screen').waitFor();
}

test.runIf(hasBrowser)(
  `calibration: a poster a fifth of the student's height does not stop it, and is not mentioned${skipped}`,
  PATIENT,
  async () => {
    await using site = await startTestServer({ vision: true });
    await site.admin.createExam({ calibration: { seconds: 4 }, gaze: { enabled: false } }, { title: 'Algebra' });
    const student = await site.student();
    const browser = await launch(writeCamera(site.database.dataDir, [besidePoster('attentive'), 8]));
    try {
      const page = await browser.newPage();
      const seen = watchPage(page, site.url);
      await goToCalibration(page, site, student.tokens!.user.email);
      await page.getByLabel(/Explain in your own words/).waitFor();
      await page.getByText('One face detected.').waitFor();
      await expect.poll(() => page.getByText('Another person is in view').count()).toBe(0);
      const [session] = (await student.get<{ items: { id: string }[] }>('/api/sessions')).items;
      const types = async () => (await site.admin.events(session!.id)).map(({ type }) => type);
      // Analysed as two faces: the poster is found, and counts for nothing.
      await waitFor('two faces in a frame', async () => {
        const { items } = await site.admin.get<{ items: { faces: { more: number } }[] }>(
          `/api/proctoring/attempt/${session!.id}/ai-analysis`,
        );
        return items.some(({ faces }) => faces.more > 3);
      });
      expect(await types()).not.toContain('MULTIPLE_FACES');
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await browser.close();
    }
  },
);

test.runIf(hasBrowser)(
  `calibration: a second person in view is named to the student and noted, and it goes on once they have left${skipped}`,
  PATIENT,
  async () => {
    await using site = await startTestServer({ vision: true });
    await site.admin.createExam({ calibration: { seconds: 4 }, gaze: { enabled: false } }, { title: 'Algebra' });
    const student = await site.student();
    const camera = writeCamera(site.database.dataDir, [besidePoster('second'), 32], [besidePoster('attentive'), 20]);
    const browser = await launch(camera);
    try {
      const page = await browser.newPage();
      await goToCalibration(page, site, student.tokens!.user.email);
      await page.getByRole('status').getByText('Another person is in view. Only you should be in view.').waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      const [session] = (await student.get<{ items: { id: string }[] }>('/api/sessions')).items;
      await waitFor('MULTIPLE_FACES', async () =>
        (await site.admin.events(session!.id)).some(({ type }) => type === 'MULTIPLE_FACES'),
      );
      await page.getByLabel(/Explain in your own words/).waitFor();
    } finally {
      await browser.close();
    }
  },
);
