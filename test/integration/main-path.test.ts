import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import { signal, startAttempt, watchExam } from '../support/attempt.ts';
import { KINDS, type Kind } from '../support/databases.ts';
import { ManualTime } from '../support/manual-time.ts';
import { photos } from '../support/photos.ts';
import { sharedFolder } from '../support/requirements.ts';
import { startTestServer } from '../support/server.ts';
import { ShownFrames } from '../support/shown-frames.ts';

type Incident = 'NO_FACE' | 'MULTIPLE_FACES' | 'LOOKING_AWAY';

/** Seconds, prefix of the streamed photos, and other actions at that time. */
const SCRIPT: readonly { secs: number; show: string; opens?: Incident; tabSwitch?: boolean }[] = [
  { secs: 10, show: 'ONE' },
  { secs: 8, show: 'NONE', opens: 'NO_FACE' },
  { secs: 6, show: 'ONE', tabSwitch: true },
  { secs: 5, show: 'MULTI', opens: 'MULTIPLE_FACES' },
  { secs: 6, show: 'ONE' },
  { secs: 8, show: 'AWAY', opens: 'LOOKING_AWAY' },
  { secs: 5, show: 'ONE' },
];
const FPS = 2;
const TOLERANCE_MS = 1500;
const HOLDS: Readonly<Record<Incident, number>> = { NO_FACE: 3000, MULTIPLE_FACES: 1000, LOOKING_AWAY: 3000 };

const MODELS = [
  { name: 'own weights', env: {} },
  {
    name: 'public weights',
    env: { FACE_MODEL: 'yunet', GAZE_MODEL: 'mesh', MODELS_DIR: join(sharedFolder ?? '', 'models') },
  },
];

/** Fields of an event that are equal in every view. */
const identity = ({ id, seq, type, startedAt, endedAt, weight }: Event) => ({
  id,
  seq,
  type,
  startedAt,
  endedAt,
  weight,
});

async function streamPhotos(kind: Kind, env: NodeJS.ProcessEnv) {
  const time = new ManualTime();
  const overrides = { clock: time.clock, timers: time.timers };
  await using site = await startTestServer({ kind, env, vision: true, overrides });
  expect(site.server.pool.vision.state).toBe('on');
  const attempt = await startAttempt(site);
  const console_ = await watchExam(site, attempt.exam.id);
  const socket = await attempt.connect();
  const seen = () => socket.of('event').map(({ event }) => event as Event);

  const frames = new ShownFrames(site, socket, time, FPS);
  const shownFor = new Map<Incident, number>();
  let frame = 0;
  for (const { secs, show, opens, tabSwitch } of SCRIPT) {
    const pictures = photos(show);
    const from = time.now;
    if (tabSwitch) socket.send(signal(1));
    for (let i = 0; i < secs * FPS; i++) {
      await frames.show(pictures[frame++ % pictures.length]!);
      if (opens !== undefined) {
        const states = () => seen().filter(({ type }) => type === opens);
        if (time.now - from < HOLDS[opens]) expect(states(), `${opens} before its time`).toEqual([]);
        // The clock stands still until it is open.
        if (time.now - from >= HOLDS[opens] + TOLERANCE_MS)
          await socket.until(`${opens} on time`, () => states()[0]?.endedAt === null);
      }
      frames.pass();
    }
    if (opens !== undefined) shownFor.set(opens, time.now - from);
  }
  socket.send({ type: 'finish' });
  const ended = await socket.next('ended');
  await console_.until('end', () =>
    console_.messages.some((m) => m.type === 'session' && (m['session'] as { status: string }).status === 'ended'),
  );
  const stored = await attempt.events();
  const row = await attempt.student.get<{ riskScore: number; riskLevel: string; status: string }>(
    `/api/sessions/${attempt.session.id}`,
  );
  const told = console_.of('event').map((message) => message['event'] as Event);
  console_.close();
  return { seen: seen(), told, stored, ended, row, shownFor };
}

const suite = sharedFolder === undefined ? describe.skip : describe;

suite(
  `real photos streamed at 2 fps${sharedFolder === undefined ? ' (skipped: no photos beside the project)' : ''}`,
  () => {
    for (const { kind, available, title } of KINDS) {
      for (const { name, env } of MODELS) {
        test.runIf(available)(
          `one incident per behaviour, on time, with equal state in every view (E2 E3 E4 E5): ${name}, ${title}`,
          async () => {
            const { seen, told, stored, ended, row, shownFor } = await streamPhotos(kind, env);

            const kinds = stored.map((event) => event.type).sort();
            expect(kinds).toEqual(['LOOKING_AWAY', 'MULTIPLE_FACES', 'NO_FACE', 'TAB_SWITCH']);
            for (const [type, shownMs] of shownFor) {
              const { durationMs } = seen.findLast((event) => event.type === type)!;
              expect(Math.abs(durationMs! - shownMs), `${type} lasted ${durationMs} of ${shownMs}`).toBeLessThanOrEqual(
                TOLERANCE_MS,
              );
            }
            expect(ended).toMatchObject({ reason: 'finished', risk: { score: 11, level: 'High' } });
            expect(row).toMatchObject({ riskScore: 11, riskLevel: 'High', status: 'ended' });

            expect(told.map(identity)).toEqual(seen.map(identity));
            const last = new Map(seen.map((event) => [event.id, event]));
            expect(stored.map(identity)).toEqual([...last.values()].map(identity).sort((a, b) => a.seq - b.seq));
          },
        );
      }
    }
  },
);
