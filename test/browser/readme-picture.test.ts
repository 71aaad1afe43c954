import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { clips, type ClipName } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import { signal } from '../support/attempt.ts';
import { hasBrowser, launch } from '../support/browser.ts';
import { openConsole } from '../support/pages.ts';
import { greet, type RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

/** The README's picture of the console, with drawn people: `UPDATE_README_PICTURE=1` takes it again. */
const IMAGES = join(import.meta.dirname, '../../docs/images');
const THEMES = ['light', 'dark'] as const;
const fileOf = (theme: (typeof THEMES)[number]) => join(IMAGES, `console-${theme}.jpg`);

interface Drawn {
  readonly name: string;
  readonly seed: number;
  readonly clip?: ClipName;
  /** Sent with these frames. */
  readonly signals?: Readonly<Record<number, string>>;
}

const STUDENTS: readonly Drawn[] = [
  { name: 'Amara Okafor', seed: 37 },
  { name: 'Ben Whitlock', seed: 29, signals: { 14: 'TAB_SWITCH' } },
  { name: 'Chiara Bellini', seed: 20 },
  { name: 'Daniel Novak', seed: 35, signals: { 8: 'FULLSCREEN_EXIT', 22: 'TAB_SWITCH', 30: 'COPY' } },
  { name: 'Elif Yildiz', seed: 24 },
  { name: 'Farid Haddad', seed: 42, clip: 'second', signals: { 5: 'TAB_SWITCH', 12: 'PASTE', 25: 'TAB_SWITCH' } },
  { name: 'Greta Lindholm', seed: 14 },
  { name: 'Hugo Marchand', seed: 22 },
  { name: 'Ines Carvalho', seed: 26, signals: { 18: 'WINDOW_BLUR' } },
  { name: 'Jonah Mensah', seed: 39 },
  { name: 'Kavya Nair', seed: 31 },
  { name: 'Liam Fraser', seed: 23 },
];
/** Frames per student, one a second: long enough for a risk curve. */
const FRAMES = 60;
/** The second person enters at this frame. */
const ENTERS = 35;

/** A student streaming drawn pictures. */
class Sitting {
  readonly #socket: RawSocket;
  readonly #timer: NodeJS.Timeout;
  sent = 0;

  constructor(socket: RawSocket, { seed, clip = 'attentive', signals = {} }: Drawn) {
    this.#socket = socket;
    const pictures = clips(createScene(seed));
    let seq = 0;
    this.#timer = setInterval(() => {
      const shown = pictures[this.sent < ENTERS ? 'attentive' : clip];
      this.sent += 1;
      socket.sendFrame(this.sent, shown[this.sent % shown.length]!);
      const type = signals[this.sent];
      if (type !== undefined) socket.send(signal(++seq, type));
    }, 1000);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }
}

async function sit(site: TestServer, examId: string, drawn: Drawn): Promise<{ sitting: Sitting; session: string }> {
  const student = await site.student(drawn.name);
  const { id } = await student.startSession(examId);
  return { sitting: new Sitting(await greet(site.url, await student.examTicket(id)), drawn), session: id };
}

/** True if every tile shows a picture: no canvas has a single colour. */
const allPainted = (page: Page): Promise<boolean> =>
  page.evaluate(`[...document.querySelectorAll('canvas')].every((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, index) => value !== data[index % 4]);
  })`);

describe("the README's picture of the console", () => {
  test.runIf(hasBrowser && process.env['UPDATE_README_PICTURE'] === '1')(
    'shows twelve drawn students, their risk and one open incident',
    async () => {
      await using site = await startTestServer({ vision: true });
      const exam = await site.admin.createExam({}, { title: 'Linear algebra, final exam', durationMinutes: 90 });
      const browser = await launch();
      const sittings: Sitting[] = [];
      try {
        const page = await openConsole(browser, site.url);
        await page.setViewportSize({ width: 1720, height: 1000 });
        await page.goto(`${site.url}/console#/exam/${exam.id}`);
        let watched = '';
        for (const drawn of STUDENTS) {
          const { sitting, session } = await sit(site, exam.id, drawn);
          sittings.push(sitting);
          if (drawn.clip === 'second') watched = session;
        }
        const open = async () => (await site.admin.events(watched)).some(({ endedAt }) => endedAt === null);
        await waitFor('frames', () => sittings.every(({ sent }) => sent >= FRAMES));
        await waitFor('the open incident', open);
        await expect.poll(() => page.locator('canvas').count(), { timeout: 60_000 }).toBe(STUDENTS.length);
        await waitFor('pictures', () => allPainted(page));
        // Moves the pointer off all elements.
        await page.mouse.move(0, 0);
        mkdirSync(IMAGES, { recursive: true });
        for (const theme of THEMES) {
          await page.emulateMedia({ colorScheme: theme });
          await page.screenshot({ path: fileOf(theme), type: 'jpeg', quality: 80 });
        }
      } finally {
        for (const sitting of sittings) sitting.end();
        await browser.close();
      }
    },
  );
});
