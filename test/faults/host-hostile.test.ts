import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Attempt, signal, startAttempt } from '../support/attempt.ts';
import { FAILING_HOST, SPOILED_ANSWERS, withFault } from '../support/faulty-frames.ts';
import { jpeg } from '../support/pictures.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

let site: TestServer;
let bystander: Attempt;
let beside: RawSocket;
let signals = 0;
beforeAll(async () => {
  site = await startTestServer({
    overrides: { inferenceHost: FAILING_HOST },
    env: { INFERENCE_THREADS: '2' },
    vision: true,
  });
  bystander = await startAttempt(site);
  beside = await bystander.connect();
});
afterAll(async () => {
  beside?.close();
  await site?.close();
});

const violations = async () => {
  const text = await (await fetch(`${site.url}/metrics`)).text();
  return [...text.matchAll(/^invigil_inference_violations_total\{[^}]*\} (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
};

test.each(SPOILED_ANSWERS)(
  'a result that is %s ends only the host: the socket stays open, signals are acknowledged, and a new host analyses',
  async (fault) => {
    const { pool } = site.server;
    const attempt = await startAttempt(site);
    const socket = await attempt.connect();
    await waitFor('vision', () => pool.vision.state === 'on');
    const [pid, before] = [pool.hostPid, await violations()];
    socket.sendFrame(1, withFault(jpeg(1), fault));
    beside.send(signal(++signals));
    expect(await beside.next('ack')).toMatchObject({ seq: signals });
    await waitFor('another host', () => pool.hostPid !== pid && pool.vision.state === 'on');
    expect(await violations()).toBe(before + 1);
    expect([socket.isOpen, beside.isOpen]).toEqual([true, true]);
    // Also of the same student: the lost frame was reported once.
    socket.sendFrame(2, jpeg(2));
    await socket.next('analysis');
    if (fault !== 'twice') expect(await attempt.types()).toEqual(['FRAME_LOST']);
    socket.close();
  },
);
