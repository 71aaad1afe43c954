import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADMIN } from '../support/admin.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { writeCamera } from '../support/camera-file.ts';
import { EmbeddingSite } from '../support/embedding-site.ts';
import { screenshots } from '../support/pages.ts';
import { HOST, PROXIES, Proxy } from '../support/proxies.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const hasNginx = PROXIES.some(({ name, available }) => name === 'nginx' && available);
const missing = !hasBrowser ? ' (skipped: no Chromium)' : !hasNginx ? ' (skipped: no nginx)' : '';

const FAULTS = [
  {
    name: 'does not pass Host on, and PUBLIC_URL is not set',
    change: (text: string) => text.replace('proxy_set_header Host $host;', ''),
    console: `Its setting PUBLIC_URL has to contain https://${HOST}`,
    exam: `its setting PUBLIC_URL has to contain https://${HOST}`,
  },
  {
    name: 'drops Upgrade',
    change: (text: string) =>
      text
        .replace('proxy_set_header Upgrade $http_upgrade;', '')
        .replace('proxy_set_header Connection $invigil_connection;', '')
        .replace('proxy_set_header Host $host;', 'proxy_set_header Host invigil;'),
    env: { PUBLIC_URL: `https://${HOST}` },
    console: 'does not pass WebSocket upgrades',
    exam: 'its proxy has to pass WebSocket upgrades',
  },
];

async function enrol(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

describe.skipIf(missing !== '').each(FAULTS)(`behind nginx that $name${missing}`, ({ change, env, ...texts }) => {
  let site: TestServer;
  let proxy: Proxy;
  let browser: Browser;

  beforeAll(async () => {
    site = await startTestServer({ env: { TRUSTED_PROXIES: '127.0.0.1', ...env } });
    proxy = await Proxy.start('nginx', site.url, { change });
    browser = await launch(writeCamera(site.database.dataDir, ['attentive', 4]), [
      `--host-resolver-rules=MAP ${HOST}:443 127.0.0.1:${proxy.port}`,
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await proxy?.close();
    await site?.close();
  });

  async function open(path: string): Promise<Page> {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, permissions: ['camera'] });
    const page = await context.newPage();
    await page.goto(`https://${HOST}${path}`);
    return page;
  }

  const shoot = (page: Page, name: string) => {
    mkdirSync(screenshots, { recursive: true });
    return page.screenshot({ path: join(screenshots, `wrong-host-${env ? 'upgrade' : 'host'}-${name}.png`) });
  };

  test('the console names what has to change', async () => {
    const exam = await site.admin.createExam({}, { title: 'Algebra' });
    const page = await open(`/console#/exam/${exam.id}`);
    await enrol(page, ADMIN.email, ADMIN.password);
    await page.getByRole('alert').filter({ hasText: texts.console }).first().waitFor();
    await shoot(page, 'console');
  });

  test("the exam page names it, for the student's proctor", async () => {
    await site.admin.createExam({}, { title: 'Geometry' });
    const student = await site.student();
    const page = await open('/exam');
    await enrol(page, student.tokens!.user.email, "Student's password");
    await page.getByRole('button', { name: 'Start: Geometry' }).click();
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Continue to camera' }).click();
    await page.getByRole('button', { name: 'Turn on camera' }).click();
    await page.getByRole('button', { name: 'Begin exam' }).click();
    await page.getByRole('alert').filter({ hasText: texts.exam }).waitFor();
    await shoot(page, 'exam');
  });
});

test.skipIf(!hasBrowser)(
  `a page of another site that embeds the SDK says that ALLOWED_ORIGINS has to contain it${hasBrowser ? '' : ' (skipped: no Chromium)'}`,
  async () => {
    await using site = await startTestServer({ env: { ALLOWED_ORIGINS: '' } });
    const { id } = await site.admin.createExam();
    const student = await site.student();
    const session = await student.startSession(id);
    const other = await EmbeddingSite.start();
    other.ticket = () => student.examTicket(session.id);
    other.pages.set('/', {
      html: `<!doctype html><title>Exam</title><body><script src="/sdk/invigil.iife.js" data-server="${site.url}" data-session="${session.id}" data-ticket-url="/ticket/a" data-camera="off"></script>`,
    });
    const browser = await launch();
    try {
      const page = await browser.newPage();
      await page.goto(other.url);
      const bar = page.locator('#invigil-banner').getByRole('alert');
      await bar.filter({ hasText: `its setting ALLOWED_ORIGINS has to contain ${other.url}` }).waitFor();
      expect(await bar.textContent()).toContain('Please tell your proctor');
    } finally {
      await browser.close();
      await other.close();
    }
  },
);
