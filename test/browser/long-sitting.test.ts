import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import { Api } from '../support/api.ts';
import { writeCamera } from '../support/camera-file.ts';
import { createDatabase } from '../support/databases.ts';
import { Display } from '../support/display.ts';
import { startCable } from '../support/embedding-site.ts';
import { screenshots } from '../support/pages.ts';
import { PlainChromium, type PlainPage } from '../support/plain-chromium.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { chromiumPath, hasDisplay } from '../support/requirements.ts';
import { waitFor } from '../support/server.ts';

/**
 * An ordinary exam in a real window, from the login to the end: the student copies now and then, prints, uploads a
 * file, changes networks and lets the computer sleep, and the server is restarted. `INVIGIL_SITTING_MINUTES=120` makes
 * it as long as an exam.
 */
const MINUTES = Number(process.env['INVIGIL_SITTING_MINUTES'] ?? '0.75');
const LONG = MINUTES > 10;
const missing = chromiumPath === undefined ? 'no Chromium' : hasDisplay ? undefined : 'no virtual screen';
const PASSWORD = "Student's password";
/** Fewer than a burst, beyond which signals are counted rather than stored one by one (S10). */
const COPIES = LONG ? 60 : 12;

/** Steps of the sitting, each at its share of the time. */
interface Sitting {
  readonly page: PlainPage;
  readonly screen: Display;
  readonly chromium: PlainChromium;
  readonly server: ServerProcess;
  readonly cable: Awaited<ReturnType<typeof startCable>>;
  readonly upload: string;
}

const button = (name: string) =>
  `[...document.querySelectorAll('button')].find((each) => (each.ariaLabel ?? each.textContent.trim()) === ${JSON.stringify(name)} && !each.disabled)`;

async function press(page: PlainPage, name: string): Promise<void> {
  await waitFor(`button ${name}`, async () => (await page.evaluate(`Boolean(${button(name)})`)) === true);
  await page.evaluate(`${button(name)}.click()`);
}

async function fill(page: PlainPage, selector: string, value: string): Promise<void> {
  await waitFor(selector, async () => (await page.evaluate(`Boolean(document.querySelector('${selector}'))`)) === true);
  await page.evaluate(`(() => {
    const field = document.querySelector('${selector}');
    field.value = ${JSON.stringify(value)};
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  })()`);
}

const shows = (page: PlainPage, text: string) =>
  waitFor(
    text,
    async () => (await page.evaluate(`document.body.innerText.includes(${JSON.stringify(text)})`)) === true,
    120_000,
  );

/** Selects and copies the answer so far: an act that the exam notes. */
const copy = (page: PlainPage) =>
  page.evaluate(`(() => {
    const field = document.querySelector('.exam-area textarea');
    field.focus();
    field.select();
    document.execCommand('copy');
  })()`);

async function changeNetwork({ cable }: Sitting, seconds: number): Promise<void> {
  cable.cut();
  await pause(seconds * 1000);
  cable.mend();
}

async function print({ screen }: Sitting): Promise<void> {
  await screen.do('key', '--clearmodifiers', 'ctrl+p');
  await pause(3000);
  await screen.do('key', '--clearmodifiers', 'Escape');
}

async function uploadFile({ page, screen, upload }: Sitting): Promise<void> {
  await page.evaluate(`(() => {
    const field = Object.assign(document.createElement('input'), { type: 'file', id: 'upload' });
    document.querySelector('.exam-area textarea').after(field);
    field.click();
  })()`);
  await screen.window('^Open File');
  await pause(1000);
  await screen.do('type', '--delay', '30', upload);
  await pause(2000);
  await screen.do('key', '--clearmodifiers', 'alt+o');
  await waitFor('the file', async () => (await page.evaluate("document.querySelector('#upload').files.length")) === 1);
}

async function sleep({ chromium }: Sitting): Promise<void> {
  chromium.signal('SIGSTOP');
  await pause(LONG ? 180_000 : 8000);
  chromium.signal('SIGCONT');
}

async function restart({ server }: Sitting): Promise<void> {
  await server.stop('SIGTERM');
  await server.start();
}

const STEPS: readonly (readonly [at: number, step: (sitting: Sitting) => Promise<void>])[] = [
  [0.1, print],
  [0.2, (sitting) => changeNetwork(sitting, 5)],
  [0.3, uploadFile],
  [0.4, (sitting) => changeNetwork(sitting, LONG ? 20 : 3)],
  [0.5, restart],
  [0.65, sleep],
  [0.8, (sitting) => changeNetwork(sitting, LONG ? 60 : 3)],
];

/** Events without weight that say when and why nothing was seen, and that this camera plays a file again and again. */
const GAPS = new Set([
  'CONNECTION_LOST',
  'CONNECTION_RESTORED',
  'NO_FRAME_RECEIVED',
  'FRAME_LOST',
  'FEW_FRAMES',
  'NETWORK_CHANGED',
  'FROZEN_VIDEO',
  'REPEATED_PICTURE',
  'LOOPED_VIDEO',
  'STILL_PICTURE',
]);

const counts = (events: readonly Event[]): Record<string, number> =>
  events.reduce<Record<string, number>>((sum, { type }) => ({ ...sum, [type]: (sum[type] ?? 0) + 1 }), {});

test.skipIf(missing !== undefined)(
  `a sitting with a print, an upload, three network changes, a sleep and a server restart has no false event and loses nothing${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  { timeout: (MINUTES + 10) * 60_000 },
  async () => {
    const database = await createDatabase('pglite', 'admin');
    const server = new ServerProcess(await freePort(), database);
    await server.start();
    const cable = await startCable(server.url);
    const screen = await Display.start();
    const camera = writeCamera(database.dataDir, ['attentive', 20]);
    const chromium = await PlainChromium.start({ display: screen.env['DISPLAY']!, camera });
    try {
      const admin = await server.admin();
      const { id: examId } = await admin.createExam({}, { title: 'Algebra', durationMinutes: Math.ceil(MINUTES) + 20 });
      const student = new Api(server.url);
      await student.register('ada@example.org', PASSWORD, 'Ada');
      const page = await chromium.open(`${cable.url}/exam`, 'window');
      await fill(page, 'input[type=email]', 'ada@example.org');
      await fill(page, 'input[type=password]', PASSWORD);
      await press(page, 'Log in');
      await press(page, 'Start: Algebra');
      await waitFor(
        'consent',
        async () => (await page.evaluate("Boolean(document.querySelector('[type=checkbox]'))")) === true,
      );
      await page.evaluate("document.querySelector('[type=checkbox]').click()");
      await press(page, 'Continue to camera');
      await press(page, 'Turn on camera');
      await press(page, 'Begin exam');
      await shows(page, 'Connected');
      await page.evaluate('performance.setResourceTimingBufferSize(1e6)');
      // Counted by the page: copying fails without an error while a dialog is open.
      await page.evaluate("globalThis.copied = 0; addEventListener('copy', () => (copied += 1))");
      await fill(page, '.exam-area textarea', 'An answer in my own words.');

      const upload = join(database.dataDir, 'answer.txt');
      writeFileSync(upload, 'an answer');
      const sitting = { page, screen, chromium, server, cable, upload };
      const began = performance.now();
      const at = (share: number) => pause(Math.max(0, began + share * MINUTES * 60_000 - performance.now()));
      const copying = (async () => {
        for (let i = 1; i <= COPIES; i++) {
          await at(i / (COPIES + 1));
          await copy(page);
        }
      })();
      for (const [share, step] of STEPS) {
        await at(share);
        await step(sitting);
      }
      await at(1);
      await copying;
      await shows(page, 'Connected');

      // The login of the beginning may be of a server that is gone.
      const again = await server.admin();
      const { items } = await again.get<{ items: { id: string }[] }>(`/api/sessions?exam=${examId}`);
      const events = () => again.events(items[0]!.id);
      const copied = await page.evaluate('copied');
      expect(copied).toBeGreaterThan(COPIES / 2);
      await expect.poll(async () => counts(await events()), { timeout: 120_000 }).toMatchObject({ COPY: copied });
      const renewals = await page.evaluate(
        "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/api/auth/refresh')).length",
      );
      await press(page, 'Finish exam');
      await press(page, 'Finish');
      await shows(page, 'Exam finished');
      const stored = await events();
      const { COPY, CONNECTION_LOST, CONNECTION_RESTORED } = counts(stored);
      mkdirSync(screenshots, { recursive: true });
      writeFileSync(join(screenshots, 'sitting.json'), JSON.stringify({ MINUTES, renewals, stored }, null, 2));
      // Only what the student did counts. Gaps are stated: until the server misses a sleeping computer's answers, its
      // camera sends no frame, and a frame is lost when a busy machine takes too long for it.
      expect(stored.filter(({ type, weight }) => type !== 'COPY' && weight !== 0)).toEqual([]);
      expect(stored.map(({ type }) => type).filter((type) => type !== 'COPY' && !GAPS.has(type))).toEqual([]);
      expect(COPY).toBe(copied);
      expect(CONNECTION_LOST).toBe(CONNECTION_RESTORED);
      if (MINUTES >= 30) expect(renewals).toBeGreaterThanOrEqual(Math.floor(MINUTES / 15) - 1);
    } finally {
      await chromium.close();
      await screen.close();
      await cable.close();
      await server.stop('SIGTERM');
      await database.remove();
    }
  },
);
