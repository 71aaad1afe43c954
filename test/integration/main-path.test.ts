import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import { KINDS, type Kind } from '../support/databases.ts';
import { photos } from '../support/photos.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { sharedFolder } from '../support/requirements.ts';
import { createClient } from '../support/sdk.ts';
import { startTestServer } from '../support/server.ts';

/** Seconds, prefix of the streamed photos, and other actions at that time. */
const SCRIPT = [
  { secs: 10, show: 'ONE' },
  { secs: 8, show: 'NONE' },
  { secs: 6, show: 'ONE', tabSwitch: true },
  { secs: 5, show: 'MULTI' },
  { secs: 6, show: 'ONE' },
  { secs: 8, show: 'AWAY' },
  { secs: 5, show: 'ONE' },
] as const;
const FPS = 2;
const TOLERANCE_MS = 1500;
const HOLDS = { NO_FACE: 3000, MULTIPLE_FACES: 1000, LOOKING_AWAY: 3000 } as const;
const SHOWN_AS = { NO_FACE: 'NONE', MULTIPLE_FACES: 'MULTI', LOOKING_AWAY: 'AWAY' } as const;

const MODELS = [
  { name: 'own weights', env: {} },
  {
    name: 'public weights',
    env: { FACE_MODEL: 'yunet', GAZE_MODEL: 'mesh', MODELS_DIR: join(sharedFolder ?? '', 'models') },
  },
];

const sleepUntil = (at: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())));

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
  await using site = await startTestServer({ kind, env, vision: true });
  expect(site.server.pool.vision.state).toBe('on');
  const exam = await site.admin.createExam();
  const student = await site.student();
  const session = await student.startSession(exam.id);

  const proctor = await site.proctor();
  const console_ = new RawSocket(site.url, await proctor.consoleTicket());
  await console_.opened();
  console_.send({ type: 'subscribe', exam: exam.id });
  await console_.next('snapshot');

  const client = createClient(student, session.id);
  const seen: { at: number; event: Event }[] = [];
  client.on('event', (event) => seen.push({ at: Date.now(), event }));
  await client.connect();

  const shownAt = new Map<string, { from: number; to: number }>();
  let at = Date.now();
  let frame = 0;
  for (const step of SCRIPT) {
    const pictures = photos(step.show);
    shownAt.set(step.show, { from: at, to: at + step.secs * 1000 });
    if ('tabSwitch' in step) client.signal('TAB_SWITCH');
    for (let i = 0; i < step.secs * FPS; i++) {
      await sleepUntil(at);
      client.sendFrame(pictures[frame++ % pictures.length]!);
      at += 1000 / FPS;
    }
  }
  await sleepUntil(at);
  const ended = await client.finish();
  await console_.until('end', () =>
    console_.messages.some((m) => m.type === 'session' && (m['session'] as { status: string }).status === 'ended'),
  );
  const stored = await student.events(session.id);
  const row = await student.get<{ riskScore: number; riskLevel: string; status: string }>(
    `/api/sessions/${session.id}`,
  );
  const told = console_.of('event').map((message) => message['event'] as Event);
  console_.close();
  return { seen, told, stored, ended, row, shownAt, frames: client.frames };
}

const suite = sharedFolder === undefined ? describe.skip : describe.concurrent;

suite(
  `real photos streamed at 2 fps${sharedFolder === undefined ? ' (skipped: no photos beside the project)' : ''}`,
  () => {
    for (const { kind, available, title } of KINDS) {
      for (const { name, env } of MODELS) {
        test.runIf(available)(
          `one incident per behaviour, on time, with equal state in every view (E2 E3 E4 E5): ${name}, ${title}`,
          async () => {
            const { seen, told, stored, ended, row, shownAt } = await streamPhotos(kind, env);

            const kinds = stored.map((event) => event.type).sort();
            expect(kinds).toEqual(['LOOKING_AWAY', 'MULTIPLE_FACES', 'NO_FACE', 'TAB_SWITCH']);
            for (const [type, hold] of Object.entries(HOLDS)) {
              const states = seen.filter(({ event }) => event.type === type);
              const { from, to } = shownAt.get(SHOWN_AS[type as keyof typeof SHOWN_AS])!;
              const opened = states[0]!;
              const closed = states.at(-1)!.event;
              expect(opened.event.endedAt, type).toBeNull();
              expect(opened.at - from, `${type} opened`).toBeLessThanOrEqual(hold + TOLERANCE_MS);
              expect(
                Math.abs(closed.durationMs! - (to - from)),
                `${type} lasted ${closed.durationMs} of ${to - from}`,
              ).toBeLessThanOrEqual(TOLERANCE_MS);
            }
            expect(ended).toMatchObject({ reason: 'finished', risk: { score: 11, level: 'High' } });
            expect(row).toMatchObject({ riskScore: 11, riskLevel: 'High', status: 'ended' });

            expect(told.map(identity)).toEqual(seen.map(({ event }) => identity(event)));
            const last = new Map(seen.map(({ event }) => [event.id, event]));
            expect(stored.map(identity)).toEqual([...last.values()].map(identity).sort((a, b) => a.seq - b.seq));
          },
        );
      }
    }
  },
);
