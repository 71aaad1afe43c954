import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADMIN } from '../support/admin.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { writeCamera } from '../support/camera-file.ts';
import { screenshots, watchPage } from '../support/pages.ts';
import { PROXIES, Proxy, SHARED_HOST } from '../support/proxies.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const BASE = '/invigil';
const URL_OF_SERVER = `https://${SHARED_HOST}${BASE}`;
const hasNginx = PROXIES.some(({ name, available }) => name === 'nginx' && available);
const missing = !hasBrowser ? ' (skipped: no Chromium)' : !hasNginx ? ' (skipped: no nginx)' : '';

const VARIANTS = [
  { name: 'passes the prefix on', change: (text: string) => text },
  {
    name: 'strips it',
    change: (text: string) => text.replace('proxy_pass http://invigil;', 'proxy_pass http://invigil/;'),
  },
];

/** The sample deploy/proxies/nginx-prefix.conf in nginx, between Chromium and the server. */
describe.skipIf(missing !== '').each(VARIANTS)(
  `under a path, behind nginx that $name${missing}`,
  ({ name, change }) => {
    let site: TestServer;
    let proxy: Proxy;
    let browser: Browser;

    beforeAll(async () => {
      site = await startTestServer({
        vision: true,
        env: { BASE_PATH: BASE, PUBLIC_URL: `https://${SHARED_HOST}`, TRUSTED_PROXIES: '127.0.0.1' },
      });
      proxy = await Proxy.start('nginx', site.url, { sample: 'nginx-prefix.conf', ready: `${BASE}/ready`, change });
      browser = await launch(writeCamera(site.database.dataDir, ['attentive', 12]), [
        `--host-resolver-rules=MAP ${SHARED_HOST}:443 127.0.0.1:${proxy.port}`,
      ]);
    });
    afterAll(async () => {
      await browser?.close();
      await proxy?.close();
      await site?.close();
    });

    async function open(path: string): Promise<{ page: Page; seen: ReturnType<typeof watchPage>; sockets: string[] }> {
      const context = await browser.newContext({
        ignoreHTTPSErrors: true,
        viewport: { width: 1280, height: 800 },
        permissions: ['camera'],
      });
      const page = await context.newPage();
      const seen = watchPage(page, `${URL_OF_SERVER}/`);
      const sockets: string[] = [];
      page.on('websocket', (socket) => sockets.push(socket.url()));
      await page.goto(URL_OF_SERVER + path);
      return { page, seen, sockets };
    }

    test('a student takes an exam with a camera, the console shows it, a deep link survives a reload, and the proctor logs out', async () => {
      await site.admin.createExam({ calibration: { seconds: 3 } }, { title: 'Algebra' });

      const home = await open('/');
      await home.page.getByRole('link', { name: /exam/i }).first().click();
      await home.page.waitForURL(`${URL_OF_SERVER}/exam`);

      const console_ = await open('/console');
      const proctor = console_.page;
      await proctor.getByLabel('Email').fill(ADMIN.email);
      await proctor.getByLabel('Password').fill(ADMIN.password);
      await proctor.getByRole('button', { name: 'Log in' }).click();
      await proctor.getByRole('link', { name: 'Algebra' }).click();
      await proctor.getByText('No sessions yet.').waitFor();

      const student = home.page;
      await student.getByRole('button', { name: 'Create a student account' }).click();
      await student.getByLabel('Name').fill('Ada');
      await student.getByLabel('Email').fill('ada@example.org');
      await student.getByLabel('Password').fill('long enough');
      await student.getByRole('button', { name: 'Create an account', exact: true }).click();
      await student.getByRole('button', { name: 'Start: Algebra' }).click();
      await student.getByRole('checkbox').check();
      await student.getByRole('button', { name: 'Continue to camera' }).click();
      await student.getByRole('button', { name: 'Turn on camera' }).click();
      await student.getByRole('button', { name: 'Begin exam' }).click();
      await student.getByRole('heading', { name: 'Events' }).waitFor();

      const tile = proctor.getByRole('list', { name: 'Sessions' }).getByRole('listitem').filter({ hasText: 'Ada' });
      await tile.getByRole('link', { name: 'Ada' }).click();
      await proctor.locator('.picture.live canvas').first().waitFor();
      mkdirSync(screenshots, { recursive: true });
      const picture = (of: string) => join(screenshots, `path-prefix-${name.split(' ')[0]}-${of}.png`);
      await proctor.screenshot({ path: picture('console') });
      await student.screenshot({ path: picture('exam') });

      expect(proctor.url()).toMatch(new RegExp(`^${URL_OF_SERVER}/console#/session/`));
      await proctor.reload();
      await proctor.getByRole('heading', { name: 'Ada' }).waitFor();
      await proctor.locator('.picture.live canvas').first().waitFor();

      const cookies = await student.context().cookies(`${URL_OF_SERVER}/api/auth/login`);
      expect(cookies.map(({ path }) => path)).toEqual([`${BASE}/api/auth`]);

      await proctor.getByRole('button', { name: 'Log out' }).click();
      await proctor.getByLabel('Password').waitFor();
      for (const { seen } of [home, console_]) expect(seen).toEqual({ foreign: [], errors: [] });
      expect([...new Set([...home.sockets, ...console_.sockets])].sort()).toEqual([
        `wss://${SHARED_HOST}${BASE}/ws/console`,
        `wss://${SHARED_HOST}${BASE}/ws/exam`,
      ]);
    });

    test('the system check, the API page and the set-up page work', async () => {
      const check = await open('/system-check');
      await check.page
        .getByText(/live connection/i)
        .first()
        .waitFor();
      await expect.poll(() => check.sockets).toContain(`wss://${SHARED_HOST}${BASE}/ws/check`);
      const docs = await open('/docs');
      await docs.page.getByRole('heading', { name: 'Schemas' }).waitFor();
      const setup = await open('/setup');
      await setup.page.getByRole('heading').first().waitFor();
      for (const { seen } of [check, docs, setup]) expect(seen).toEqual({ foreign: [], errors: [] });
    });
  },
);
