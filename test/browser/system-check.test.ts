import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFaults } from '../support/axe.ts';
import { BareSocket } from '../support/bare-socket.ts';
import { hasBrowser, launch, PATIENCE_MS } from '../support/browser.ts';
import { shoot, tooWide } from '../support/pages.ts';
import { chromiumPath } from '../support/requirements.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { SlowLine } from '../support/slow-line.ts';

/** The built page against the real server: nothing is "yes" that was not tried. */
const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';

let site: TestServer;
let browser: Awaited<ReturnType<typeof launch>>;
beforeAll(async () => {
  if (!hasBrowser) return;
  site = await startTestServer();
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

async function openCheck(
  context: BrowserContext,
  url: string,
  prepare?: (page: Page) => Promise<unknown>,
): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await prepare?.(page);
  await page.goto(`${url}/system-check`);
  return page;
}

/** Expects something of a line of the details: results come one by one, and an earlier one stands until a test is repeated. */
const expectLine = (page: Page, name: string) =>
  expect.poll(() =>
    page
      .getByRole('listitem')
      .filter({ has: page.getByText(name, { exact: true }) })
      .textContent(),
  );

const expectSummary = (page: Page) => expect.poll(() => page.getByLabel('Summary').inputValue());

async function looksRight(page: Page, name: string): Promise<void> {
  expect([name, await seriousFaults(page)]).toEqual([name, []]);
  await shoot(page, `check-${name}`);
  const before = page.viewportSize()!;
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 800 });
    expect([name, width, await tooWide(page)]).toEqual([name, width, []]);
  }
  await page.setViewportSize(before);
}

test.runIf(hasBrowser)(
  `the answer stands first, and socket, uplink, database and clock are really tried${skipped}`,
  async () => {
    const context = await browser.newContext();
    const page = await openCheck(context, site.url, (opened) =>
      opened.addInitScript('const now = Date.now; Date.now = () => now() + 25 * 60_000;'),
    );
    await expectLine(page, 'Live connection').toContain('✓ OK');
    await expectLine(page, 'Upload speed').toContain('Enough for an exam');
    await expectLine(page, 'Storage').toContain('written and read back');
    await expectLine(page, 'Clock').toMatch(/OK.*25 min.*fast\. This does not matter/);
    // Read aloud in the same order: title, answer, steps, then the rest.
    await expect
      .poll(async () => (await page.getByRole('heading').allTextContents()).slice(0, 4))
      .toEqual(['System check', 'Almost done: your camera is next', 'What to do', 'Your camera']);
    const left = () => page.evaluate('indexedDB.databases().then((all) => all.map(({ name }) => name))');
    await expect.poll(left).toEqual([]);
    expect((await context.cookies()).length).toBe(0);
    await looksRight(page, 'camera-next');
    await context.close();
  },
);

test.runIf(hasBrowser)(`a proxy that ends handshakes is a problem with a next step${skipped}`, async () => {
  const context = await browser.newContext();
  // As a browser reports it: error, then a close with 1006 before it was open.
  const page = await openCheck(context, site.url, (opened) =>
    opened.addInitScript(`window.WebSocket = class extends EventTarget {
      constructor() {
        super();
        setTimeout(() => { this.onerror?.(new Event('error')); this.onclose?.(new CloseEvent('close', { code: 1006 })); }, 50);
      }
      close() {}
      send() { throw new DOMException('not open', 'InvalidStateError'); }
    }`),
  );
  await page.getByRole('heading', { name: 'Something needs fixing' }).waitFor();
  await expectLine(page, 'Live connection').toContain('✗ Problem');
  await expectLine(page, 'Upload speed').toContain('? Not tested');
  await page.getByText('Try another network').waitFor();
  await expectSummary(page).toContain('[websocket_blocked]');
  await looksRight(page, 'websocket-blocked');
  await context.close();
});

test.runIf(hasBrowser)(`while the server has no room the check is "not tested", never "no"${skipped}`, async () => {
  const headers = { 'Sec-WebSocket-Protocol': undefined };
  const crowd = Array.from(
    { length: 40 },
    () => new BareSocket(site.url, { ticket: '', url: '/ws/check' }, { headers }),
  );
  await Promise.all(crowd.map((socket) => socket.answered()));
  const context = await browser.newContext();
  const page = await openCheck(context, site.url);
  await expectLine(page, 'Upload speed').toContain('Could not be tested: the server is busy');
  await expectLine(page, 'Live connection').toContain('✓ OK');
  for (const socket of crowd) socket.destroy();
  await context.close();

  // The handshake itself fails, and the server says why to the request that follows.
  const refused = await openCheck(await browser.newContext(), site.url, (opened) =>
    opened.addInitScript(
      `window.WebSocket = class { constructor() { setTimeout(() => this.onclose({ code: 1006 }), 50); } close() {} }`,
    ),
  );
  await expectLine(refused, 'Live connection').toContain('Could not be tested: the server is busy');
  await expectSummary(refused).toContain('[websocket_untested_busy]');
  await expect.poll(() => refused.getByRole('heading', { name: 'Something needs fixing' }).count()).toBe(0);
  await refused.context().close();
});

test.runIf(hasBrowser)(`blocked site data is a note, found by writing${skipped}`, async () => {
  const profile = join(site.database.dataDir, 'check-profile');
  mkdirSync(join(profile, 'Default'), { recursive: true });
  writeFileSync(
    join(profile, 'Default', 'Preferences'),
    JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }),
  );
  const context = await chromium.launchPersistentContext(profile, {
    // The desktop browser: only it reads a profile's settings.
    executablePath: chromiumPath!,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
  });
  try {
    const page = await openCheck(context, site.url);
    await expectLine(page, 'Storage').toMatch(/! Note.*unsent events are lost/);
    await page.getByText('Allow site data').waitFor();
    await expectSummary(page).toContain('[site_data_blocked]');
  } finally {
    await context.close();
  }
});

test.runIf(hasBrowser)(`the uplink is measured against what an exam sends${skipped}`, async () => {
  const line = await SlowLine.start(site.url, 25_000);
  const context = await browser.newContext();
  try {
    const page = await openCheck(context, line.url);
    await expectLine(page, 'Upload speed').toMatch(/! Note.*reduced quality/);
    line.rate = 4_000;
    await page.getByRole('button', { name: 'Test again' }).click();
    await expectLine(page, 'Upload speed').toMatch(/✗ Problem.*Too slow/);
    await page.getByRole('heading', { name: 'Something needs fixing' }).waitFor();
    await expectSummary(page).toContain('[uplink_too_slow]');
    line.rate = 1_000_000;
    await page.getByRole('button', { name: 'Test again' }).click();
    await page.getByText('Enough for an exam', { exact: true }).waitFor();
  } finally {
    await context.close();
    await line.close();
  }
});

const CLOSED = `class { constructor() { setTimeout(() => this.onclose?.({ code: 1006 }), 50); } close() {} }`;

test.runIf(hasBrowser).for([
  ['passes on no sockets and answers by a page of its own', { status: 200, contentType: 'text/html', body: 'ok' }],
  [
    'does not know the path and answers by a problem of its own',
    { status: 404, contentType: 'application/problem+json', body: '{"type": "about:blank", "status": 404}' },
  ],
  ['refuses the path', { status: 403, contentType: 'text/html', body: 'blocked' }],
] as const)(`a proxy that %s blocks the exam, and the check says so${skipped}`, async ([, answer]) => {
  const context = await browser.newContext();
  const page = await openCheck(context, site.url, async (opened) => {
    await opened.addInitScript(`window.WebSocket = ${CLOSED}`);
    await opened.route(/\/ws\/check/, (route) => route.fulfill(answer));
  });
  await page.getByRole('heading', { name: 'Something needs fixing' }).waitFor();
  await expectSummary(page).toContain('[websocket_blocked]');
  await context.close();
});

test.runIf(hasBrowser)(`a portal that answers every request by JSON of its own is no server${skipped}`, async () => {
  const context = await browser.newContext();
  const page = await openCheck(context, site.url, async (opened) => {
    await opened.addInitScript(`window.WebSocket = ${CLOSED}`);
    await opened.route(/\/(api|ws|health)/, (route) => route.fulfill({ status: 200, json: { captive: true } }));
  });
  await page.getByRole('heading', { name: 'Something needs fixing' }).waitFor();
  await expectLine(page, 'Connection').toContain('The server is not responding');
  await context.close();
});

test.runIf(hasBrowser).for([
  ['refuse to be made', "window.WebSocket = function () { throw new DOMException('', 'SecurityError'); }", 'blocked'],
  [
    'carry messages of something else',
    `window.WebSocket = class {
      constructor() { setTimeout(() => { this.onopen?.({}); for (const data of ['hello', 'null', '[]']) this.onmessage?.({ data }); }, 50); }
      close() {}
      send() {}
    }`,
    'blocked',
  ],
] as const)(`sockets that %s end the check with a result${skipped}`, async ([, script, reason]) => {
  // Its own server: this address has used up its turns at the other one.
  await using own = await startTestServer();
  const context = await browser.newContext();
  const faults: string[] = [];
  const page = await openCheck(context, own.url, (opened) => {
    opened.on('pageerror', ({ message }) => faults.push(message));
    return opened.addInitScript(script);
  });
  await expectLine(page, 'Live connection').toContain('✗ Problem');
  await expectSummary(page).toContain(`[websocket_${reason}]`);
  expect(faults).toEqual([]);
  await context.close();
});

test.runIf(hasBrowser)(
  `a database that cannot be deleted while another tab is open works all the same${skipped}`,
  async () => {
    const context = await browser.newContext();
    const page = await openCheck(context, site.url, (opened) =>
      opened.addInitScript('IDBFactory.prototype.deleteDatabase = () => ({})'),
    );
    await expectLine(page, 'Storage').toContain('written and read back');
    await context.close();
  },
);
