import { expect, test } from 'vitest';
import { startAttempt, watchExam } from '../support/attempt.ts';
import { ManualTime } from '../support/manual-time.ts';
import { startTestServer } from '../support/server.ts';

test('C17: a client hears the time every 15 s, also while the exam is paused and after the clock was set back', async () => {
  const time = new ManualTime();
  await using site = await startTestServer({ overrides: { clock: time.clock, timers: time.timers } });
  const attempt = await startAttempt(site);
  const socket = await attempt.connect();
  expect(socket.of('welcome')[0]).toMatchObject({ timeEveryMs: 15_000 });
  const told = (count: number) => socket.until(`${count} times`, () => socket.of('time').length >= count);
  time.advance(14_000);
  time.advance(1_500);
  await told(1);
  expect(socket.of('time')).toEqual([{ type: 'time', serverTime: expect.any(String) }]);

  const console = await watchExam(site, attempt.exam.id);
  console.send({ type: 'command', session: attempt.session.id, do: 'pause' });
  await socket.next('paused');
  time.advance(15_500);
  await told(2);
  time.setBack(3_600_000);
  time.advance(2_000);
  await told(3);
  expect(Date.parse(String(socket.of('time')[2]!['serverTime']))).toBeLessThanOrEqual(time.now);
  socket.close();
  console.close();
});
