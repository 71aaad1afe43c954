import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Evidence } from '../../../protocol/http/evidence.ts';
import { button } from '../term/page-steps.ts';
import { waitFor } from '../server.ts';
import type { Cast } from './cast.ts';
import { dialog, shot } from './pages.ts';
import type { StorySite } from './story-site.ts';

export const FLAG_NOTE = 'In the left hand, under the desk';
export const END_REASON = 'A phone in the hand';

/** The proctor sees a phone: keeps the image, flags it with another one, and ends the exam. */
export async function flagAndEnd(site: StorySite, { students, anna }: Cast, student: Page, page: Page): Promise<void> {
  const { session } = students[0]!;
  await page.keyboard.press('x');
  await page.getByText('Image kept at').waitFor();
  await page.keyboard.press('f');
  await dialog(page).getByLabel('What was it?').selectOption('PHONE');
  await dialog(page).getByLabel('Note (optional)').fill(FLAG_NOTE);
  await shot(page, 'flag');
  await dialog(page).getByRole('button', { name: 'Flag' }).click();
  await dialog(page).waitFor({ state: 'hidden' });
  await page.locator('.events').getByText(FLAG_NOTE).waitFor();
  await page.locator('.events').getByText(`By ${anna.name} (${anna.email})`).first().waitFor();
  const flagged = await site.db
    .selectFrom('events')
    .select(['id', 'type'])
    .where('session_id', '=', session)
    .where('type', 'in', ['PROCTOR_FLAG', 'PROCTOR_SNAPSHOT'])
    .execute();
  expect(flagged.map(({ type }) => type).toSorted()).toEqual(['PROCTOR_FLAG', 'PROCTOR_SNAPSHOT']);
  for (const { id } of flagged)
    await waitFor('the image', async () => (await picturesOf(site, id)).some(({ kind }) => kind === 'snapshot'));

  await button(page, 'End exam').click();
  await dialog(page).getByRole('textbox').fill(END_REASON);
  await shot(page, 'terminate');
  await dialog(page).getByRole('button', { name: 'End exam for this student' }).click();
  await student.getByText('A proctor ended the exam').first().waitFor();
  await student.getByText(END_REASON).first().waitFor();
  await shot(student, 'ended-student');
  expect(
    await site.db.selectFrom('sessions').select(['status', 'end_reason']).where('id', '=', session).execute(),
  ).toEqual([{ status: 'ended', end_reason: 'terminated' }]);
}

export const picturesOf = async (site: StorySite, event: string): Promise<Evidence[]> =>
  (await site.admin.get<{ items: Evidence[] }>(`/api/events/${event}/evidence`)).items;
