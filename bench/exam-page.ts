import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Benchmark } from './benchmark.ts';
import { type Figure, figure } from '../simulator/report/figure.ts';
import { type OwnServer, startOwnServer } from '../simulator/server/own-server.ts';
import { longestTasks } from './page-trace.ts';
import { temporaryFolder } from '../simulator/server/server-process.ts';
import { Api } from '../simulator/api.ts';
import { clips } from '../simulator/draw/clips.ts';
import { createScene } from '../simulator/draw/scene.ts';
import { makeExam } from '../simulator/exam.ts';
import { sitExam } from './sitting.ts';

const SECS = 15;
const FPS = 2;
/** Warm-up: script compilation and camera start, ms. */
const WARM_UP_MS = 5000;
const CHROMIUM = '/usr/bin/chromium';

/** Missing browser features, and the capture path used instead. */
const WAYS = [
  { name: 'page-processor', lack: '' },
  { name: 'bitmap', lack: 'delete globalThis.MediaStreamTrackProcessor' },
  { name: 'canvas', lack: 'delete globalThis.Worker' },
];

const TITLE = 'Benchmark';
const PASSWORD = 'a password to measure with';

/**
 * The exam page itself, and a page with nothing but the SDK, so that its main thread's tasks are only those of the SDK
 * and the browser.
 */
export const examPage: Benchmark = {
  name: 'exam-page',
  about: 'browser with a fake camera: main thread time of the exam page, and of the SDK alone for each capture path',
  run: async ({ secs = SECS, fps = FPS }, say) => {
    const path = process.env['CHROMIUM'] ?? CHROMIUM;
    if (!existsSync(path)) throw new Error(`no browser at ${path}: set CHROMIUM to its path`);
    const { chromium } = await import('playwright-core');
    const data = temporaryFolder();
    const errors: string[] = [];
    let own: OwnServer | undefined;
    let browser: Browser | undefined;
    try {
      own = await startOwnServer({
        env: { DATA_DIR: data.path, PORT: '0', DRAIN_SECONDS: '0' },
        warn: (message) => say(`server: ${message}`),
      });
      const exam = await makeExam(own.admin, TITLE, fps);
      const camera = join(data.path, 'camera.mjpeg');
      const { attentive } = clips(createScene(5));
      writeFileSync(
        camera,
        Buffer.concat(Array.from({ length: 240 }, (_, i) => attentive[(i >> 2) % attentive.length]!)),
      );
      // The measured page is generated here and has no address, so that the browser treats it as public.
      const args = [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-features=LocalNetworkAccessChecks',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${camera}`,
      ];
      browser = await chromium.launch({ executablePath: path, headless: true, args });
      say(`exam page: ${secs} s at ${fps} frames/s`);
      const figures = await measureExamPage(browser, own.server.url, secs, errors);
      for (const { name, lack } of WAYS) {
        say(`${name}: ${secs} s at ${fps} frames/s`);
        figures.push(...(await measureWay(browser, own.server.url, exam, name, lack, secs, errors)));
      }
      return {
        input: { seconds: secs, fps, camera: '640x480, 30 frames/s', browser: browser.version() },
        figures,
        errors,
      };
    } finally {
      await browser?.close();
      await own?.server.stop();
      data.remove();
    }
  },
};

async function measureExamPage(browser: Browser, server: string, secs: number, errors: string[]): Promise<Figure[]> {
  const account = { email: 'exam-page@example.org', password: PASSWORD };
  await new Api(server).register(account.email, account.password, 'exam-page');
  const context = await browser.newContext({ permissions: ['camera'] });
  try {
    const page = await context.newPage();
    await page.addInitScript(WATCH_LONG_TASKS);
    const { framesSent } = await sitExam(page, server, account, TITLE);
    await page.waitForTimeout(WARM_UP_MS);
    const figures = await measureStretch(browser, page, 'exam page', secs, () => Promise.resolve(framesSent()));
    if (!figures[0]?.value) errors.push('the exam page sent no pictures');
    return figures;
  } finally {
    await context.close();
  }
}

async function measureWay(
  browser: Browser,
  server: string,
  exam: string,
  name: string,
  lack: string,
  secs: number,
  errors: string[],
): Promise<Figure[]> {
  const student = new Api(server);
  await student.register(`${name}@example.org`, PASSWORD, name);
  const { id: session } = await student.startSession(exam);
  const context = await browser.newContext({ permissions: ['camera'] });
  try {
    const page = await context.newPage();
    // At the server's origin, but none of its pages: nothing else runs there.
    await page.route('**/measured', (route) => route.fulfill({ contentType: 'text/html', body: PAGE }));
    await page.route('**/measured/ticket', async (route) => route.fulfill({ json: await student.ticket(session) }));
    if (lack) await page.addInitScript(lack);
    await page.goto(`${server}/measured`);
    await page.waitForFunction('globalThis.Invigil?.current?.frames.sent > 0', undefined, { timeout: 60_000 });
    const path = await page.evaluate<string>('seen.path');
    if (path !== name) errors.push(`pictures used the capture path ${path}, not ${name}`);
    await page.waitForTimeout(WARM_UP_MS);
    return await measureStretch(browser, page, name, secs, () => page.evaluate<number>('Invigil.current.frames.sent'));
  } finally {
    await context.close();
  }
}

async function measureStretch(
  browser: Browser,
  page: Page,
  name: string,
  secs: number,
  sent: () => Promise<number>,
): Promise<Figure[]> {
  await browser.startTracing(page, {
    categories: ['disabled-by-default-devtools.timeline', 'devtools.timeline', 'toplevel'],
  });
  // Starting and stopping a trace are long tasks themselves: only tasks in between count.
  await page.evaluate('seen.longTasks.length = 0');
  const before = await sent();
  await page.waitForTimeout(secs * 1000);
  const frames = (await sent()) - before;
  const longTasks = await page.evaluate<number[]>('seen.longTasks');
  const trace = await browser.stopTracing();
  const tasks = longestTasks(trace);
  return [
    figure(`${name}: frames sent`, frames / secs, 'frames/s'),
    figure(`${name}: tasks of the main thread`, tasks.count, ''),
    figure(`${name}: longest task`, tasks.wallMs, 'ms'),
    figure(`${name}: longest task, processor time`, tasks.cpuMs, 'ms'),
    figure(`${name}: main thread busy`, (100 * tasks.busyMs) / (secs * 1000), '%'),
    figure(`${name}: tasks of 50 ms and more (PerformanceObserver)`, longTasks.length, ''),
    figure(`${name}: longest of these`, longTasks.length > 0 ? Math.max(...longTasks) : null, 'ms'),
  ];
}

const WATCH_LONG_TASKS = `globalThis.seen = { longTasks: [], path: '' };
  new PerformanceObserver((list) => seen.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });`;

const PAGE = `<!doctype html><title>Measured</title><p>An exam.</p><script>
  ${WATCH_LONG_TASKS}
  document.addEventListener('invigil:capture', ({ detail }) => (seen.path = detail.path));
</script><script src="/sdk/invigil.iife.js" data-server="/" data-ticket-url="/measured/ticket"></script>`;
