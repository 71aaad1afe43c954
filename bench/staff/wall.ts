import { existsSync } from 'node:fs';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { pause } from '../lean/stretch.ts';
import type { Truth } from './truth.ts';

const CHROMIUM = '/usr/bin/chromium';
/** The wall settles, ms. */
const WARM_UP_MS = 3000;
/** Until the last update has arrived, ms. */
const SETTLE_MS = 30_000;

export interface Wall {
  readonly browser: Browser;
  /** Seconds of scripting so far. */
  measure(): Promise<{ readonly script: number }>;
  /** Tiles on the page that show another holder, or other numbers of notes or unread messages. */
  wrong(truth: Truth): Promise<number>;
}

/** The wall of the exam in a browser; undefined where there is none. */
export async function openWall(
  server: string,
  exam: string,
  sessions: number,
  { email, password }: { readonly email: string; readonly password: string },
  say: (line: string) => void,
): Promise<Wall | undefined> {
  const path = process.env['CHROMIUM'] ?? CHROMIUM;
  if (!existsSync(path)) {
    say(`no browser at ${path}: scripting is not measured`);
    return undefined;
  }
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath: path,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.goto(`${server}/console#/exam/${exam}`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page
    .locator('.tile')
    .nth(Math.min(sessions, 60) - 1)
    .waitFor({ state: 'attached', timeout: 120_000 });
  await pause(WARM_UP_MS);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  return { browser, measure: () => measure(cdp), wrong: (truth) => wrongTiles(page, truth) };
}

async function measure(cdp: CDPSession): Promise<{ script: number }> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return { script: metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0 };
}

async function wrongTiles(page: Page, { teams, conversations }: Truth): Promise<number> {
  const until = performance.now() + SETTLE_MS;
  for (;;) {
    const tiles: { id: string; claimed: boolean; seen: boolean; notes: string; unread: string }[] =
      await page.evaluate(`
      [...document.querySelectorAll('.tile[data-session]')].map((tile) => ({
        id: tile.dataset.session,
        claimed: tile.querySelector('.team-mark.claim, .team-mark.mine') !== null,
        seen: tile.querySelector('.team-mark.seen') !== null,
        notes: tile.querySelector('.team-mark.notes [aria-hidden]')?.textContent.match(/[0-9]+/)?.[0] ?? '0',
        unread: tile.querySelector('.talk-badge > span[aria-hidden]')?.textContent ?? '0',
      }))`);
    const wrong = tiles.filter(({ id, claimed, seen, notes, unread }) => {
      const team = teams.get(id);
      return (
        claimed !== Boolean(team?.claim) ||
        seen !== Boolean(team?.seen) ||
        Number(notes) !== (team?.notes ?? 0) ||
        Number(unread) !== (conversations.get(id)?.unread ?? 0)
      );
    }).length;
    if (wrong === 0 || performance.now() > until) return tiles.length === 0 ? 1 : wrong;
    await pause(100);
  }
}
