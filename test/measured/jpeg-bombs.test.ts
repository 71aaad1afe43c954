import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { JpegDecoder } from '../../models/decode.ts';
import { MAX_SCANS } from '../../models/jpeg-limits.ts';
import { HEADER_BYTES, MAX_FRAME_BYTES } from '../../protocol/frame.ts';
import { readJpegHeader } from '../../server/session/frames/jpeg-header.ts';
import { startAttempt } from '../support/attempt.ts';
import { frameForm } from '../support/frame-form.ts';
import {
  costlyProgression,
  EOI,
  flatJpeg,
  flatScan,
  frameHeader,
  huffman,
  markers,
  progressiveJpeg,
  SAMPLINGS,
  scanHeader,
  segment,
  SIMPLE_PROGRESSION,
  SOI,
} from '../support/jpeg-bytes.ts';
import { streamFrames } from '../support/frame-stream.ts';
import { jpeg } from '../support/pictures.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';
import { memoryOf, settled } from './memory.ts';
import { sized } from '../support/size.ts';

/** Maximum cost of a refused bomb: the check itself; no memory growth. */
const REFUSED_MS = 20;
const MEMORY_BYTES = 20 * 2 ** 20;
/** A slower frame ends the host. */
const DEADLINE_MS = 1000;
const LARGEST = MAX_FRAME_BYTES - HEADER_BYTES;

/** Padded with an attacker's content to the maximum frame size. */
function stretched(head: readonly number[], unit: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(LARGEST);
  bytes.set(head);
  for (let p = head.length; p + unit.length <= LARGEST - 2; p += unit.length) bytes.set(unit, p);
  bytes.set(EOI, LARGEST - 2);
  return bytes;
}

const huge = (width: number, height: number, marker = 0xc0) =>
  markers(frameHeader({ width, height, marker }), flatScan({}));
const small = { width: 64, height: 64 };

const BOMBS: readonly (readonly [string, Uint8Array])[] = [
  ['16000x16000, baseline', huge(16_000, 16_000)],
  ['16000x16000, progressive', huge(16_000, 16_000, 0xc2)],
  ['1x65535', huge(1, 65_535)],
  ['65535x1', huge(65_535, 1)],
  ['65535x65535', huge(65_535, 65_535)],
  ['a height that comes later', markers(frameHeader({ height: 0 }), flatScan({}), segment(0xdc, 0xff, 0xff))],
  [
    '10,000 scans, in the order of an encoder',
    progressiveJpeg(
      Array.from({ length: 10_000 }, (_, i) => SIMPLE_PROGRESSION[i % 10]!),
      small,
    ),
  ],
  [
    '10,000 scans of nothing',
    stretched([...SOI, ...frameHeader({ ...small, marker: 0xc2 })], [...scanHeader({ of: [1], band: [1, 63] }), 0]),
  ],
  ['27 scans in order, 1920x1920', progressiveJpeg(costlyProgression(27), { width: 1920, height: 1920 })],
  ['1920x1920 in a few bytes', markers(frameHeader({ width: 1920, height: 1920 }), flatScan(small))],
  [
    '1920x1920, progressive, in a few bytes',
    markers(frameHeader({ marker: 0xc2, width: 1920, height: 1920 }), flatScan(small, { of: [1, 2, 3], band: [0, 0] })),
  ],
  ['8,000 Huffman tables', stretched([...SOI, ...frameHeader(small)], huffman(0, 0))],
  [
    'Huffman tables of 65,535 symbols',
    stretched([...SOI, ...frameHeader(small)], segment(0xc4, 0, ...Array<number>(16).fill(255))),
  ],
  ['60,000 empty segments', stretched(SOI, segment(0xe1))],
  [
    'a restart after every byte',
    stretched([...SOI, ...frameHeader(), ...segment(0xdd, 0, 1), ...scanHeader()], [0, 0xff, 0xd0]),
  ],
  ['restarts without an interval', stretched([...SOI, ...frameHeader(), ...scanHeader()], [0xff, 0xd0, 0xff, 0xd1])],
  [
    '256 KiB of stuffed bytes without an end',
    stretched([...SOI, ...frameHeader(), ...scanHeader()], [0xff, 0]).fill(0, LARGEST - 2),
  ],
  ['256 KiB of fill bytes', stretched(SOI, [0xff]).fill(0xff, LARGEST - 2)],
  ['255 colours', flatJpeg({ ...small, sampling: Array.from({ length: 255 }, () => [1, 1] as const) })],
  [
    'sampling 15x15',
    flatJpeg({
      ...small,
      sampling: [
        [15, 15],
        [1, 1],
        [1, 1],
      ],
    }),
  ],
  ['arithmetic coding', flatJpeg({ ...small, marker: 0xc9 })],
  [
    'hierarchical coding',
    markers(segment(0xde, 8, 255, 255, 255, 255, 1, 1, 0x11, 0), frameHeader(small), flatScan(small)),
  ],
];

/** Median of the processor time, which other programs do not change, ms. */
const medianMs = (runs: number, work: () => void): number => {
  const times = Array.from({ length: runs }, () => {
    const began = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  });
  return times.toSorted((a, b) => a - b)[runs >> 1]!;
};

let site: TestServer;
beforeAll(async () => {
  site = await startTestServer({ vision: true, env: { INFERENCE_THREADS: '1' } });
});
afterAll(() => site?.close());

describe('decompression bombs (F5)', () => {
  test('each is refused within 20 ms by the header check, before native code', async () => {
    let worst: readonly [string, number] = ['', 0];
    for (const [name, bytes] of BOMBS) {
      expect(readJpegHeader(bytes).ok, name).toBe(false);
      const ms = medianMs(101, () => readJpegHeader(bytes));
      expect(ms, name).toBeLessThanOrEqual(REFUSED_MS);
      if (ms > worst[1]) worst = [name, ms];
    }
    console.log(`bombs: ${BOMBS.length} refused, the slowest in ${worst[1].toFixed(2)} ms (${worst[0]})`);
  });

  test('thousands of them do not grow memory', async () => {
    for (const [, bytes] of BOMBS) readJpegHeader(bytes);
    const before = await settled(process.pid);
    for (let round = 0; round < sized(2000, 100); round++) for (const [, bytes] of BOMBS) readJpegHeader(bytes);
    const grown = (await settled(process.pid)) - before;
    console.log(`bombs: ${sized(2000, 100) * BOMBS.length} checks, memory ${(grown / 2 ** 20).toFixed(1)} MB`);
    expect(grown).toBeLessThanOrEqual(MEMORY_BYTES);
  });

  test('over sockets and HTTP each is answered, sockets stay open, none reaches the host, and memory stays flat', async () => {
    const policy = { frames: { sendFps: 15, analyseFps: 15 } };
    const others = await Promise.all(
      Array.from({ length: 4 }, async () => (await startAttempt(site, policy)).connect()),
    );
    const attacker = await startAttempt(site, policy);
    const socket = await attacker.connect();
    const { pool } = site.server;
    const host = pool.hostPid!;
    let seq = 0;
    const analysed = (of: RawSocket) => of.of('analysis').length;
    const rests = others.map((other, i) => streamFrames(other, 10, () => other.sendFrame(++seq, jpeg(seq + i))));
    /** Those within the message limit; larger ones close the socket (F2). */
    const fitting = BOMBS.filter(([, bytes]) => bytes.length <= LARGEST);
    try {
      const volley = async (): Promise<void> => {
        for (const [name, bytes] of fitting) {
          const before = socket.of('error').length;
          // A busy server requests a lower rate and drops frames above it without a response.
          while (socket.of('error').length === before) {
            socket.sendFrame(++seq, bytes);
            const fps = Number(socket.of('throttle').at(-1)?.['fps'] ?? policy.frames.sendFps);
            await new Promise((resolve) => setTimeout(resolve, 1000 / fps));
          }
          expect(socket.of('error').at(-1), name).toMatchObject({ code: 'invalid_image' });
        }
      };
      await volley();
      const before = { main: await settled(process.pid), host: memoryOf(host) };
      const seen = others.map(analysed);
      for (let round = 0; round < sized(20, 1); round++) await volley();
      for (const [i, other] of others.entries()) await other.until('analysis', () => analysed(other) > seen[i]! + 3);
      const grown = { main: (await settled(process.pid)) - before.main, host: memoryOf(host) - before.host };
      console.log(
        `bombs: ${sized(20, 1) * fitting.length} over a socket, memory of the server ${(grown.main / 2 ** 20).toFixed(1)} MB, of the host ${(grown.host / 2 ** 20).toFixed(1)} MB`,
      );
      expect([socket, ...others].map(({ isOpen }) => isOpen)).toEqual([true, true, true, true, true]);
      expect(others.flatMap((other) => other.of('error'))).toEqual([]);
      expect(pool.hostPid).toBe(host);
      expect(grown.main).toBeLessThanOrEqual(MEMORY_BYTES);
      expect(grown.host).toBeLessThanOrEqual(MEMORY_BYTES);
    } finally {
      for (const rest of rests) rest();
      for (const open of [socket, ...others]) open.close();
    }
    expect(await attacker.types()).toEqual(['INVALID_IMAGE', 'CONNECTION_LOST']);
  });

  test('an oversized image is refused on every path: native, ProctorBE and system check', async () => {
    const { student, session } = await startAttempt(site, { frames: { sendFps: 15 } });
    const host = site.server.pool.hostPid;
    const post = async (path: string, bytes: Uint8Array, of = student) => {
      let answer = await of.send('POST', path, { body: frameForm(bytes) });
      await waitFor(
        'a turn',
        async () =>
          answer.status !== 429 || (answer = await of.send('POST', path, { body: frameForm(bytes) })).status !== 429,
      );
      return answer;
    };
    for (const [name, bytes] of BOMBS.filter(([, { length }]) => length <= LARGEST).filter(
      (_, i) => i % sized(1, 4) === 0,
    )) {
      expect(await post(`/api/cv/analyze-frame?sessionId=${session.id}`, bytes), name).toMatchObject({
        status: 422,
        body: { code: 'invalid_image', detail: expect.stringMatching(/./) },
      });
      expect(await post(`/cv/analyze-frame?session_id=${session.id}`, bytes), name).toMatchObject({
        status: 200,
        body: { faces: 0, events: ['INVALID_IMAGE'] },
      });
      expect(await post('/api/system-check/frame', bytes, site.api()), name).toMatchObject({
        status: 422,
        body: { code: 'invalid_image' },
      });
    }
    expect(site.server.pool.hostPid).toBe(host);
  });
});

/** Valid files of maximum cost: the maximum number of scans and coefficients, and a picture full of detail. */
const COSTLY: readonly (readonly [string, Uint8Array])[] = [
  [`${MAX_SCANS} scans, 4:4:4`, progressiveJpeg(costlyProgression(MAX_SCANS), { width: 1920, height: 1920 })],
  [
    `${MAX_SCANS} scans, 4:2:0`,
    progressiveJpeg(costlyProgression(MAX_SCANS), { width: 1920, height: 1920, sampling: SAMPLINGS['4:2:0'] }),
  ],
  ['a restart every unit', restartEveryUnit()],
  ['baseline', flatJpeg({ width: 1920, height: 1920 })],
  ['a picture of an encoder', jpeg(1, 1920, 1920)],
];

function restartEveryUnit(): Uint8Array {
  const fields = { width: 1920, height: 1920, sampling: SAMPLINGS['4:2:0'] };
  const units = 120 * 120;
  const coded = Array.from({ length: units }, (_, i) => (i === 0 ? [0, 0] : [0xff, 0xd0 + ((i - 1) & 7), 0, 0])).flat();
  return markers(frameHeader(fields), segment(0xdd, 0, 1), [...scanHeader(), ...coded]);
}

describe('valid but costly images of 1920x1920', () => {
  test.each(COSTLY)('%s: decoded well within the deadline of 1 s', (name, bytes) => {
    expect(readJpegHeader(bytes)).toEqual({ ok: true, width: 1920, height: 1920 });
    const decoder = new JpegDecoder();
    const ms = medianMs(sized(21, 5), () => decoder.decode(bytes));
    console.log(`costly: ${name}, ${bytes.length} bytes, decoded in ${ms.toFixed(0)} ms`);
    expect(ms).toBeLessThan(DEADLINE_MS);
  });

  test('do not end the host, and delay others by at most the deadline', async () => {
    const { pool } = site.server;
    const host = pool.hostPid;
    for (const [name, bytes] of COSTLY) {
      const { student, session } = await startAttempt(site, { frames: { maxWidth: 1920 } });
      expect(
        await student.send('POST', `/api/cv/analyze-frame?sessionId=${session.id}`, { body: frameForm(bytes) }),
        name,
      ).toMatchObject({ status: 200, body: { analysed: true } });
    }
    expect(pool.hostPid).toBe(host);
  });
});
