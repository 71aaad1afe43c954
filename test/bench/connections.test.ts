import { expect, test } from 'vitest';
import { fewFrames } from './few-frames.ts';
import { runConnections } from '../../bench/connections/connections.ts';

const frames = fewFrames();

test('connections benchmark: idle and streaming sockets stay open without failures', async () => {
  const { figures, errors, input } = await runConnections(
    { secs: 2, sessions: 60, fps: 2, frames, idleSecs: 1, settleSecs: 0.5 },
    () => {},
  );
  expect(errors).toEqual([]);
  expect(input).toMatchObject({
    sizes: [60],
    streamingShare: 0.1,
    database: process.env['DATABASE_URL'] ? 'PostgreSQL' : 'PGlite',
  });
  const of = (name: string) => figures.find((figure) => figure.name === `60 sockets: ${name}`)?.value;
  expect(of('accepted and greeted')).toBeGreaterThan(0);
  expect(of('memory at rest, main process')).toBeGreaterThan(0);
  expect(of('memory of an idle socket, main process')).toEqual(expect.any(Number));
  // Six of them, two frames a second, for two seconds.
  expect(of('frames analysed')).toBeGreaterThan(0);
  expect(of('frames sent')).toBeLessThanOrEqual(6 * 3);
  expect(of('errors')).toBe(0);
});
