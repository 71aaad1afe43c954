import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { SMTPServer } from 'smtp-server';
import { expect, test } from 'vitest';
import type { User } from '../../protocol/http/accounts.ts';
import type { Enrolment } from '../../protocol/http/enrolments.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { AccommodationProfile } from '../../protocol/http/profiles.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openAdmin, watchPage } from '../support/pages.ts';
import { startTestServer } from '../support/server.ts';
import { isWell } from '../support/well.ts';
import { zipOf } from '../support/zip.ts';

const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

const choose = (page: Page, name: string, text: string) =>
  page.getByLabel('File', { exact: true }).setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
/** Text of a file that a button saves. */
async function saved(page: Page, button: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
  return readFile(await file.path(), 'utf8');
}
const count = (page: Page, name: string) =>
  page.locator('.counts > div').filter({ hasText: name }).locator('dd').textContent();

const PEOPLE = `email;name;number;role;shoe size
ana@example.org;=Ana Pérez;S1;;38
bo@example.org;Bo Li;S2;student;40
not an address;Cy;S3;;41
pat@example.org;Pat;;proctor;42
bo@example.org;Bo again;S5;;43
`;

test.runIf(hasBrowser)(
  `faulty rows are named and nothing is written; the corrected file is imported, its people are invited, and again it changes nothing${skipped}`,
  { timeout: 240_000 },
  async () => {
    await using site = await startTestServer();
    const browser = await launch();
    try {
      const page = await openAdmin(browser, site.url);
      const seen = watchPage(page, site.url);
      const people = async () => (await site.admin.get<{ items: User[] }>('/api/users?limit=200')).items;
      const before = (await people()).length;
      await page.getByRole('link', { name: 'Import people' }).click();
      await page.getByText('Columns of the file').click();
      await isWell(page, 'admin-import-empty');
      expect(await saved(page, 'Download an example')).toMatch(/^\uFEFFemail,name,role,student number,external id\r\n/);

      await choose(page, 'people.csv', PEOPLE);
      await page.getByRole('heading', { name: 'Preview of people.csv' }).waitFor();
      expect(await page.evaluate('document.activeElement.id')).toBe('preview');
      expect(
        await Promise.all(['New people', 'Unchanged people', 'Wrong rows'].map((name) => count(page, name))),
      ).toEqual(['3', '0', '2']);
      const faults = page.getByRole('region', { name: 'Faults: 2' }).getByRole('row');
      await expect
        .poll(() => faults.allInnerTexts())
        .toEqual([
          'Row\tName\tColumn\tNote',
          '4\tCy\temail\t“not an address” is not an email address.',
          '6\tBo again\temail\tThe same address as in row 3.',
        ]);
      await page.getByText('shoe size: not read').waitFor();
      await expect.poll(() => page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
      expect((await saved(page, 'Download the faults as CSV')).split('\r\n')).toEqual([
        '\uFEFFRow;Name;Column;Note',
        '4;Cy;email;“not an address” is not an email address.',
        '6;Bo again;email;The same address as in row 3.',
        '',
      ]);
      await isWell(page, 'admin-import-faults');
      expect(await people()).toHaveLength(before);

      const good = PEOPLE.replace('not an address', 'cy@example.org').replace(
        'bo@example.org;Bo again',
        'di@example.org;Di',
      );
      await choose(page, 'people.csv', good);
      await expect.poll(() => count(page, 'Wrong rows')).toBe('0');
      await isWell(page, 'admin-import-preview');
      await page.getByRole('button', { name: 'Import', exact: true }).press('Enter');
      await page.getByRole('heading', { name: 'Imported' }).waitFor();
      const stored = await people();
      expect(stored).toHaveLength(before + 5);
      expect(stored.find(({ email }) => email === 'ana@example.org')).toMatchObject({
        name: '=Ana Pérez',
        role: 'student',
        studentNumber: 'S1',
        passwordSet: false,
      });

      await page.getByText('This server sends no mail').waitFor();
      await page.getByRole('button', { name: 'Make invitation links' }).click();
      await page.getByText('5 links are made.').waitFor();
      await isWell(page, 'admin-import-links');
      const links = (await saved(page, 'Download the links as CSV')).split('\r\n');
      expect(links).toHaveLength(7);
      expect(links[1]).toMatch(
        /^'=Ana Pérez,ana@example\.org,http:\/\/[^,]+\/account#reset=[^,]+,"[A-Z][a-z]{2} \d+, \d{4}, \d\d:\d\d UTC"/,
      );
      const invited = await browser.newPage();
      await invited.goto(links[2]!.split(',')[2]!);
      await invited.getByLabel('New password').fill('violet harbour 93');
      await invited.getByRole('button', { name: 'Set password' }).click();
      await invited.getByRole('heading', { name: 'Password set' }).waitFor();
      await invited.close();
      await site.api().login('bo@example.org', 'violet harbour 93');

      await page.getByRole('button', { name: 'Import another file' }).click();
      await choose(page, 'people.csv', good);
      await page.getByText('Everything in this file is stored already.').waitFor();
      expect(await count(page, 'Unchanged people')).toBe('5');
      await expect.poll(() => page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Cancel' }).click();
      const exported = await saved(page, 'Download CSV');
      expect(exported).toContain("ana@example.org,'=Ana Pérez,student,S1,\r\n");
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await browser.close();
    }
  },
);

test.runIf(hasBrowser)(
  `enrolments are imported from the page of an exam, by drop, with rooms, minutes and accommodation profiles, and exported again${skipped}`,
  { timeout: 240_000 },
  async () => {
    await using site = await startTestServer();
    const browser = await launch();
    try {
      const exam: Exam = await site.admin.createExam({}, { title: 'Algebra', openTo: 'enrolled' });
      await site.admin.post<AccommodationProfile>('/api/accommodation-profiles', {
        name: 'Extra quarter',
        terms: { extraPercent: 25 },
      });
      const [ana, bo] = [await site.student('Ana'), await site.student('Bo')];
      const address = async ({ userId }: { userId: string }) =>
        (await site.admin.get<User>(`/api/users/${userId}`)).email;
      const rows = async (profile: string) =>
        `email,room,seat,extra minutes,accommodations\n${await address(ana)},A 101,1,,${profile}\n${await address(bo)},A 102,2,10,\n`;
      const page = await openAdmin(browser, site.url);
      await page.goto(`${site.url}/admin#/exam/${exam.id}/students`);
      await page.getByRole('link', { name: 'Import or export' }).click();
      await expect.poll(() => page.getByLabel('Exam', { exact: true }).inputValue()).toBe(exam.id);

      await choose(page, 'rooms.csv', await rows('Extra half'));
      await page
        .getByText('No accommodation profile is named “Extra half”: correct the name, or create the profile first.')
        .waitFor();
      const dropped = await page.evaluateHandle(`(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([${JSON.stringify(await rows('extra quarter'))}], 'dropped.csv', { type: 'text/csv' }));
        return transfer;
      })()`);
      await page.locator('.drop').dispatchEvent('drop', { dataTransfer: dropped });
      await page.getByRole('heading', { name: 'Preview of dropped.csv' }).waitFor();
      await page.getByText('accommodation profile Extra quarter').waitFor();
      await isWell(page, 'admin-import-enrolments');
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page.getByRole('link', { name: 'Show students of the exam' }).click();
      await page.getByRole('row').filter({ hasText: 'A 102' }).waitFor();
      const { items } = await site.admin.get<{ items: Enrolment[] }>(`/api/exams/${exam.id}/students`);
      expect(items.find(({ studentId }) => studentId === ana.userId)).toMatchObject({
        room: 'A 101',
        seat: '1',
        extraMinutes: 0,
        accommodationProfile: { name: 'Extra quarter' },
      });
      expect(items.find(({ studentId }) => studentId === bo.userId)).toMatchObject({ room: 'A 102', extraMinutes: 10 });

      await page.getByRole('link', { name: 'Import or export' }).click();
      const exported = await saved(page, 'Download CSV');
      await choose(page, 'exported.csv', exported);
      await page.getByText('Everything in this file is stored already.').waitFor();
      expect(await count(page, 'Unchanged enrolments')).toBe('2');
    } finally {
      await browser.close();
    }
  },
);

test.runIf(hasBrowser)(
  `invitations of imported people go out by mail, and those that could not be sent are named${skipped}`,
  { timeout: 240_000 },
  async () => {
    const accepted: string[] = [];
    const mail = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      disableReverseLookup: true,
      closeTimeout: 100,
      onRcptTo: ({ address }, _session, done) => {
        if (address.startsWith('bo@')) return done(Object.assign(new Error('no mailbox here'), { responseCode: 550 }));
        accepted.push(address);
        done();
      },
      onData: (stream, _session, done) => {
        stream.resume();
        stream.on('end', () => done());
      },
    });
    await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', resolve));
    const { port } = mail.server.address() as AddressInfo;
    const env = {
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      SMTP_FROM: 'exams@example.org',
      PUBLIC_URL: 'https://exam.example.org',
    };
    await using site = await startTestServer({ env });
    const browser = await launch();
    try {
      const page = await openAdmin(browser, site.url);
      await page.goto(`${site.url}/admin#/import/people`);
      await choose(page, 'people.csv', 'email,name\nana@example.org,Ana\nbo@example.org,Bo\n');
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page.getByRole('button', { name: 'Make links and send them by mail' }).click();
      await page.getByText('1 mail could not be sent:').waitFor();
      await page.getByText(/^Bo \(bo@example\.org\): .*no mailbox here/).waitFor();
      expect(accepted).toEqual(['ana@example.org']);
      await isWell(page, 'admin-import-mail');
    } finally {
      await browser.close();
      await new Promise<void>((resolve) => mail.close(() => resolve()));
    }
  },
);

const ROSTER = {
  'users.csv':
    'sourcedId,status,enabledUser,givenName,familyName,identifier,email\n' +
    'u1,active,true,Ana,Silva,S1,ana@example.org\nu2,active,true,Bo,Li,S2,bo@example.org\np1,active,true,Pat,Proctor,,pat@example.org\n',
  'roles.csv':
    'sourcedId,userSourcedId,roleType,role\nr1,u1,primary,student\nr2,u2,primary,student\nr3,p1,primary,proctor\n',
  'classes.csv': 'sourcedId,title\nc1,Algebra\nc2,Nowhere\n',
  'enrollments.csv':
    'sourcedId,classSourcedId,userSourcedId,role\ne1,c1,u1,student\ne2,c1,u2,student\ne3,c2,u1,student\n',
};

test.runIf(hasBrowser)(
  `a OneRoster zip makes people and enrols students in the exam of their class; its faults name file and row, and are saved as CSV${skipped}`,
  { timeout: 240_000 },
  async () => {
    await using site = await startTestServer();
    const browser = await launch();
    try {
      const exam: Exam = await site.admin.createExam({}, { title: 'Algebra', openTo: 'enrolled' });
      const page = await openAdmin(browser, site.url);
      const seen = watchPage(page, site.url);
      const chooseZip = (files: Readonly<Record<string, string>>) =>
        page
          .getByLabel('File', { exact: true })
          .setInputFiles({ name: 'roster.zip', mimeType: 'application/zip', buffer: zipOf(files) });
      await page.goto(`${site.url}/admin#/import/people`);
      await page.getByRole('link', { name: 'OneRoster' }).click();
      await page.getByText('Read from the zip: users.csv, roles.csv').waitFor();
      await isWell(page, 'admin-import-oneroster');

      await chooseZip({ ...ROSTER, 'users.csv': ROSTER['users.csv'].replace('bo@example.org', 'nowhere') });
      await page.getByRole('heading', { name: 'Preview of roster.zip' }).waitFor();
      const faults = page.getByRole('region', { name: 'Faults: 1' }).getByRole('row');
      await expect
        .poll(() => faults.allInnerTexts())
        .toEqual(['File\tRow\tName\tColumn\tNote', 'users.csv\t3\tBo Li\temail\t“nowhere” is not an email address.']);
      expect((await saved(page, 'Download the faults as CSV')).split('\r\n')).toEqual([
        '\uFEFFFile,Row,Name,Column,Note',
        'users.csv,3,Bo Li,email,“nowhere” is not an email address.',
        '',
      ]);
      await expect.poll(() => page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);

      await chooseZip(ROSTER);
      await expect.poll(() => count(page, 'New people')).toBe('3');
      expect(await count(page, 'New enrolments')).toBe('2');
      await page.getByText('No exam is named “Nowhere”: its 1 students are not enrolled.').waitFor();
      await isWell(page, 'admin-import-oneroster-preview');
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page.getByRole('heading', { name: 'Imported' }).waitFor();
      const { items } = await site.admin.get<{ items: Enrolment[] }>(`/api/exams/${exam.id}/students`);
      expect(items.map(({ studentName }) => studentName).toSorted()).toEqual(['Ana Silva', 'Bo Li']);
      const people = (await site.admin.get<{ items: User[] }>('/api/users?limit=200&q=example.org')).items;
      expect(people.find(({ email }) => email === 'pat@example.org')).toMatchObject({
        role: 'proctor',
        externalId: 'p1',
      });

      await page.getByRole('button', { name: 'Import another file' }).click();
      await chooseZip(ROSTER);
      await page.getByText('Everything in this file is stored already.').waitFor();
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await browser.close();
    }
  },
);

test.runIf(hasBrowser)(
  `of more than 500 faults the page says how many there are and saves all of them as CSV${skipped}`,
  { timeout: 240_000 },
  async () => {
    await using site = await startTestServer();
    const browser = await launch();
    try {
      const page = await openAdmin(browser, site.url);
      await page.goto(`${site.url}/admin#/import/people`);
      const rows = Array.from({ length: 1203 }, (_, n) => `wrong ${n},Name ${n}`);
      await choose(page, 'many.csv', ['email,name', ...rows, ''].join('\n'));
      await page.getByRole('heading', { name: 'Faults: 1,203' }).waitFor();
      await page.getByText('The first 500 of 1,203 are listed. The CSV file has them all.').waitFor();
      const lines = (await saved(page, 'Download the faults as CSV')).split('\r\n');
      expect(lines).toHaveLength(1205);
      expect(lines.at(-2)).toBe('1204,Name 1202,email,“wrong 1202” is not an email address');
      await isWell(page, 'admin-import-many-faults');
    } finally {
      await browser.close();
    }
  },
);
