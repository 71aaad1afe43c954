import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SessionView } from '../../protocol/down.ts';
import { startAttempt, watchExam } from '../support/attempt.ts';
import { ManualTime } from '../support/manual-time.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

let site: TestServer;
const time = new ManualTime();

beforeAll(async () => {
  site = await startTestServer({ overrides: { clock: time.clock, timers: time.timers } });
});
afterAll(() => site.close());

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
