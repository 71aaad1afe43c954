import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { fetchPicture } from '../picture-site.ts';
import { waitFor } from '../server.ts';
import { button } from '../term/page-steps.ts';
import { expectLawful, expectState, readVerdictHistory } from '../verdict-history.ts';
import { type Cast, RETENTION_DAYS } from './cast.ts';
import { picturesOf } from './irregularity.ts';
import { findAppeal, openRecord, REASON } from './next-morning.ts';
import { openStaffPage, shot } from './pages.ts';
import type { StorySite } from './story-site.ts';

export const OUTCOME = 'The image shows a calculator';
const DAY_MS = 24 * 3_600_000;

/** While the appeal is open nothing of its session goes, when everything else of the exam does. */
export async function outlastRetention(site: StorySite, { students }: Cast): Promise<void> {
  const { id, session } = students[0]!;
  const kept = () =>
    site.db.selectFrom('evidence').select(['id', 'event_id']).where('session_id', '=', session).orderBy('id').execute();
  const pictures = await kept();
  expect(pictures).toHaveLength(2);
  await expect(site.admin.post(`/api/users/${id}/anonymise`)).rejects.toMatchObject({ code: 'appeal_open' });
  await site.later((RETENTION_DAYS + 1) * DAY_MS);
  const left = () => site.db.selectFrom('sessions').select('id').execute();
  await waitFor('retention', async () => (await left()).length === 1);
  expect(await left()).toEqual([{ id: session }]);
  expect(await kept()).toEqual(pictures);
  for (const { id: picture, event_id } of pictures) {
    expect(await picturesOf(site, event_id)).toMatchObject([{ id: picture }]);
    expect((await fetchPicture(site.admin, picture)).bytes.subarray(0, 2).toString('hex')).toBe('ffd8');
  }
}

/** Another person decides, the outcome is added, and the student reads it. */
export async function decideAppeal(site: StorySite, browser: Browser, cast: Cast): Promise<void> {
  const { id, session } = cast.students[0]!;
  const before = await readVerdictHistory(site.db, session);
  const { page } = await openStaffPage(site, browser, cast.officer);
  await findAppeal(page, cast, 'Appeals given to me', 'appeals-officer');
  await page.getByText('An appeal is open: the person who decides it may give another verdict.').waitFor();
  expect(await button(page, 'Submit verdict').count()).toBe(0);
  await page.getByLabel('Another verdict: No concern').check();
  await page.getByLabel('Reason for the outcome').fill(OUTCOME);
  await shot(page, 'outcome', true);
  await button(page, 'Decide the appeal').click();
  await page.getByText('Verdict changed').waitFor();
  await page.context().close();

  const student = await openRecord(site, browser, cast);
  await student.page.getByText('The verdict was changed').waitFor();
  await student.page.getByText(OUTCOME).waitFor();
  await student.page.getByText(REASON).waitFor();
  await shot(student.page, 'outcome-student', true);
  await student.page.context().close();

  const after = await readVerdictHistory(site.db, session);
  expect(after.verdicts[0]).toEqual(before.verdicts[0]);
  expect(after.verdicts.map(({ verdict, by }) => [verdict, by])).toEqual([
    ['violation', cast.reviewer.id],
    ['no_concern', cast.officer.id],
  ]);
  expectLawful(after, { secondPerson: true, student: id, terminators: [cast.anna.id] });
  await expectState(site.db, session, after);
}
