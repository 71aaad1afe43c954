import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { childrenOf } from '../../simulator/server/process-stats.ts';
import { clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import { shippedFolder } from '../../models/manifest.ts';
import { MAX_FRAME_BYTES } from '../../protocol/frame.ts';
import { InferencePool } from '../../server/inference/pool.ts';
import { createLog } from '../../server/log.ts';
import { Metrics } from '../../server/metrics.ts';
import { readJpegHeader } from '../../server/session/frames/jpeg-header.ts';
import { Api } from '../support/api.ts';
import { createDatabase } from '../support/databases.ts';
import { progressiveJpeg } from '../support/jpeg-bytes.ts';
import { MUTATORS, mutant } from '../support/jpeg-mutations.ts';
import { photos } from '../support/photos.ts';
import { freePort, ServerProcess } from '../support/process.ts';
import { greet, type RawSocket } from '../support/raw-socket.ts';
import { sharedFolder } from '../support/requirements.ts';
import { waitFor } from '../support/server.ts';
import { settled } from './memory.ts';
import { FULL_SIZE, sized } from '../support/size.ts';
import { fixedSeed } from '../support/random.ts';

const SEED = fixedSeed(20_260_101);
/** Directly to the pool behind the header check, as in the main process; and over real sockets to a separate server. */
const STRAIGHT = sized(90_000, 2600);
const OVER_SOCKETS = sized(10_000, 400);
const SITTERS = 8;
/** Maximum memory growth of either process. */
const DRIFT_BYTES = 50 * 2 ** 20;
/** Share of all mutants sent first: one-time allocations are not drift. */
const WARM_UP = 0.2;
const WITH = sharedFolder ? 'drawn pictures and photos' : 'drawn pictures (photos: shared folder is absent)';

const drawn = clips(createScene(11));
/** Copies: `slice` of a Buffer is a view. */
const pictures = [
  ...drawn.attentive.slice(0, 3),
  ...drawn.second.slice(0, 1),
  ...drawn.covered.slice(0, 1),
  progressiveJpeg(),
  ...(sharedFolder ? ['ONE_', 'MULTI_', 'NONE_'].map((prefix) => photos(prefix)[0]!) : []),
].map((picture) => new Uint8Array(picture));

const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;

test('a seed gives the same mutant again, and every kind of mutation occurs', () => {
  expect(mutant(SEED, 7, pictures)).toEqual(mutant(SEED, 7, pictures));
  const kinds = new Set(Array.from({ length: 100 }, (_, number) => mutant(SEED, number, pictures).name.split('+')[0]!));
  expect([...kinds].sort()).toEqual(Object.keys(MUTATORS).sort());
});

describe(`mutated JPEGs, of ${WITH}`, () => {
  test(
    `${STRAIGHT} through the header check and the inference host: each is settled, and memory stays flat`,
    { timeout: sized(3_600_000, 240_000) },
    async () => {
      const metrics = new Metrics();
      const pool = new InferencePool(
        { folders: [shippedFolder()], face: 'own', gaze: 'own' },
        1,
        createLog('silent'),
        metrics,
      );
      pool.start();
      await waitFor('vision', () => pool.vision.state === 'on');
      const seen = { refused: 0, analysed: 0, undecodable: 0, failed: 0, lost: 0 };
      const blamed: string[] = [];
      const flying = new Set<Promise<void>>();
      let hosts = pool.hostPid!;
      let replaced = 0;

      const show = async (from: number, to: number): Promise<void> => {
        for (let number = from; number < to; number++) {
          const { name, bytes } = mutant(SEED, number, pictures);
          if (!readJpegHeader(bytes).ok) {
            seen.refused += 1;
            continue;
          }
          // Between two hosts the pool has no free slot and nothing in flight.
          while (pool.free === 0)
            await (flying.size > 0 ? Promise.race(flying) : new Promise((resolve) => setTimeout(resolve, 20)));
          const settles = pool.analyse({ jpeg: bytes, eyes: true }).then((outcome) => {
            if (outcome.type === 'done') seen.analysed += 1;
            else if (outcome.type === 'failed')
              seen[outcome.failure.code === 'invalid_image' ? 'undecodable' : 'failed'] += 1;
            else {
              seen.lost += 1;
              if (outcome.suspects > 0) blamed.push(`${number} ${name}`);
            }
            flying.delete(settles);
          });
          flying.add(settles);
          if (number % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
        await Promise.all(flying);
      };

      try {
        await show(0, STRAIGHT * WARM_UP);
        const before = { main: await settled(process.pid), host: await settled(pool.hostPid!) };
        hosts = pool.hostPid!;
        await show(STRAIGHT * WARM_UP, STRAIGHT);
        await waitFor('vision', () => pool.vision.state === 'on');
        replaced = pool.hostPid === hosts ? 0 : 1;
        const drift = {
          main: (await settled(process.pid)) - before.main,
          host: replaced ? 0 : (await settled(pool.hostPid!)) - before.host,
        };
        console.log(
          `mutations: ${STRAIGHT} straight, ${JSON.stringify(seen)}, drift of the main process ${megabytes(drift.main)}, of the host ${replaced ? 'unknown, it was replaced' : megabytes(drift.host)}${blamed.length > 0 ? `; ended the host: ${blamed.join(', ')}` : ''}`,
        );
        expect(Object.values(seen).reduce((sum, count) => sum + count)).toBe(STRAIGHT);
        expect(seen.failed).toBe(0);
        // All outcomes occur: refused by the check, refused by the decoder only, and analysed.
        expect(Math.min(seen.refused, seen.undecodable, seen.analysed)).toBeGreaterThan(STRAIGHT * 0.02);
        expect(drift.main).toBeLessThanOrEqual(DRIFT_BYTES);
        expect(drift.host).toBeLessThanOrEqual(DRIFT_BYTES);
      } finally {
        await pool.close();
      }
    },
  );

  test(
    `${OVER_SOCKETS} over sockets: the server survives, each frame is answered or counted, and memory stays flat`,
    { timeout: sized(3_600_000, 240_000) },
    async () => {
      const database = await createDatabase('pglite');
      const server = new ServerProcess(await freePort(), database, { INFERENCE_THREADS: '1', LOG_LEVEL: 'warn' });
      try {
        await server.start();
        await waitFor(
          'vision',
          async () => ((await (await fetch(`${server.url}/health`)).json()) as { vision: string }).vision === 'on',
        );
        const pid = server.pid!;
        const exam = await (await server.admin()).createExam({ frames: { sendFps: 15, analyseFps: 15 } });
        const sockets = await Promise.all(
          Array.from({ length: SITTERS }, async (_, i) => {
            const student = new Api(server.url);
            await student.register(`student-${i}@example.org`, 'long enough', 'Student');
            return greet(server.url, await student.examTicket((await student.startSession(exam.id)).id));
          }),
        );
        let sent = 0;
        const answered = new Set<unknown>();
        const noteAnswers = ({ messages }: RawSocket): void => {
          for (const message of messages) {
            if (message.type === 'analysis') answered.add(message['frame']);
            if (message.type === 'error') answered.add(message['ref']);
          }
        };
        const sit = async (socket: RawSocket, numbers: readonly number[]): Promise<void> => {
          for (const number of numbers) {
            const began = performance.now();
            const seq = number + 1;
            const { bytes } = mutant(SEED, STRAIGHT + number, pictures);
            expect(bytes.length).toBeLessThan(MAX_FRAME_BYTES - 16);
            socket.sendFrame(seq, bytes);
            sent += 1;
            const isAnswered = () => (noteAnswers(socket), answered.has(seq));
            // Frames above a busy server's rate, or lost with the host, are counted and get no response; others may be late.
            await socket.until('an answer', isAnswered, 3000).catch(() => {});
            const fps = Number(socket.of('throttle').at(-1)?.['fps'] ?? 15);
            noteAnswers(socket);
            socket.messages.splice(0, socket.messages.length, ...socket.of('throttle').slice(-1));
            await new Promise((resolve) => setTimeout(resolve, Math.max(0, 1000 / fps - (performance.now() - began))));
          }
        };
        const show = (from: number, to: number) =>
          Promise.all(
            sockets.map((socket, i) =>
              sit(
                socket,
                Array.from({ length: to - from }, (_, n) => from + n).filter((n) => n % SITTERS === i),
              ),
            ),
          );
        const counts = async () => {
          const text = await (await fetch(`${server.url}/metrics`)).text();
          const sum = (name: string) =>
            [...text.matchAll(new RegExp(`^${name}(?:\\{reason="(\\w+)"\\})? (\\d+)$`, 'gm'))].map(
              ([, reason = '', value]) => [reason, Number(value)] as const,
            );
          return {
            received: sum('invigil_frames_received_total')[0]![1],
            analysed: sum('invigil_frames_analysed_total')[0]![1],
            dropped: Object.fromEntries(sum('invigil_frames_dropped_total')),
          };
        };
        await show(0, OVER_SOCKETS * WARM_UP);
        const host = childrenOf(pid)[0]!;
        const before = { main: await settled(pid), host: await settled(host) };
        await show(OVER_SOCKETS * WARM_UP, OVER_SOCKETS);
        const settledOf = ({ analysed, dropped }: Awaited<ReturnType<typeof counts>>) =>
          analysed + Object.values(dropped).reduce((sum, count) => sum + count, 0);
        await expect.poll(async () => settledOf(await counts())).toBe(sent);
        const { received, analysed, dropped } = await counts();
        const drift = {
          main: (await settled(pid)) - before.main,
          host: existsSync(`/proc/${host}`) ? (await settled(host)) - before.host : 0,
        };
        console.log(
          `mutations: ${sent} over ${SITTERS} sockets, received ${received}, analysed ${analysed}, dropped ${JSON.stringify(dropped)}, without an answer ${sent - answered.size}, drift of the server ${megabytes(drift.main)}, of the host ${megabytes(drift.host)}`,
        );
        expect(server.pid).toBe(pid);
        expect(((await (await fetch(`${server.url}/health`)).json()) as { status: string }).status).toBe('ok');
        expect(sockets.filter(({ isOpen }) => !isOpen)).toEqual([]);
        expect(received).toBe(sent);
        const unanswered = ['over_rate', 'not_due', 'replaced', 'host_lost', 'inference_failed', 'cut_off'].reduce(
          (sum, reason) => sum + (dropped[reason] ?? 0),
          0,
        );
        await expect
          .poll(() => {
            sockets.forEach(noteAnswers);
            return sent - answered.size;
          })
          .toBeLessThanOrEqual(unanswered);
        expect(drift.main).toBeLessThanOrEqual(DRIFT_BYTES);
        expect(drift.host).toBeLessThanOrEqual(DRIFT_BYTES);
        for (const socket of sockets) socket.close();
        expect(await server.stop('SIGTERM')).toBe(0);
        if (FULL_SIZE) expect(server.output).not.toContain('"level":60');
      } finally {
        await server.stop('SIGKILL');
        await database.remove();
      }
    },
  );
});
