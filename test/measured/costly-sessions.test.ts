import { expect, test } from 'vitest';
import { shippedFolder } from '../../models/manifest.ts';
import { InferencePool } from '../../server/inference/pool.ts';
import { type FrameSource, type Outcome, type QueuedFrame, Scheduler } from '../../server/inference/scheduler.ts';
import { createLog } from '../../server/log.ts';
import { Metrics } from '../../server/metrics.ts';
import { readJpegHeader } from '../../server/session/frames/jpeg-header.ts';
import { costlyProgression, progressiveJpeg } from '../support/jpeg-bytes.ts';
import { jpeg } from '../support/pictures.ts';
import { PATIENCE, waitFor } from '../support/server.ts';
import { FULL_SIZE, sized } from '../support/size.ts';

const HONEST = 8;
const HOSTILE = 12;
/** Analysed in all, however long they take: several turns of each session. */
const FRAMES = sized(2000, 400);

/** The maximum number of scans, at the default policy's resolution and at the largest one. */
const COSTLY = [[640, 1136], ...(FULL_SIZE ? [[1920, 1920]] : [])] as [number, number][];

/** A session that always has a picture ready. */
class Sitting implements FrameSource {
  frames = 0;
  ms = 0;
  readonly #jpeg: Uint8Array;
  readonly #scheduler: Scheduler;

  constructor(picture: Uint8Array, scheduler: Scheduler) {
    this.#jpeg = picture;
    this.#scheduler = scheduler;
  }

  takeFrame(): QueuedFrame {
    return { jpeg: this.#jpeg, receivedAt: Date.now(), eyes: true };
  }

  needsIsolation = () => false;

  settled(_frame: QueuedFrame, outcome: Outcome): void {
    if (outcome.type === 'done') {
      const { ms } = outcome.detection;
      this.frames += 1;
      this.ms += ms.decode + ms.detect + ms.pose;
    } else if (outcome.type === 'failed') this.ms += outcome.ms ?? 0;
    this.#scheduler.offer(this);
  }
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** @returns the sessions after so many frames, honest ones first, and the time that these took */
async function sit(
  pool: InferencePool,
  costly: Uint8Array,
  hostile: number,
): Promise<{ sittings: Sitting[]; seconds: number }> {
  let over = false;
  const scheduler = new Scheduler(
    {
      get free() {
        return over ? 0 : pool.free;
      },
      get idle() {
        return pool.idle;
      },
      analyse: (picture, isolated) => pool.analyse(picture, isolated),
    },
    {
      now: Date.now,
      onWait: () => {},
      onReplaced: () => {},
      onError: (error) => {
        throw error;
      },
    },
  );
  const sittings = Array.from(
    { length: HONEST + hostile },
    (_, i) => new Sitting(i < HONEST ? jpeg(i) : costly, scheduler),
  );
  // The costly ones first, as an attacker would.
  for (const sitting of sittings.toReversed()) scheduler.offer(sitting);
  const began = performance.now();
  await waitFor('the frames', () => sum(sittings.map(({ frames }) => frames)) >= FRAMES, 600_000);
  const seconds = (performance.now() - began) / 1000;
  over = true;
  await waitFor('the last frames', () => pool.idle);
  return { sittings, seconds };
}

test.each(COSTLY)(
  `beside ${HOSTILE} sessions with the costliest images of %d x %d, ${HONEST} honest sessions get at least 0.9 of their fair share of worker time`,
  async (width, height) => {
    const pool = new InferencePool(
      { folders: [shippedFolder()], face: 'own', gaze: 'own' },
      2,
      createLog('silent'),
      new Metrics(),
      // On a busy machine a frame takes longer than production allows.
      { deadlineMs: PATIENCE.deadlineMs },
    );
    pool.start();
    try {
      await waitFor('vision', () => pool.vision.state === 'on');
      const costly = progressiveJpeg(costlyProgression(16), { width, height });
      expect(readJpegHeader(costly).ok).toBe(true);
      const alone = await sit(pool, costly, 0);
      const { sittings: beside, seconds } = await sit(pool, costly, HOSTILE);
      const [honest, hostile] = [beside.slice(0, HONEST), beside.slice(HONEST)];
      const fair = sum(beside.map(({ ms }) => ms)) / beside.length;
      const shares = honest.map(({ ms }) => ms / fair);
      const each = (group: readonly Sitting[], value: (sitting: Sitting) => number) =>
        sum(group.map(value)) / group.length;
      const together = sum(shares) / HONEST;
      const price =
        each(hostile, ({ ms, frames }) => ms / Math.max(1, frames)) /
        each(honest, ({ ms, frames }) => ms / Math.max(1, frames));
      console.log(
        `costly sessions, ${width}x${height}: honest ${(each(alone.sittings, ({ frames }) => frames) / alone.seconds).toFixed(1)} frames/s each alone (${HONEST}), ${(each(honest, ({ frames }) => frames) / seconds).toFixed(1)} beside ${HOSTILE} whose frames cost ${price.toFixed(1)} times as much and get ` +
          `${(each(hostile, ({ frames }) => frames) / seconds).toFixed(2)}; of their fair share of time the honest have ${together.toFixed(2)} together, each ${Math.min(...shares).toFixed(2)} to ${Math.max(...shares).toFixed(2)}, by turns it would be ${(beside.length / (HONEST + HOSTILE * price)).toFixed(2)}`,
      );
      expect(together).toBeGreaterThan(0.9);
      // Within the cost of one expensive frame of each other: preemption is charged.
      expect(Math.min(...shares)).toBeGreaterThan(sized(0.85, 0.5));
    } finally {
      await pool.close();
    }
  },
);
