import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../protocol/http/accounts.ts';
import type { Enrolment } from '../../protocol/http/enrolments.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import { ADMIN } from '../support/admin.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openAdmin } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { isWell } from '../support/well.ts';

describe.runIf(hasBrowser)('forms that somebody else overtakes', { timeout: 240_000 }, () => {
  let site: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    // In an exam for everybody, the form asks for one more confirmation.
    site = await startTestServer({ env: { EXAMS_OPEN_TO: 'enrolled' } });
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test('an enrolment keeps what was granted meanwhile, and one that was removed is not made again', async () => {
    const exam = await site.admin.createExam({}, { title: 'Optics' });
    const ada = await site.student('Ada');
    const path = `/api/exams/${exam.id}/students/${ada.userId}`;
    await site.admin.request('PUT', path, { room: 'A', seat: '1' });
    const page = await openAdmin(browser, site.url);
    await page.goto(`${site.url}/admin#/exam/${exam.id}/students`);
    const edit = page.getByRole('button', { name: 'Edit the enrolment of Ada' });
    const dialog = page.getByRole('dialog');
    await edit.click();
    await site.admin.request('PUT', path, { room: 'A', seat: '1', extraMinutes: 25 });
    await dialog.getByLabel('Seat').fill('2');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Somebody else has changed this meanwhile.').waitFor();
    await dialog.getByText('Extra minutes: 25').waitFor();
    await isWell(page, 'enrolment-meanwhile');
    await expect.poll(() => dialog.getByLabel('Extra minutes').inputValue()).toBe('25');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await site.admin.get<Enrolment>(path)).toMatchObject({ room: 'A', seat: '2', extraMinutes: 25 });
    await edit.click();
    await site.admin.request('DELETE', path);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('The student is no longer enrolled in this exam.').waitFor();
    expect((await site.admin.send('GET', path)).status).toBe(404);
    await page.context().close();
  });

  test('an exam keeps the schedule that was set meanwhile', async () => {
    const exam = await site.admin.createExam({}, { title: 'Algebra' });
    const page = await openAdmin(browser, site.url);
    await page.goto(`${site.url}/admin#/exam/${exam.id}/edit`);
    await page.getByLabel('Title').fill('Algebra II');
    const [startsAt, endsAt] = ['2031-05-06T08:00:00.000Z', '2031-05-06T10:00:00.000Z'];
    await site.admin.request('PUT', `/api/exams/${exam.id}`, { title: 'Algebra', startsAt, endsAt });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Somebody else has changed this meanwhile.').waitFor();
    await isWell(page, 'exam-meanwhile');
    await expect.poll(() => page.getByLabel('Title').inputValue()).toBe('Algebra II');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Algebra II' }).waitFor();
    await expect
      .poll(() => site.admin.get<Exam>(`/api/exams/${exam.id}`))
      .toMatchObject({
        title: 'Algebra II',
        startsAt,
        endsAt,
      });
    await page.context().close();
  });

  test('an account keeps the name that was set meanwhile', async () => {
    const ada = await site.student('Ada');
    const page = await openAdmin(browser, site.url);
    await page.goto(`${site.url}/admin#/person/${ada.userId}`);
    await page.getByLabel('Student number').fill('77');
    await site.admin.request('PATCH', `/api/users/${ada.userId}`, { name: 'Ada Byron' });
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await save.click();
    await page.getByText('Name: Ada Byron').waitFor();
    await expect.poll(() => page.getByLabel('Name', { exact: true }).inputValue()).toBe('Ada Byron');
    await save.click();
    await page.getByText('Saved').waitFor();
    expect(await site.admin.get<Account>(`/api/users/${ada.userId}`)).toMatchObject({
      name: 'Ada Byron',
      studentNumber: '77',
    });
    await page.context().close();
  });

  test('a login that ends over a form is asked for above it, and the form is sent', async () => {
    const page = await openAdmin(browser, site.url);
    await page.goto(`${site.url}/admin#/exams/new`);
    await page.getByLabel('Title').fill('Botany');
    const asked: string[] = [];
    page.on('dialog', (one) => {
      asked.push(one.type());
      void one.dismiss();
    });
    await page.getByRole('link', { name: 'People' }).click();
    expect(asked).toEqual(['confirm']);
    await expect.poll(() => page.getByLabel('Title').inputValue()).toBe('Botany');
    // The server has ended the login.
    await page.evaluate(`(async () => {
      const { refreshToken } = JSON.parse(sessionStorage.getItem('invigil.login'));
      await fetch('/api/auth/logout', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ refreshToken }),
      });
    })()`);
    await page.getByRole('button', { name: 'Create exam' }).click();
    const dialog = page.getByRole('dialog', { name: 'Your login has ended' });
    await dialog.waitFor();
    await isWell(page, 'login-again');
    await dialog.getByLabel('Password').fill(ADMIN.password);
    await dialog.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByRole('heading', { name: 'Botany' }).waitFor();
    await page.context().close();
  });
});
