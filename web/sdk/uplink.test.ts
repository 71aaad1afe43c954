import { describe, expect, test } from 'vitest';
import { seeded } from '../../simulator/draw/prng.ts';
import { SimulatedLine } from '../test/simulated-line.ts';

const MINUTE = 60_000;
const SERVER = { fps: 2, maxWidth: 640, quality: 0.8 };

const p99 = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)]!;

describe('F13: on a simulated line', () => {
  test.each([20_000, 38_000, 100_000])(
    'at 20 KB/s signals wait less than 2 s and pictures arrive within 3 s, with pictures of %d bytes',
    (pictureBytes) => {
      const line = new SimulatedLine({ rate: () => 20_000, pictureBytes, signalEveryMs: 500 });
      line.run(5 * MINUTE);
      expect(line.signalDelays.length).toBeGreaterThanOrEqual(595);
      expect(p99(line.signalDelays)).toBeLessThan(2_000);
      expect(Math.max(...line.frameDelays)).toBeLessThan(3_000);
      // It is used: at most as many pictures as the server allows, and more than one every two seconds.
      expect(line.frameDelays.length).toBeGreaterThan(150);
      expect(line.mostUnanswered).toBeLessThanOrEqual(2);
    },
  );

  test.each([8_000, 4_000, 2_000])('at %d bytes per second nothing is cut and signals arrive', (rate) => {
    const line = new SimulatedLine({ rate: () => rate, signalEveryMs: 1_000 });
    line.run(5 * MINUTE);
    expect(line.cuts).toEqual([]);
    expect(line.signalDelays.length).toBeGreaterThanOrEqual(295);
    expect(Math.max(...line.signalDelays)).toBeLessThan(5_000);
    expect(line.sender.reduced).toBe(true);
  });

  test('at 300 KB/s only the first picture is small; rate, width and quality are those of the server', () => {
    const line = new SimulatedLine({ rate: () => 300_000 });
    line.run(MINUTE);
    expect(line.frames[0]!.scale).toEqual({ fps: 1, maxWidth: 320, quality: 0.4 });
    for (const { scale } of line.frames.slice(1)) expect(scale).toEqual(SERVER);
    expect(line.frames.length).toBeGreaterThanOrEqual(119);
    expect(line.states).toEqual([]);
  });

  test('a wide line with a round trip of 600 ms is used in full', () => {
    const line = new SimulatedLine({ rate: () => 1e6, roundTripMs: 600 });
    line.run(MINUTE);
    expect(line.sender.settings).toEqual(SERVER);
    expect(line.states.filter(({ reduced }) => reduced)).toEqual([]);
  });

  test('rate, width and quality go down together and come back', () => {
    const line = new SimulatedLine({
      rate: (now) => (now >= MINUTE && now < 2 * MINUTE ? 10_000 : 300_000),
      signalEveryMs: 1_000,
    });
    line.run(MINUTE);
    expect(line.sender.settings).toEqual(SERVER);
    line.run(MINUTE);
    const low = line.sender.settings!;
    const share = low.maxWidth / SERVER.maxWidth;
    expect(share).toBeLessThan(0.8);
    expect(low.fps / SERVER.fps).toBeCloseTo(share, 2);
    expect(low.quality / SERVER.quality).toBeCloseTo(share, 2);
    line.run(MINUTE);
    expect(line.sender.settings).toEqual(SERVER);
    expect(line.states.map(({ reduced }) => reduced)).toEqual([true, false]);
    // Reported after 5 s of it, and withdrawn while the line is good again.
    expect(line.states[0]!.at).toBeGreaterThanOrEqual(MINUTE + 5_000);
    expect(line.states[0]!.at).toBeLessThan(MINUTE + 30_000);
    expect(line.states[1]!.at).toBeLessThan(2 * MINUTE + 45_000);
  });

  test('a line that stands still for 15 s is neither cut nor sent more, and is used again', () => {
    const still = (now: number) => now >= MINUTE && now < MINUTE + 15_000;
    const line = new SimulatedLine({ rate: (now) => (still(now) ? 0 : 300_000) });
    line.run(2 * MINUTE);
    expect(line.cuts).toEqual([]);
    expect(line.mostUnanswered).toBe(2);
    expect(line.frames.filter(({ at }) => still(at)).length).toBeLessThanOrEqual(2);
    expect(line.sender.settings).toEqual(SERVER);
  });

  test('a line that stands still for good is cut', () => {
    const line = new SimulatedLine({ rate: (now) => (now < MINUTE ? 300_000 : 0) });
    line.run(2 * MINUTE);
    expect(line.cuts.length).toBeGreaterThan(0);
    // 20 s, and the time that the unanswered bytes would take at 4 KB/s.
    expect(line.cuts[0]!).toBeLessThan(MINUTE + 45_000);
  });

  test('on any line at most two frames are unanswered, and frames continue when it recovers', () => {
    const next = seeded(7);
    for (let run = 0; run < 40; run++) {
      const rates = Array.from({ length: 30 }, () => (next() < 0.15 ? 0 : 10 ** (3 + next() * 3)));
      const line = new SimulatedLine({
        rate: (now) => (now < 2 * MINUTE ? rates[Math.floor(now / 4_000)]! : 300_000),
        roundTripMs: Math.floor(next() * 400),
        pictureBytes: 5_000 + Math.floor(next() * 150_000),
        server: { fps: 0.5 + next() * 14.5 },
      });
      line.run(4 * MINUTE);
      expect([run, line.mostUnanswered <= 2, line.cuts]).toEqual([run, true, []]);
      expect(line.frames.filter(({ at }) => at > 3.5 * MINUTE).length).toBeGreaterThan(10);
    }
  });

  test('a lower rate of the server holds on a good line, a lower one of the line under a generous server', () => {
    const asked = new SimulatedLine({ rate: () => 300_000, server: { fps: 0.4, maxWidth: 200, quality: 0.2 } });
    asked.run(MINUTE);
    expect(asked.sender.settings).toEqual({ fps: 0.4, maxWidth: 200, quality: 0.2 });
    expect(asked.frames.length).toBeLessThanOrEqual(25);
    const slow = new SimulatedLine({ rate: () => 20_000, server: { fps: 15, maxWidth: 1280, quality: 1 } });
    slow.run(MINUTE);
    expect(slow.frames.length).toBeLessThan(6 * 60);
    expect(Math.max(...slow.frameDelays)).toBeLessThan(3_000);
    expect(slow.sender.settings!.maxWidth).toBeLessThan(1280);
  });
});

describe('F13: odd answers', () => {
  test('an older server that answers no frame is sent frames at its rate', () => {
    const line = new SimulatedLine({ rate: () => 300_000, receipts: false, answers: () => [] });
    line.run(MINUTE);
    expect(line.frames.length).toBeGreaterThanOrEqual(119);
    for (const { scale } of line.frames) expect(scale).toEqual(SERVER);
    expect(line.cuts).toEqual([]);
  });

  test('a lost answer is covered by the next one', () => {
    const line = new SimulatedLine({ rate: () => 300_000, answers: (seq) => (seq % 2 === 1 ? [] : [seq]) });
    line.run(MINUTE);
    // Every second frame waits for 3 s.
    expect(line.frames.length).toBeGreaterThan(20);
    expect(line.cuts).toEqual([]);
  });

  test('repeated answers, and answers to frames that were never sent, change nothing', () => {
    const line = new SimulatedLine({
      rate: () => 300_000,
      answers: (seq) => [seq + 1000, seq, seq, 0, -1, Number.NaN],
    });
    line.run(MINUTE);
    expect(line.frames.length).toBeGreaterThanOrEqual(119);
    expect(line.sender.settings).toEqual(SERVER);
    expect(line.mostUnanswered).toBeLessThanOrEqual(2);
  });

  test('answers that never come are given up in the end, one frame at a time', () => {
    const line = new SimulatedLine({ rate: () => 300_000, answers: () => [] });
    line.run(5 * MINUTE);
    expect(line.frames.length).toBeGreaterThan(3);
    expect(line.frames.length).toBeLessThan(40);
  });

  test('a clock that jumps stops no frames and cuts no line', () => {
    const line = new SimulatedLine({ rate: () => 300_000 });
    line.run(MINUTE);
    // The page slept, maybe with a frame on the way.
    for (const moment of [10, 250]) {
      line.run(moment);
      line.now += 3_600_000;
      const before = line.frames.length;
      line.run(2 * MINUTE);
      expect(line.frames.length).toBeGreaterThan(before + 100);
      expect(line.sender.settings).toEqual(SERVER);
      expect(line.cuts).toEqual([]);
    }
  });
});
