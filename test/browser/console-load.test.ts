import { fileURLToPath } from 'node:url';
import type { CDPSession } from 'playwright-core';
import { expect, test } from 'vitest';
import { ScriptedConsole } from '../../web/test/scripted-console.ts';
import { seriousFaults } from '../support/axe.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openConsole, shoot } from '../support/pages.ts';
import { jpeg } from '../support/pictures.ts';

const PAGES = fileURLToPath(new URL('../../dist/web', import.meta.url));
const SESSIONS = 500;
const UPDATES = 20;
/** 200 updates show a leak of each; five minutes show a slower one: `CONSOLE_LOAD_SECONDS=300`. */
const SECONDS = Number(process.env['CONSOLE_LOAD_SECONDS'] ?? 10);

/** Totals of the page's main thread: seconds, and bytes in use after a garbage collection. */
async function metrics(cdp: CDPSession): Promise<{ script: number; task: number; heap: number }> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics: all } = await cdp.send('Performance.getMetrics');
  const of = (name: string) => all.find((metric) => metric.name === name)?.value ?? 0;
  return { script: of('ScriptDuration'), task: of('TaskDuration'), heap: of('JSHeapUsedSize') };
}

const title = `a wall of ${SESSIONS} sessions takes ${UPDATES} updates a second: none is lost, and memory stays flat${hasBrowser ? '' : ' (skipped: no Chromium)'}`;

test.runIf(hasBrowser)(title, { timeout: SECONDS * 1000 + 120_000 }, async () => {
  const server = await ScriptedConsole.start(PAGES, SESSIONS);
  const browser = await launch();
  try {
    const page = await openConsole(browser, server.url);
    await page.getByText('500 running, 500 connected').first().waitFor();
    await page.getByRole('link', { name: 'Five hundred' }).click();
    await page.locator('.tile').nth(59).waitFor({ state: 'attached' });
    await expect.poll(() => page.locator('.tile').count()).toBe(60);
    const names = await page.locator('.tile-name').allTextContents();
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');

    server.feed(UPDATES, jpeg(3, 640, 480));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const before = await metrics(cdp);
    const from = performance.now();
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
    const after = await metrics(cdp);
    const seconds = (performance.now() - from) / 1000;
    await shoot(page, 'wall-500', { fullPage: false });
    server.quiet();

    const share = (value: number) => `${((value / seconds) * 100).toFixed(1)} %`;
    const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
    process.stderr.write(
      `wall of ${SESSIONS} at ${UPDATES} updates/s for ${seconds.toFixed(0)} s: scripting ${share(after.script - before.script)} of a core, ` +
        `all tasks ${share(after.task - before.task)}, heap ${mib(before.heap)} -> ${mib(after.heap)} MiB, ${server.mostWatched} watched at most\n`,
    );
    // Nothing was lost: every session has the state of its last message.
    const high = server.sessions.filter(({ attention }) => attention?.level === 'high').length;
    const watch = server.sessions.filter(({ attention }) => attention?.level === 'watch').length;
    const counts = page.locator('.row').filter({ hasText: '500 running' }).last();
    if (high > 0) await expect.poll(() => counts.textContent()).toContain(`${high} × High`);
    if (watch > 0) await expect.poll(() => counts.textContent()).toContain(`${watch} × Watch`);
    const scores = async () =>
      (await page.locator('.tile-score').allTextContents()).map((text) => Number(text.replace('Score ', '')));
    await expect.poll(scores).toEqual(server.sessions.slice(0, 60).map(({ score }) => score));
    // No tile moved, and only tiles in view were watched.
    await expect.poll(() => page.locator('.tile-name').allTextContents()).toEqual(names);
    expect(server.mostWatched).toBeGreaterThan(0);
    expect(server.mostWatched).toBeLessThanOrEqual(64);
    expect(after.heap).toBeLessThan(before.heap * 1.3 + 2 * 2 ** 20);
    // After a server outage everyone is in the same place.
    server.setAway(true);
    await page.getByText('may be out of date').waitFor();
    await shoot(page, 'wall-away', { fullPage: false });
    expect(await seriousFaults(page)).toEqual([]);
    server.report(3);
    server.setAway(false);
    await page.getByText('Live', { exact: true }).waitFor();
    await expect.poll(scores).toEqual(server.sessions.slice(0, 60).map(({ score }) => score));
    await expect.poll(() => page.locator('.tile-name').allTextContents()).toEqual(names);

    await page.getByRole('button', { name: 'Page 9' }).click();
    await expect.poll(() => page.locator('.tile').count()).toBe(20);
  } finally {
    await browser.close();
    await server.stop();
  }
});
