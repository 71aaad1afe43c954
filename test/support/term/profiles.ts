import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { isWell } from '../well.ts';
import { button, link, section } from './page-steps.ts';
import type { TermSite } from './term-site.ts';

export const POLICY = 'Written exams';
export const ACCOMMODATION = 'A quarter more time';

/** A policy for exams and an accommodation for students, both with one version. */
export async function makeProfiles(site: TermSite, page: Page): Promise<void> {
  await section(page, 'Profiles').click();
  await link(page, 'New profile').click();
  await page.getByLabel('Name', { exact: true }).fill(POLICY);
  await page.getByLabel('Nobody in the picture, seconds').fill('5');
  await button(page, 'Create profile').click();
  await page.getByRole('heading', { name: POLICY }).waitFor();
  await section(page, 'Profiles').click();
  await link(page, 'Accommodations').click();
  await link(page, 'New profile').click();
  await page.getByLabel('Name', { exact: true }).fill(ACCOMMODATION);
  await page.getByLabel('Extra time, per cent').fill('25');
  await page.getByLabel('Note for proctors').fill('May read aloud.');
  await isWell(page, 'term-02-accommodation');
  await button(page, 'Create profile').click();
  await page.getByRole('heading', { name: ACCOMMODATION }).waitFor();
  const rows = await site.db
    .selectFrom('profiles')
    .innerJoin('profile_versions', 'profile_versions.profile_id', 'profiles.id')
    .select(['profiles.kind', 'profiles.name', 'profile_versions.version', 'profile_versions.content'])
    .orderBy('profiles.kind')
    .execute();
  expect(rows).toMatchObject([
    { kind: 'accommodation', name: ACCOMMODATION, version: 1, content: { extraPercent: 25, note: 'May read aloud.' } },
    { kind: 'policy', name: POLICY, version: 1, content: { holds: { noFace: 5 } } },
  ]);
}
