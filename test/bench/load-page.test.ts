import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousFaults } from '../support/axe.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { figure } from '../../simulator/report/figure.ts';
import { describeMachine } from '../../simulator/report/machine.ts';
import type { Point } from '../../simulator/timeline.ts';
import type { LoadReport } from '../../bench/load/report.ts';
import type { ServerSpan } from '../../bench/load/server-figures.ts';
import { pageOf } from '../../bench/load/page/page.ts';

const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const folder = mkdtempSync(join(tmpdir(), 'invigil-page-'));
let browser: Browser | undefined;

beforeAll(async () => {
  if (hasBrowser) browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Sixty students, which become too many half-way. */
function points(withServer: boolean): Point<ServerSpan>[] {
  return Array.from({ length: 24 }, (_, index) => {
    const t = (index + 1) * 3;
    const live = Math.min(60, (index + 1) * 15);
    const late = index > 11 ? 1 + (index - 11) * 0.4 : 1;
    const spread = (ms: number) => ({ count: 180, p50: ms, p95: ms * 2, p99: ms * 4, max: ms * 5 });
    const server = {
      cores: 0.4,
      busyThreads: 1.9,
      memoryMiB: 210 + index,
      analysed: 50,
      dropped: 3,
      replaced: 1,
      queueMs: 20 * late,
      commitMs: 6,
      waiting: 3,
      pressure: 0,
      rateScale: 1 / late,
    };
    return {
      t,
      live,
      due: live,
      sent: live / late,
      analysed: live / late - 1,
      statedFps: 1 / late,
      acked: 3,
      analysis: spread(90 * late),
      ack: index === 5 ? { ...spread(1), count: 0, p50: null, p95: null, p99: null } : spread(8),
      errors: index === 20 ? 2 : 0,
      drops: 0,
      refusals: 0,
      ...(withServer ? { server } : {}),
    };
  });
}

const report = (change: Partial<LoadReport> = {}): LoadReport => ({
  at: '2026-05-04T10:00:00.000Z',
  url: 'https://exams.example.org',
  server: { status: 'ok', version: '1.2.3', database: 'PostgreSQL', models: ['own-face@1', 'own-gaze@1'] },
  machine: describeMachine(),
  input: {
    url: 'https://exams.example.org',
    students: 60,
    fps: 1,
    secs: 60,
    ramp: 12,
    run: 'abcd',
    pictures: '8 drawn scenes',
  },
  verdict: {
    ok: false,
    sentence: 'This server does not handle 60 students at 1 frame/s: 71.0 % of the frames due were analysed.',
    limits: ['the models'],
    checks: [
      { name: '95 % of the frames that were due are analysed', ok: false, found: '71.0 %' },
      { name: 'no error', ok: true, found: '0 errors' },
    ],
  },
  endedEarly: false,
  figures: [figure('frames analysed', 42.6, 'frames/s'), figure('send to analysis, p99', null, 'ms')],
  step: 3,
  marks: { ramped: 66, measured: 72 },
  points: points(true),
  serverRows: [
    { name: 'memory, main process', unit: 'MiB', before: 204.5, after: 233.125 },
    { name: 'one too many: connections', unit: 'times', before: null, after: 2 },
  ],
  serverProblem: undefined,
  counts: [
    { name: 'errors, by code', counts: { connect: 2 } },
    { name: 'events shown to students', counts: {} },
  ],
  firstErrors: { connect: '<script>alert(1)</script> & "more"' },
  leftBehind: ['60 accounts, disabled'],
  ...change,
});

interface Shot {
  readonly name: string;
  readonly html: string;
  readonly plots: number;
}

const SHOTS: readonly Shot[] = [
  {
    name: 'good',
    html: pageOf(
      report({
        points: points(true).slice(0, 12),
        marks: { ramped: 4, measured: 34 },
        verdict: { ok: true, sentence: 'This server handles it.', limits: [], checks: [] },
      }),
    ),
    plots: 10,
  },
  { name: 'full', html: pageOf(report()), plots: 10 },
  {
    name: 'short',
    html: pageOf(
      report({
        points: points(false).slice(0, 1),
        marks: { ramped: null, measured: null },
        serverRows: [],
        serverProblem: 'GET /metrics: 403',
        endedEarly: true,
        verdict: { ok: true, sentence: 'This server handles it.', limits: [], checks: [] },
      }),
    ),
    plots: 7,
  },
];

test.runIf(hasBrowser).each(SHOTS.map((shot) => [shot.name, shot] as const))(
  `the report page of a %s run makes no requests, runs no scripts, shows its plots and fits a small window${skipped}`,
  async (name, { html, plots }) => {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, html);
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser!.newPage({ colorScheme, viewport: { width: 640, height: 900 }, bypassCSP: true });
      const asked: string[] = [];
      const said: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      page.on('console', (message) => said.push(message.text()));
      page.on('pageerror', (error) => said.push(error.message));
      page.on('dialog', (dialog) => void (said.push(dialog.message()), dialog.dismiss()));
      await page.goto(pathToFileURL(file).href);
      expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([pathToFileURL(file).href]);
      expect(await page.locator('script').count()).toBe(0);
      expect(await page.locator('figure').count()).toBe(plots);
      // Every plot has a line, or a dot where it has a single step.
      for (const drawing of await page.locator('figure > svg').all())
        expect(await drawing.locator('.line, .dot').count()).toBeGreaterThan(0);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(640);
      expect(await cutOrMeeting(page)).toEqual([]);
      expect(await seriousFaults(page)).toEqual([]);
      expect(said).toEqual([]);
      if (process.env['TEST_SCREENSHOTS']) {
        for (const width of [640, 1300]) {
          await page.setViewportSize({ width, height: 900 });
          await page.screenshot({
            path: join(process.env['TEST_SCREENSHOTS'], `load-${name}-${colorScheme}-${width}.png`),
            fullPage: true,
          });
        }
      }
      await page.close();
    }
  },
);

/** Texts of plots that are cut off or overlap. */
function cutOrMeeting(page: { evaluate<T>(script: string): Promise<T> }): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('figure > svg')].flatMap((svg) => {
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].map((text) => ({ said: text.textContent, box: text.getBoundingClientRect() }));
    const cut = texts.filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1).map(({ said }) => 'cut: ' + said);
    const meeting = texts.flatMap((a, index) => texts.slice(index + 1).filter((b) => a.box.left < b.box.right && b.box.left < a.box.right && a.box.top + 3 < b.box.bottom && b.box.top + 3 < a.box.bottom).map((b) => 'meeting: ' + a.said + ' / ' + b.said));
    return [...cut, ...meeting];
  })`);
}

test('user input is escaped on the report page', () => {
  expect(pageOf(report())).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;');
  expect(pageOf(report())).not.toContain('<script');
});
