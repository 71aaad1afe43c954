import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detection } from '../simulator/fixtures/detections.ts';
import { MAX_ANSWER_BYTES, MAX_FACES, PRINT_BYTES, FACE_HINT_BYTES } from './answer-limits.ts';
import { AnswerReader, encodeAnswer } from './frame-wire.ts';
import type { Detection, Face, ThreadAnswer } from './jobs.ts';
import { WireViolation } from './wire-violation.ts';

const SEED = 20_261_129;
const FACE: Face = {
  box: [220.5, 140, 200, 210],
  score: 0.97,
  landmarks: [
    [280, 210],
    [360, 210],
    [320, 250],
    [290, 290],
    [350, 290],
  ],
};
const seen = (changes: Partial<Detection> = {}): Detection => ({
  ...detection(),
  width: 640,
  height: 480,
  faces: [FACE],
  pose: { yaw: -12.5, pitch: 3, roll: 0.1 },
  gaze: { yaw: 1, pitch: 2, confidence: 0.5 },
  visibility: 0.9,
  sharpness: 0.2,
  open: [1, 0.5],
  luma: { mean: 120, deviation: 30 },
  faceLuma: { mean: 110, deviation: 28 },
  print: new Uint8Array(PRINT_BYTES).fill(7),
  ms: { decode: 1, detect: 3, pose: 2 },
  ...changes,
});
const done = (changes: Partial<Detection> = {}): ThreadAnswer => ({
  type: 'done',
  job: 5,
  detection: seen(changes),
  followed: false,
  hint: new Uint8Array(FACE_HINT_BYTES).fill(3),
});
const failed = (message: string): ThreadAnswer => ({
  type: 'failed',
  job: 6,
  failure: { code: 'invalid_image', message },
});

const written = (answer: ThreadAnswer) =>
  JSON.parse(encodeAnswer(answer).toString('utf8', 4)) as Record<string, unknown>;
function framed(value: unknown): Buffer {
  const body = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(body.length);
  return Buffer.concat([head, body]);
}
const facesLike = (face: Face, count: number): Face[] => Array.from({ length: count }, () => face);
const read = (bytes: Buffer) => new AnswerReader().push(bytes);

describe('an encoded result', () => {
  test('round-trips, in chunks of any size', () => {
    const answers = [
      done(),
      failed('a truncated JPEG'),
      done({ faces: [], pose: null, gaze: null, visibility: null, open: null }),
    ];
    const bytes = Buffer.concat(answers.map(encodeAnswer));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 60 }), (cuts) => {
        const reader = new AnswerReader();
        const came: ThreadAnswer[] = [];
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          came.push(...reader.push(bytes.subarray(at, at + cut)));
          at += cut;
        }
        expect(came).toEqual(answers);
        expect(reader.isInside).toBe(false);
      }),
      { seed: SEED },
    );
  });

  test('with the maximum number of faces and the longest numbers fits the limit', () => {
    const long = -12345.678901234567;
    const face: Face = {
      box: [long, long, long, long],
      score: 1 / 3,
      landmarks: [
        [long, long],
        [long, long],
        [long, long],
        [long, long],
        [long, long],
      ],
    };
    const bytes = encodeAnswer(done({ faces: facesLike(face, MAX_FACES) }));
    expect(bytes.length).toBeLessThan(MAX_ANSWER_BYTES);
    expect(read(bytes)).toHaveLength(1);
  });

  test('with non-finite numbers from a network becomes a failure of its frame in the worker', () => {
    for (const changes of [
      { visibility: Number.NaN },
      { sharpness: 1.2 },
      { pose: { yaw: Number.POSITIVE_INFINITY, pitch: 0, roll: 0 } },
      { faces: [{ ...FACE, score: 1.5 }] },
    ]) {
      expect(read(encodeAnswer(done(changes)))).toEqual([
        {
          type: 'failed',
          job: 5,
          failure: { code: 'inference_failed', message: 'the models produced invalid numbers' },
        },
      ]);
    }
    expect(read(encodeAnswer(failed(`a\n\u202e${'\ud83d\ude00'.repeat(200)}`)))).toMatchObject([
      { type: 'failed', failure: { message: expect.stringMatching(/^a {2}/) } },
    ]);
  });
});

type Path = readonly (string | number)[];
/** Every place in a value, its fields and theirs. */
function places(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => places(inner, [...path, name]))];
}

const inside = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((outer, name) => (outer as Record<string | number, unknown>)[name], value);

function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[name] = replaced(copy[name], rest, by);
  return copy;
}

describe('malformed results', () => {
  // Of no type or range that any field has, but the free text of a failure.
  const WRONG: readonly unknown[] = [true, [], {}, '\u0000', -1e9, 1e308, [null], { __proto__: null, x: 1 }];

  test.each([
    ['done', written(done())],
    ['failed', written(failed('no'))],
  ] as const)('%s, with anything else in any of its fields, is a violation', (_type, answer) => {
    for (const place of places(answer)) {
      for (const wrong of WRONG) {
        if (place[0] === 'followed' && wrong === true) continue;
        // No face at all is an answer.
        if (place.at(-1) === 'faces' && Array.isArray(wrong) && wrong.length === 0) continue;
        expect(
          () => read(framed(replaced(answer, place, wrong))),
          `${place.join('.')} = ${JSON.stringify(wrong)}`,
        ).toThrow(WireViolation);
      }
    }
  });

  test('a missing or additional field, at any depth, is a violation', () => {
    for (const answer of [written(done()), written(failed('no'))]) {
      for (const place of places(answer)) {
        const inner = inside(answer, place);
        if (typeof inner === 'object' && inner !== null) {
          const more = Array.isArray(inner)
            ? place.at(-1) === 'faces'
              ? facesLike(FACE, MAX_FACES + 1)
              : [...(inner as unknown[]), 0]
            : { ...inner, more: 1 };
          expect(() => read(framed(replaced(answer, place, more))), `more at ${place.join('.')}`).toThrow(
            WireViolation,
          );
        }
        // A hint may be absent, and there may be fewer faces.
        if (place.length === 0 || place[0] === 'hint' || place.at(-2) === 'faces') continue;
        const without = structuredClone(answer);
        const owner = inside(without, place.slice(0, -1));
        if (Array.isArray(owner)) owner.splice(Number(place.at(-1)), 1);
        else delete (owner as Record<string | number, unknown>)[place.at(-1)!];
        expect(() => read(framed(without)), `without ${place.join('.')}`).toThrow(WireViolation);
      }
    }
  });

  test(`a changed byte at any position gives a result, an incomplete result or a violation, and no other error (seed ${SEED})`, async ({
    annotate,
  }) => {
    let state = SEED;
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state % below;
    };
    const counts = { answers: 0, violations: 0, unfinished: 0 };
    for (const answer of [done(), failed('a truncated JPEG')]) {
      const good = encodeAnswer(answer);
      for (let at = 0; at < good.length; at++) {
        for (const byte of [0, 0xff, 0x22, random(256)]) {
          const bytes = Buffer.from(good);
          bytes[at] = byte;
          try {
            const { length } = read(bytes);
            counts[length > 0 ? 'answers' : 'unfinished'] += 1;
          } catch (error) {
            expect(error, `byte ${at} = ${byte}`).toBeInstanceOf(WireViolation);
            counts.violations += 1;
          }
        }
      }
    }
    await annotate(`one byte: ${JSON.stringify(counts)}, seed ${SEED}`);
    expect(counts.violations).toBeGreaterThan(counts.answers);
  });

  test('an impossible length prefix is a violation before the payload arrives, also in chunks', () => {
    for (const length of [0, MAX_ANSWER_BYTES + 1, 64 * 2 ** 20, 0xffff_ffff]) {
      const head = Buffer.alloc(4);
      head.writeUInt32LE(length);
      expect(() => read(head)).toThrow(WireViolation);
      const reader = new AnswerReader();
      reader.push(head.subarray(0, 3));
      expect(() => reader.push(head.subarray(3))).toThrow(WireViolation);
    }
  });

  test('a result received byte by byte is copied once, not once per byte', () => {
    const bytes = encodeAnswer(done({ faces: facesLike(FACE, MAX_FACES) }));
    const { copy } = Buffer.prototype;
    let copied = 0;
    Buffer.prototype.copy = function (this: Buffer, ...rest: Parameters<typeof copy>) {
      const count = copy.apply(this, rest);
      copied += count;
      return count;
    } as typeof copy;
    try {
      const reader = new AnswerReader();
      let answers = 0;
      for (let at = 0; at < bytes.length; at++) answers += reader.push(bytes.subarray(at, at + 1)).length;
      expect(answers).toBe(1);
    } finally {
      Buffer.prototype.copy = copy;
    }
    expect(copied).toBe(bytes.length);
  });
});
