import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { detection } from '../../simulator/fixtures/detections.ts';
import { jpeg } from '../../test/support/pictures.ts';
import type { Vision } from '../inference/pool.ts';
import type { Outcome } from '../inference/scheduler.ts';
import { Metrics } from '../metrics.ts';
import { SystemChecks } from './check.ts';

let outcome: Outcome | undefined;
let vision: Vision;
let looked: number;
let checks: SystemChecks;
beforeEach(() => {
  vi.useFakeTimers();
  outcome = { type: 'done', followed: false, detection: detection() };
  vision = { state: 'on', models: [] };
  looked = 0;
  checks = new SystemChecks({
    scheduler: { tryAnalyse: () => (looked++, Promise.resolve(outcome)) },
    vision: () => vision,
    metrics: new Metrics(),
  });
});
afterEach(() => vi.useRealTimers());

/** As the route does. */
async function look(picture: Uint8Array, address: string) {
  await checks.admit(address);
  return checks.look(picture, address);
}

const HERE = '192.0.2.1';
const limited = { name: 'ProtocolError', code: 'rate_limited', retryable: true };
const busy = { code: 'unavailable', retryable: true, retryAfterSeconds: 2 };

test('one address has two pictures a second looked at, others are not held up', async () => {
  for (let i = 0; i < 2; i++) expect(await look(jpeg(), HERE)).toMatchObject({ faces: 1, hints: [] });
  await expect(look(jpeg(), HERE)).rejects.toMatchObject({ ...limited, retryAfterSeconds: 1 });
  await look(jpeg(), '192.0.2.2');
  vi.advanceTimersByTime(1001);
  await look(jpeg(), HERE);
  expect(looked).toBe(4);
});

test('one address has 300 an hour looked at', async () => {
  for (let i = 0; i < 300; i++) {
    await look(jpeg(), HERE);
    vi.advanceTimersByTime(501);
  }
  vi.advanceTimersByTime(1001);
  await expect(look(jpeg(), HERE)).rejects.toMatchObject(limited);
  vi.advanceTimersByTime(3_600_000);
  await look(jpeg(), HERE);
});

test('an unusable or too large picture is refused before analysis, and counts towards the limit', async () => {
  await expect(look(new Uint8Array(10), HERE)).rejects.toMatchObject({ code: 'invalid_image' });
  await expect(look(new Uint8Array(256 * 1024), HERE)).rejects.toMatchObject({ code: 'frame_too_large' });
  await expect(look(jpeg(), HERE)).rejects.toMatchObject(limited);
  expect(looked).toBe(0);
});

test('while exams need the models it is retryable; while they are off it is not', async () => {
  outcome = undefined;
  await expect(look(jpeg(), HERE)).rejects.toMatchObject(busy);
  vision = { state: 'off', reason: 'no weights' };
  await expect(look(jpeg(), HERE)).rejects.toMatchObject({ code: 'unavailable', retryable: false });
});

test('a picture refused by the decoder is final; after a failed analysis it can be sent again', async () => {
  outcome = { type: 'failed', failure: { code: 'invalid_image', message: 'cut off' } };
  await expect(look(jpeg(), HERE)).rejects.toMatchObject({ code: 'invalid_image', message: 'cut off' });
  outcome = { type: 'failed', failure: { code: 'inference_failed', message: 'secret' } };
  await expect(look(jpeg(), HERE)).rejects.toMatchObject(busy);
});

test('an address whose picture ends the inference host is not looked at for an hour; one that only waited is', async () => {
  outcome = { type: 'lost', suspects: 0 };
  await expect(look(jpeg(), HERE)).rejects.toMatchObject(busy);
  outcome = { type: 'lost', suspects: 1 };
  await expect(look(jpeg(), HERE)).rejects.toMatchObject(busy);
  vi.advanceTimersByTime(10_000);
  outcome = { type: 'done', followed: false, detection: detection() };
  await expect(look(jpeg(), HERE)).rejects.toMatchObject({ ...limited, retryAfterSeconds: 3590 });
  vi.advanceTimersByTime(3_600_000);
  expect(await look(jpeg(), HERE)).toMatchObject({ faces: 1 });
});

test('after three possible crashes of the host, pictures of that address are no longer analysed', async () => {
  outcome = { type: 'lost', suspects: 2 };
  for (let i = 0; i < 3; i++) {
    await expect(look(jpeg(), HERE)).rejects.toMatchObject(busy);
    vi.advanceTimersByTime(1001);
  }
  outcome = { type: 'done', followed: false, detection: detection() };
  await expect(look(jpeg(), HERE)).rejects.toMatchObject(limited);
});
