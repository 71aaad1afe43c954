import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Exam } from '../../protocol/http/exams.ts';
import { clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { writeCamera } from '../support/camera-file.ts';
import { openCheckIn, submit, take as takePicture } from '../support/check-in-site.ts';
import { drawDocument } from '../support/drawn-document.ts';
import { type DrawnSitting, type DrawnStudent, painted, sitDrawn } from '../support/guide-pictures.ts';
import { openAdmin, openConsole } from '../support/pages.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { assign } from '../support/staffed-site.ts';
import { button, chooseFile, inZone, link } from '../support/term/page-steps.ts';

/** Pictures of the guides, with drawn people: `npm run docs:guides` takes them again. */
const DOCS = join(import.meta.dirname, '../../docs');
const IMAGES = join(DOCS, 'images/guides');
const UPDATE = process.env['UPDATE_GUIDE_PICTURES'] === '1';
const MOST = { bytes: 100_000, total: 1_500_000 };
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const HOUR = 3_600_000;
const PASSWORD = 'violet harbour 93';

const guides = readdirSync(join(DOCS, 'guides')).map((name) => readFileSync(join(DOCS, 'guides', name), 'utf8'));
const named = guides.flatMap((text) => [...text.matchAll(/images\/guides\/([\w-]+)\.jpg/g)].map(([, name]) => name!));

const STUDENTS: readonly DrawnStudent[] = [
  { name: 'Amara Okafor', seed: 37, room: 'Aula' },
  { name: 'Farid Haddad', seed: 42, room: 'Aula', clip: 'second' },
  { name: 'Chiara Bellini', seed: 20, room: 'Aula' },
  { name: 'Daniel Novak', seed: 35, room: 'Aula' },
  { name: 'Greta Lindholm', seed: 14, room: 'B 202' },
];

describe.runIf(hasBrowser)(`pictures of the guides${skipped}`, () => {
  const pictures = new Map<string, Buffer>();
  const sittings: DrawnSitting[] = [];
  const browsers: Browser[] = [];
  let site: TestServer;
  let exam: Exam;
  let browser: Browser;

  beforeAll(async () => {
    site = await startTestServer({ vision: true, env: { EXAMS_OPEN_TO: 'enrolled' } });
    const now = Date.now();
    exam = await site.admin.createExam(
      { calibration: { seconds: 3 }, evidence: { keep: true } },
      {
        title: 'Linear algebra, final exam',
        durationMinutes: 90,
        maxAttempts: 1,
        openTo: 'enrolled',
        staffAccess: 'assigned',
        startsAt: new Date(now - HOUR).toISOString(),
        endsAt: new Date(now + 3 * HOUR).toISOString(),
      },
    );
    browser = await launch();
    browsers.push(browser);
    for (const student of STUDENTS) sittings.push(await sitDrawn(site, exam, student));
  }, 240_000);
  afterAll(async () => {
    for (const sitting of sittings) sitting.stop();
    for (const one of browsers) await one.close();
    await site?.close();
  });

  async function newStaff(name: string, role: 'proctor' | 'reviewer') {
    const email = `${name.split(' ')[0]!.toLowerCase()}@university.example`;
    await site.admin.post('/api/users', { email, password: PASSWORD, name, role });
    const person = site.api();
    await person.login(email, PASSWORD);
    return person;
  }

  async function take(page: Page, name: string, { height = 800, width = 1280 } = {}): Promise<void> {
    await page.setViewportSize({ width, height });
    await page.mouse.move(0, 0);
    await page.evaluate('document.activeElement?.blur()');
    for (const quality of [80, 65, 50, 35]) {
      const picture = await page.screenshot({ type: 'jpeg', quality });
      pictures.set(name, picture);
      if (picture.length < MOST.bytes) return;
    }
  }

  test('of the administration area', { timeout: 300_000 }, async () => {
    const page = await openAdmin(browser, site.url);
    await page.goto(`${site.url}/admin#/import`);
    const people = [
      'Email;Name;Student number',
      'kavya@university.example;Kavya Nair;1007',
      'liam.university.example;Liam Fraser;1008',
      'jonah@university.example;Jonah Mensah;1007',
      'ines@university.example;Inês Carvalho;1010',
    ];
    await chooseFile(page, 'people.csv', Buffer.from(people.join('\n')));
    await page.getByRole('heading', { name: 'Faults: 2' }).waitFor();
    await page.getByRole('heading', { name: 'Preview of people.csv' }).scrollIntoViewIfNeeded();
    await take(page, 'admin-import', { height: 1120 });

    await page.goto(`${site.url}/admin#/exams/new`);
    await page.getByLabel('Title').fill('Statistics');
    const from = Math.ceil(Date.now() / HOUR) * HOUR + 24 * HOUR;
    await page.getByLabel('Start', { exact: true }).fill(inZone(from));
    await page.getByLabel('End', { exact: true }).fill(inZone(from + 2 * HOUR));
    await page.getByLabel('Time limit in minutes').fill('90');
    await page.getByLabel('Late start in minutes').fill('20');
    await page.getByLabel('After saving').selectOption('scheduled');
    await take(page, 'admin-exam-form', { height: 1000 });

    const [pat, quinn] = [await newStaff('Pat Mercer', 'proctor'), await newStaff('Quinn Adeyemi', 'proctor')];
    await assign(site, exam.id, pat, 'Aula');
    await assign(site, exam.id, quinn, 'B 202');
    await page.goto(`${site.url}/admin#/exam/${exam.id}/staff`);
    await page.getByRole('listitem').filter({ hasText: 'Room B 202' }).waitFor();
    await take(page, 'admin-staff', { height: 820 });

    for (const name of ['Ben Whitlock', 'Elif Yildiz']) {
      const missing = await site.student(name);
      await site.admin.request('PUT', `/api/exams/${exam.id}/students/${missing.userId}`, { room: 'B 202', seat: '4' });
    }
    await page.goto(`${site.url}/admin#/exam/${exam.id}/attendance`);
    await page.getByRole('row').filter({ hasText: 'Total' }).waitFor();
    await page.getByText('Elif Yildiz').first().waitFor();
    await take(page, 'admin-attendance');
    await page.context().close();
  });

  test('of a proctor', { timeout: 300_000 }, async () => {
    const proctor = await newStaff('Robin Castellano', 'proctor');
    await assign(site, exam.id, proctor, 'Aula');
    const page = await openConsole(browser, site.url, proctor.tokens!.user.email, PASSWORD);
    await link(page, exam.title).click();
    const watched = sittings[1]!;
    await waitFor('frames', () => sittings.every(({ sent }) => sent() >= 60));
    await waitFor('the incident', async () =>
      (await site.admin.events(watched.session.id)).some(({ type, endedAt }) => type === 'MULTIPLE_FACES' && !endedAt),
    );
    await page.setViewportSize({ width: 1280, height: 800 });
    await painted(page, 4);
    await take(page, 'proctor-wall');
    await page.goto(`${site.url}/console#/session/${watched.session.id}`);
    await page.getByRole('heading', { name: 'Farid Haddad' }).waitFor();
    await painted(page, 1);
    await take(page, 'proctor-session');

    const ended = sittings[3]!;
    await page.goto(`${site.url}/console#/session/${ended.session.id}`);
    await button(page, 'End exam').click();
    await page.getByRole('dialog').getByRole('textbox').fill('Somebody else was in the room');
    await page.getByRole('dialog').getByRole('button', { name: 'End exam for this student' }).click();
    await button(page, 'Readmit').click();
    await page.getByRole('dialog').getByLabel('Reason (recorded)').fill('It was the invigilator');
    await take(page, 'proctor-readmit');
    await page.context().close();
  });

  test('of a reviewer', { timeout: 300_000 }, async () => {
    const reviewer = await newStaff('Sasha Lindqvist', 'reviewer');
    await assign(site, exam.id, reviewer);
    const watched = sittings[1]!.session.id;
    sittings[1]!.stop();
    await site.admin.post(`/api/sessions/${watched}/end`, {}).catch(() => {});
    const page = await openConsole(browser, site.url, reviewer.tokens!.user.email, PASSWORD);
    await link(page, 'Sessions').click();
    await page.getByRole('row').filter({ hasText: 'Farid Haddad' }).waitFor();
    await take(page, 'reviewer-sessions');
    await page.goto(`${site.url}/console#/session/${watched}/review`);
    await page.getByRole('heading', { name: 'Farid Haddad' }).waitFor();
    await page.getByRole('heading', { name: 'Verdict' }).waitFor();
    await page.getByRole('button', { name: /More than one face/ }).click();
    await take(page, 'reviewer-review', { height: 1000 });
    await page.context().close();
  });

  test('of a student', { timeout: 300_000 }, async () => {
    const camera = await launch(writeCamera(site.database.dataDir, ['attentive', 20]));
    browsers.push(camera);
    const student = await site.student('Ines Carvalho');
    await site.admin.request('PUT', `/api/exams/${exam.id}/students/${student.userId}`, {
      room: 'B 202',
      extraMinutes: 15,
    });
    const page = await camera.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${site.url}/exam`);
    await page.getByLabel('Email').fill(student.tokens!.user.email);
    await page.getByLabel('Password').fill("Ines Carvalho's password");
    await button(page, 'Log in').click();
    await button(page, `Start: ${exam.title}`).waitFor();
    await take(page, 'student-exams', { height: 420 });
    await button(page, `Start: ${exam.title}`).click();
    await page.getByRole('checkbox').check();
    await button(page, 'Continue to camera').click();
    await button(page, 'Turn on camera').click();
    await page.locator('button:enabled', { hasText: 'Begin exam' }).waitFor();
    await take(page, 'student-camera');
    await button(page, 'Begin exam').click();
    await page.getByRole('heading', { name: 'Your exam is running' }).waitFor();
    await take(page, 'student-exam', { height: 700 });
    await page.context().close();
  });

  test('of a check-in', { timeout: 300_000 }, async () => {
    const checked = await site.admin.createExam(
      { checkIn: { photo: true, document: true } },
      { title: 'Statistics, final exam', openTo: 'enrolled', staffAccess: 'assigned', durationMinutes: 90 },
    );
    const proctor = await newStaff('Toni Marchetti', 'proctor');
    await assign(site, checked.id, proctor);
    const page = await openConsole(browser, site.url, proctor.tokens!.user.email, PASSWORD);
    const waiting = [
      { name: 'Noor Rahman', seed: 37, extraMinutes: 15 },
      { name: 'Oskar Lund', seed: 42, extraMinutes: 0 },
      { name: 'Petra Kovac', seed: 20, extraMinutes: 0 },
    ];
    const students = [];
    for (const { name, seed, extraMinutes } of waiting) {
      const student = await site.student(name);
      await site.admin.request('PUT', `/api/exams/${checked.id}/students/${student.userId}`, {
        room: 'Aula',
        extraMinutes,
      });
      await openCheckIn(student, checked);
      const [photo] = clips(createScene(seed)).attentive;
      await takePicture(student, checked, 'photo', photo);
      await takePicture(student, checked, 'document', await drawDocument(page, photo!, name));
      await submit(student, checked);
      students.push(student);
    }
    await link(page, 'Check-in: 3 students wait').click();
    await page.getByRole('heading', { name: 'Noor Rahman' }).waitFor();
    await painted(page, 2);
    await page.locator('button:enabled', { hasText: 'Admit' }).waitFor();
    await take(page, 'proctor-check-in');
    await page.context().close();

    const own = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await own.goto(`${site.url}/exam`);
    await own.getByLabel('Email').fill(students[1]!.tokens!.user.email);
    await own.getByLabel('Password').fill("Oskar Lund's password");
    await button(own, 'Log in').click();
    await button(own, `Continue check-in: ${checked.title}`).click();
    await own.getByRole('heading', { name: 'You are in the waiting room' }).waitFor();
    await painted(own, 2);
    await take(own, 'student-waiting');
    await own.context().close();
  });

  test('are all that the guides name, and small', () => {
    expect([...pictures.keys()].toSorted()).toEqual([...new Set(named)].toSorted());
    const sizes = [...pictures].map(([name, { length }]) => ({ name, length }));
    expect(sizes.filter(({ length }) => length >= MOST.bytes)).toEqual([]);
    expect(sizes.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(MOST.total);
    if (!UPDATE) return;
    rmSync(IMAGES, { recursive: true, force: true });
    mkdirSync(IMAGES, { recursive: true });
    for (const [name, picture] of pictures) writeFileSync(join(IMAGES, `${name}.jpg`), picture);
  });
});
