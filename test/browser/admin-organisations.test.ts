import { expect, test } from 'vitest';
import type { User } from '../../protocol/http/accounts.ts';
import type { Exam } from '../../protocol/http/exams.ts';
import type { Organisation } from '../../protocol/http/organisations.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openAdmin, watchPage } from '../support/pages.ts';
import { startTestServer } from '../support/server.ts';
import { newPerson } from '../support/staffed-site.ts';
import { isWell } from '../support/well.ts';

const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

test.runIf(hasBrowser)(
  `organisations are invisible until a second one is added, then people, exams and lists offer the choice${skipped}`,
  { timeout: 240_000 },
  async () => {
    await using site = await startTestServer();
    const browser = await launch();
    try {
      const page = await openAdmin(browser, site.url);
      const seen = watchPage(page, site.url);
      const link = (name: string) => page.getByRole('link', { name, exact: true });
      const choice = page.getByRole('combobox', { name: 'Organisation', exact: true });
      await page.getByText('Next steps').waitFor();
      await expect.poll(() => link('Organisations').count()).toBe(0);
      await link('People').click();
      await page.getByRole('heading', { name: 'People' }).waitFor();
      await expect.poll(() => choice.count()).toBe(0);

      await link('Overview').click();
      await link('Add an organisation').click();
      await page.getByLabel('Name of the new organisation').fill('Faculty of Law');
      await page.getByRole('button', { name: 'Add an organisation' }).click();
      await page.getByText('Faculty of Law is added.').waitFor();
      await link('Organisations').waitFor();
      await page.getByRole('button', { name: 'Rename Faculty of Law' }).click();
      await page.getByRole('dialog').getByLabel('Name').fill('School of Law');
      await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
      await page.getByRole('row').filter({ hasText: 'School of Law' }).waitFor();
      await isWell(page, 'admin-organisations');
      const { items } = await site.admin.get<{ items: Organisation[] }>('/api/organisations');
      const law = items.find(({ name }) => name === 'School of Law')!;
      expect(items).toHaveLength(2);

      await link('People').click();
      await link('New person').click();
      await page.getByLabel('Email').fill('lawyer@example.org');
      await choice.selectOption('School of Law');
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.getByText('No password yet', { exact: true }).waitFor();
      const person = page.url().slice(-36);
      const organisationOf = async () => (await site.admin.get<User>(`/api/users/${person}`)).organisationId;
      expect(await organisationOf()).toBe(law.id);

      await page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name: 'People' }).click();
      await choice.selectOption('School of Law');
      await expect.poll(() => page.getByRole('row').count()).toBe(2);
      expect(page.url()).toContain(`#/people?organisation=${law.id}`);
      await isWell(page, 'admin-people-of-organisation');

      await link('Exams').click();
      await link('New exam').click();
      await page.getByLabel('Title').fill('Contracts');
      await choice.selectOption('School of Law');
      await page.getByLabel('Open to').selectOption('enrolled');
      await page.getByRole('button', { name: 'Create exam' }).click();
      await page.getByRole('heading', { name: 'Contracts' }).waitFor();
      const exam = page.url().slice(-36);
      expect(await site.admin.get<Exam>(`/api/exams/${exam}`)).toMatchObject({ organisationId: law.id });

      await page.goto(`${site.url}/admin#/person/${person}`);
      const other = items.find(({ id }) => id !== law.id)!;
      await choice.selectOption(other.id);
      await page.getByRole('button', { name: 'Save role and access' }).click();
      await expect.poll(organisationOf).toBe(other.id);

      // A manager has one organisation and is offered none.
      const manager = await newPerson(site, 'manager', law.id);
      const managed = await openAdmin(browser, site.url, manager.tokens!.user.email, 'violet harbour 93');
      await managed.goto(`${site.url}/admin#/organisations`);
      await managed.getByRole('heading', { name: 'Overview' }).waitFor();
      await managed.goto(`${site.url}/admin#/people/new`);
      await managed.getByLabel('Email').fill('clerk@example.org');
      await expect.poll(() => managed.getByRole('combobox', { name: 'Organisation', exact: true }).count()).toBe(0);
      await managed.getByRole('button', { name: 'Create account' }).click();
      await managed.getByText('No password yet', { exact: true }).waitFor();
      expect(await site.admin.get<User>(`/api/users/${managed.url().slice(-36)}`)).toMatchObject({
        organisationId: law.id,
      });
      expect(seen).toEqual({ foreign: [], errors: [] });
    } finally {
      await browser.close();
    }
  },
);
