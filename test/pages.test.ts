import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { clips } from '../bench/simulator/draw/clips.ts';
import { createScene } from '../bench/simulator/draw/scene.ts';
import { hasBrowser, launch } from './support/browser.ts';
import { startTestServer, waitFor } from './support/server.ts';

/** The fake camera plays 30 frames a second and begins again at the end. */
function cameraFile(folder: string): string {
  const { attentive, empty } = clips(createScene(5));
  const seconds = (pictures: readonly Buffer[], secs: number) => Array.from({ length: secs * 30 }, (_, i) => pictures[(i >> 2) % pictures.length]!);
  const path = join(folder, 'camera.mjpeg');
  writeFileSync(path, Buffer.concat([...seconds(attentive, 8), ...seconds(empty, 8)]));
  return path;
}

/** Requests that left this machine, and errors that the page wrote. */
function watch(page: Page, url: string): { foreign: string[]; errors: string[] } {
  const seen = { foreign: [] as string[], errors: [] as string[] };
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) seen.foreign.push(request.url());
  });
  page.on('pageerror', (error) => seen.errors.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) seen.errors.push(message.text());
  });
  return seen;
}

const title = `a student's browser streams, and a proctor's browser sees the incident${hasBrowser ? '' : ' (skipped: no Chromium)'}`;

test.runIf(hasBrowser)(title, { timeout: 120_000 }, async () => {
  await using site = await startTestServer({ vision: true });
  const exam = await site.admin.createExam({ holds: { noFace: 1 } }, { title: 'Algebra', durationMinutes: 60 });
  const camera = cameraFile(site.database.dataDir);
  const browser = await launch(camera);
  try {
    const student = await browser.newPage();
    const studentSaw = watch(student, site.url);
    await student.goto(`${site.url}/exam`);
    await student.getByRole('button', { name: 'Register as a student' }).click();
    await student.getByLabel('Name').fill('Ada');
    await student.getByLabel('E-mail').fill('ada@example.org');
    await student.getByLabel('Password').fill('long enough');
    await student.getByRole('button', { name: 'Register', exact: true }).click();
    await student.getByRole('button', { name: 'Choose' }).click();
    await student.getByRole('checkbox').check();
    await student.getByRole('button', { name: 'Continue to the camera' }).click();
    await student.getByRole('button', { name: 'Turn the camera on' }).click();
    await student.getByRole('button', { name: 'Begin the exam' }).click();
    await student.getByRole('heading', { name: 'What was noted' }).waitFor();

    const proctorContext = await browser.newContext();
    const proctor = await proctorContext.newPage();
    const proctorSaw = watch(proctor, site.url);
    await proctor.goto(`${site.url}/console`);
    await proctor.getByLabel('E-mail').fill('admin@example.org');
    await proctor.getByLabel('Password').fill('a password for tests');
    await proctor.getByRole('button', { name: 'Log in' }).click();
    await proctor.getByRole('link', { name: 'Algebra' }).click();
    const tile = proctor.getByRole('list', { name: 'Sessions' }).getByRole('listitem').filter({ hasText: 'Ada' });
    await tile.waitFor();
    await tile.getByText('No face').waitFor({ timeout: 30_000 });

    await tile.getByRole('link', { name: 'Ada' }).click();
    await proctor.getByRole('button', { name: 'Message' }).click();
    await proctor.getByLabel('Message to the student').fill('Please come back.');
    await proctor.getByRole('button', { name: 'Send' }).click();
    await student.getByText('Please come back.').first().waitFor();

    const [session] = (await site.admin.get<{ items: { id: string }[] }>(`/api/sessions?exam=${exam.id}`)).items;
    await waitFor('both events', async () => (await site.admin.events(session!.id)).length >= 2);
    const types = (await site.admin.events(session!.id)).map((event) => event.type);
    expect(types).toContain('NO_FACE');
    expect(types).toContain('PROCTOR_MESSAGE');
    for (const seen of [studentSaw, proctorSaw]) expect(seen).toEqual({ foreign: [], errors: [] });
    if (process.env['TEST_SCREENSHOTS']) {
      await student.screenshot({ path: join(process.env['TEST_SCREENSHOTS'], 'exam.png') });
      await proctor.screenshot({ path: join(process.env['TEST_SCREENSHOTS'], 'console.png') });
    }
  } finally {
    await browser.close();
  }
});
