import type { Browser } from 'playwright-core';
import { expect, test } from 'vitest';
import { hasBrowser, launch } from '../support/browser.ts';
import { writeCamera } from '../support/camera-file.ts';
import { waitFor } from '../support/server.ts';
import {
  arrive,
  cannotStart,
  readmit,
  seeAttendance,
  sessionsOf,
  startExam,
  statusOf,
  terminate,
  watchRoom,
} from '../support/term/exam-day.ts';
import { closeByTime, comeTooLate, exportResults, handIn, readAuditLog, review } from '../support/term/after-exam.ts';
import { addStaff, assignStaff, EXAM, importPeople, importRooms, makeExam, setUp } from '../support/term/office.ts';
import { ACCOMMODATION, makeProfiles, POLICY } from '../support/term/profiles.ts';
import { acceptInvitation, button } from '../support/term/page-steps.ts';
import { studentAt } from '../support/term/term-files.ts';
import { startTermSite } from '../support/term/term-site.ts';
import { isWell } from '../support/well.ts';

const MINUTE = 60_000;
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const DAY = 24 * 60 * MINUTE;
/** Students of the rooms Aula, B 202 and C 3; the second has a quarter more time. */
const [AULA, B202, C3] = [studentAt(0), studentAt(4), studentAt(2)];

test.runIf(hasBrowser)(
  `a whole term is run from pages, and the database has every effect${skipped}`,
  { timeout: 900_000 },
  async () => {
    await using site = await startTermSite();
    const browsers: Browser[] = [await launch(), await launch(writeCamera(site.dataDir, ['attentive', 20]))];
    const [staff, cameras] = browsers as [Browser, Browser];
    try {
      const office = await setUp(site, staff);
      await makeProfiles(site, office);
      const links = await importPeople(site, office);
      const opens = Math.ceil((site.now() + 60 * MINUTE) / MINUTE) * MINUTE;
      const closes = opens + 120 * MINUTE;
      const exam = await makeExam(site, office, { title: EXAM, from: opens, until: closes, policy: POLICY });
      await importRooms(site, office, exam, ACCOMMODATION);
      const people = [
        { email: 'pat@university.example', name: 'Pat Proctor', role: 'proctor', room: 'Aula' },
        { email: 'quinn@university.example', name: 'Quinn Proctor', role: 'proctor', room: 'B 202' },
        { email: 'rex@university.example', name: 'Rex Reviewer', role: 'reviewer', room: undefined },
      ] as const;
      for (const person of people) await addStaff(site, staff, office, person);
      await assignStaff(site, office, exam, people);
      for (const { email } of [AULA, B202, C3]) await acceptInvitation(staff, links.get(email)!);

      // Before its time the exam cannot be started; then it opens by itself.
      const student = await arrive(site, cameras, AULA.email);
      await student.getByText('Not available. The exam has not started yet.').waitFor();
      await isWell(student, 'term-10-before');
      await expect.poll(() => button(student, `Start: ${EXAM}`).count()).toBe(0);
      site.moveTo(opens + 1000);
      await waitFor('the opening', async () => (await statusOf(site, exam)) === 'active');
      await startExam(student, 'term-11');
      await isWell(student, 'term-12-exam');
      const other = await arrive(site, cameras, B202.email);
      await startExam(other);
      expect(await sessionsOf(site, exam)).toMatchObject([
        { email: AULA.email, room: 'Aula', status: 'active', attempt: 1, accommodations: null },
        {
          email: B202.email,
          room: 'B 202',
          status: 'active',
          attempt: 1,
          accommodations: { extraMinutes: 15, profile: { name: ACCOMMODATION, version: 1, note: 'May read aloud.' } },
        },
      ]);
      await seeAttendance(site, office, exam);

      const proctor = await watchRoom(site, staff, people[0].email, { exam, mine: AULA.email, foreign: B202.email });
      await terminate(site, proctor, exam, AULA.email);
      await cannotStart(site, student, exam, AULA.email);
      const [first] = await sessionsOf(site, exam, AULA.email);
      await readmit(site, proctor, first!.id);
      await startExam(student);
      expect(await sessionsOf(site, exam, AULA.email)).toMatchObject([
        { id: first!.id, status: 'active', end_reason: null, attempt: 1 },
      ]);

      // One hands in, the time of the other ends, and a third comes when the exam has closed by itself.
      const late = await arrive(site, cameras, C3.email);
      await handIn(site, student, exam, AULA.email);
      await closeByTime(site, exam, closes, B202.email);
      await comeTooLate(site, late, exam, C3.email);

      // The next day.
      site.moveTo(closes + DAY);
      const reviewer = await review(site, staff, people[2].email, AULA.name, first!.id);
      await exportResults(site, reviewer, exam);
      await readAuditLog(site, office, AULA.name, first!.id);
    } finally {
      for (const browser of browsers) await browser.close();
    }
  },
);
