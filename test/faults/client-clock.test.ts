import { expect, test } from 'vitest';
import { encodeFrame } from '../../protocol/frame.ts';
import { startAttempt } from '../support/attempt.ts';
import { KINDS } from '../support/databases.ts';
import { jpeg } from '../support/pictures.ts';
import { startTestServer, waitFor } from '../support/server.ts';

const HOUR = 3_600_000;
const SKEWS = [
  { name: '24 h ahead', before: 24 * HOUR, after: 24 * HOUR },
  { name: '24 h behind', before: -24 * HOUR, after: -24 * HOUR },
  { name: 'going back 1 h in the middle', before: 0, after: -HOUR },
  { name: 'leaping 48 h in the middle', before: -24 * HOUR, after: 24 * HOUR },
];

test.for(KINDS.filter(({ available }) => available))(
  "the client's clock affects neither order nor durations, and both times are stored, on $title (E1)",
  async ({ kind }) => {
    let now = Date.parse('2026-01-01T10:00:00.000Z');
    await using site = await startTestServer({ kind, vision: true, overrides: { clock: () => now } });
    for (const { name, before, after } of SKEWS) {
      const attempt = await startAttempt(site, { frames: { sendFps: 5, analyseFps: 5 }, holds: { noFace: 2 } });
      const socket = await attempt.connect();
      const began = now;
      const clientAt: string[] = [];
      const serverAt: number[] = [];
      for (let step = 1; step <= 10; step++) {
        now += 1000;
        const client = now + (step <= 5 ? before : after);
        clientAt.push(new Date(client).toISOString());
        serverAt.push(now);
        socket.send({ type: 'signal', seq: step, signal: 'PASTE', at: new Date(client).toISOString() });
        // A picture without a face, with that clock's time.
        socket.sendBytes(encodeFrame({ seq: step, capturedAt: client }, jpeg(step)));
        await socket.until(
          `${name}: step ${step}`,
          () =>
            socket.of('ack').some(({ seq }) => seq === step) &&
            socket.of('analysis').some(({ frame }) => frame === step),
          30_000,
        );
      }
      now += 1000;
      socket.send({ type: 'finish' });
      expect(await socket.closed()).toBe(4410);
      await waitFor('the end', async () => (await attempt.types()).length > 0);
      const events = await attempt.events();
      const signals = events.filter(({ type }) => type === 'PASTE');
      expect([name, signals.map(({ details }) => details['clientAt'])]).toEqual([name, clientAt]);
      expect(signals.map(({ startedAt }) => Date.parse(startedAt))).toEqual(serverAt);
      expect(signals.map(({ durationMs }) => durationMs)).toEqual(signals.map(() => 0));
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, i) => i + 1));
      // From the first frame to the last, by the server's clock.
      const [noFace, ...others] = events.filter(({ type }) => type === 'NO_FACE');
      expect([name, others, noFace && Date.parse(noFace.startedAt) - began, noFace?.durationMs]).toEqual([
        name,
        [],
        1000,
        9000,
      ]);
      // It opens with the third frame: 2 s after the first.
      expect(noFace?.details['clientAt']).toBe(clientAt[2]);
      expect(events.map(({ type }) => type).filter((type) => /^(FROZEN|NO_FRAME|CONNECTION)/.test(type))).toEqual([]);
      const { startedAt, endedAt } = await attempt.student.get<{ startedAt: string; endedAt: string }>(
        `/api/sessions/${attempt.session.id}`,
      );
      expect([Date.parse(startedAt), Date.parse(endedAt)]).toEqual([began, began + 11_000]);
    }
    console.log(
      `client-clock ${kind}: ${SKEWS.map(({ name }) => name).join(', ')}: order and durations by the server's clock, both times stored`,
    );
  },
);
