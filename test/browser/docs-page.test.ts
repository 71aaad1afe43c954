import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasBrowser, launch } from '../support/browser.ts';
import { startTestServer } from '../support/server.ts';

const title = `/docs shows the API in a browser, runs an operation, and contacts no other host${hasBrowser ? '' : ' (skipped: no Chromium)'}`;

test.runIf(hasBrowser)(title, async () => {
  await using site = await startTestServer();
  await site.admin.createExam({}, { title: 'Shown in the documentation' });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const asked: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).origin));
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    // As in production unless API_DOCS is on.
    await page.route('**/health', (route) => route.fulfill({ json: { status: 'ok', apiDocs: 'off' } }));
    await page.goto(`${site.url}/`);
    await page.getByText('API documentation').waitFor();
    await page.getByRole('link', { name: 'HTTP API' }).waitFor({ state: 'detached' });
    await page.unroute('**/health');
    await page.goto(`${site.url}/`);
    await page.getByRole('link', { name: 'HTTP API' }).click();
    await page.getByRole('heading', { name: 'Invigil' }).waitFor();
    await page.getByLabel('Access token').fill(site.admin.tokens!.accessToken);

    await page.getByLabel('Filter').fill('get /api/exams');
    const operation = page.locator('#getApiExams');
    await operation.locator('summary').click();
    await expect.poll(() => operation.textContent()).toContain('nextCursor');
    await operation.getByRole('button', { name: 'Send' }).click();
    await operation.getByText('Shown in the documentation').waitFor();
    await operation.getByRole('status').filter({ hasText: '200' }).waitFor();

    if (process.env['TEST_SCREENSHOTS'])
      await page.screenshot({ path: join(process.env['TEST_SCREENSHOTS'], 'docs.png'), fullPage: true });
    await page.getByLabel('Filter').fill('');
    const document = (await (await fetch(`${site.url}/openapi.json`)).json()) as { paths: Record<string, object> };
    const all = Object.values(document.paths).flatMap(Object.keys).length;
    await expect.poll(() => page.locator('.operation').count()).toBe(all);
    if (process.env['TEST_SCREENSHOTS'])
      await page.screenshot({ path: join(process.env['TEST_SCREENSHOTS'], 'docs-all.png'), fullPage: true });

    expect([...new Set(asked)]).toEqual([site.url]);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
  }
});
