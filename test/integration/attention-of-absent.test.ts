import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SessionView } from '../../protocol/down.ts';
import { startAttempt, watchExam } from '../support/attempt.ts';
import { ManualTime } from '../support/manual-time.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

let site: TestServer;
const time = new ManualTime();

beforeEach(async () => {
  site = await startTestServer({ overrides: { clock: time.clock, timers: time.timers } });
});
afterEach(() => site.close());

test('attention for a student who stays away grows on consoles that are open', async () => {
  const attempt = await startAttempt(site, {}, { staffAccess: 'all' });
  const student = await attempt.connect();
  const wall = await watchExam(site, attempt.exam.id);
  student.close();
  await waitFor('the gap', async () => (await attempt.types()).includes('CONNECTION_LOST'));
  const shown = () => (wall.of('session').at(-1)?.['session'] as SessionView | undefined)?.attention?.level;
  for (let second = 0; second < 5 * 60; second++) time.advance(1000);
  await waitFor('high attention', () => shown() === 'high');
  wall.close();
  expect(shown()).toBe('high');
});

test('after ten minutes without a connection it goes on as the formula says', async () => {
  const slow = { attention: { perMinute: { CONNECTION_LOST: 3 } } };
  const attempt = await startAttempt(site, slow, { staffAccess: 'all' });
  const student = await attempt.connect();
  const wall = await watchExam(site, attempt.exam.id);
  student.close();
  await waitFor('the gap', async () => (await attempt.types()).includes('CONNECTION_LOST'));
  const shown = () => (wall.of('session').at(-1)?.['session'] as SessionView | undefined)?.attention?.value ?? 0;
  // 60 (1 - e^(-(3 + 3 m) / 60)): 25 after ten minutes, 29 after twelve. Logins of the test end after fifteen.
  for (let second = 0; second < 10 * 60; second++) time.advance(1000);
  await waitFor('ten minutes', () => shown() > 23.5);
  for (let second = 0; second < 3 * 60; second++) time.advance(1000);
  await waitFor('three more', () => shown() > 28.5);
  wall.close();
});
