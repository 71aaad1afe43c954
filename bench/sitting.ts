import type { Page } from 'playwright-core';

export interface Sitting {
  /** Number of pictures sent by the page. */
  readonly framesSent: () => number;
}

/**
 * Goes through the exam page as a student: login, consent, camera, calibration, until the exam shows and pictures are
 * sent.
 */
export async function sitExam(
  page: Page,
  server: string,
  account: { readonly email: string; readonly password: string },
  title: string,
): Promise<Sitting> {
  let sent = 0;
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      if (typeof payload !== 'string') sent++;
    });
  });
  page.setDefaultTimeout(60_000);
  await page.goto(`${server}/exam`);
  await page.getByLabel('Email').fill(account.email);
  await page.getByLabel('Password').fill(account.password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('button', { name: `Start: ${title}` }).click();
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Continue to camera' }).click();
  await page.getByRole('button', { name: 'Turn on camera' }).click();
  await page.getByRole('button', { name: 'Begin exam' }).click();
  await page.getByLabel(/Explain in your own words/).waitFor();
  await page.getByText('Connected', { exact: true }).waitFor();
  return { framesSent: () => sent };
}
