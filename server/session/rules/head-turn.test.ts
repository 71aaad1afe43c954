import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detection } from '../../../simulator/fixtures/detections.ts';
import { Policy } from '../../../protocol/policy.ts';
import { DIRECTIONS, type Direction } from '../../../protocol/request-kinds.ts';
import { beginTurn, isPassed, resultOf, takeTurn, TURN } from './head-turn.ts';

const POLICY = Policy.parse({});
const STRAIGHT = { yaw: 4, pitch: -6 };
const SECONDS = 15;
const STEP_MS = 250;

type Shown = { yaw: number; pitch: number } | 'no_face' | 'covered' | 'dark' | 'two' | undefined;

const face = (height = 200) => ({
  box: [200, 100, 160, height] as const,
  score: 0.9,
  landmarks: Array.from({ length: 5 }, () => [250, 180]) as never,
});

function shownAs(shown: Exclude<Shown, undefined>) {
  if (shown === 'no_face') return detection({ faces: [], pose: null, faceLuma: null });
  if (shown === 'covered') return detection({ faces: [], pose: null, faceLuma: null, luma: { mean: 3, deviation: 1 } });
  const pose = typeof shown === 'string' ? { ...STRAIGHT, roll: 0 } : { ...shown, roll: 0 };
  if (shown === 'dark') return detection({ faces: [face()], pose, faceLuma: { mean: 20, deviation: 4 } });
  return detection({ faces: shown === 'two' ? [face(), face(180)] : [face()], pose });
}

/** Shows a frame every quarter of a second; `undefined`: none comes. */
function turnOf(direction: Direction, script: (second: number) => Shown) {
  let turn = beginTurn(direction, 0, SECONDS, { pose: { ...STRAIGHT, roll: 0 }, straight: STRAIGHT });
  for (let at = STEP_MS; at <= SECONDS * 1000 && !isPassed(turn); at += STEP_MS) {
    const shown = script(at / 1000);
    if (shown !== undefined) turn = takeTurn(POLICY, turn, shownAs(shown), STRAIGHT, at);
  }
  return resultOf(turn);
}

const towards = (direction: Direction, degrees: number) =>
  direction === 'up'
    ? { yaw: STRAIGHT.yaw, pitch: STRAIGHT.pitch + degrees }
    : { yaw: STRAIGHT.yaw + (direction === 'left' ? degrees : -degrees), pitch: STRAIGHT.pitch };

describe.each(DIRECTIONS)('R2: a turn %s', (direction) => {
  const still = towards(direction, 0);
  const turned = towards(direction, TURN[direction] + 8);

  test('passes when the face turns there and back within the time', () => {
    expect(turnOf(direction, (second) => (second > 3 && second < 4.5 ? turned : still))).toMatchObject({
      result: 'passed',
    });
  });

  test('passes when the face turns out of view', () => {
    const out = (second: number): Shown =>
      second < 3 ? still : second === 3 ? turned : second < 6 ? 'no_face' : still;
    expect(turnOf(direction, out)).toMatchObject({ result: 'passed' });
  });

  test('is failed by a face that does not turn, turns a little, or is turned all the time', () => {
    expect(turnOf(direction, () => still)).toMatchObject({ result: 'failed', seen: 'no_turn' });
    const little = towards(direction, TURN[direction] * 0.7);
    expect(turnOf(direction, (second) => (second > 5 ? little : still))).toMatchObject({
      result: 'failed',
      seen: 'small_turn',
    });
    let always = beginTurn(direction, 0, SECONDS, { pose: { ...turned, roll: 0 }, straight: STRAIGHT });
    for (let at = STEP_MS; at <= SECONDS * 1000; at += STEP_MS)
      always = takeTurn(POLICY, always, shownAs(turned), STRAIGHT, at);
    expect(resultOf(always)).toMatchObject({ result: 'failed' });
  });

  test('one frame with the turn, between others without it, is an error of measurement', () => {
    expect(turnOf(direction, (second) => (second === 5 ? turned : still))).toMatchObject({ result: 'failed' });
  });

  test.each(['no_face', 'covered', 'dark', 'two'] as const)(
    'is not seen, and never failed, while the camera shows: %s',
    (shown) => {
      const reason = shown === 'two' ? 'several_faces' : shown;
      expect(turnOf(direction, () => shown)).toEqual({ result: 'not_seen', reason });
      expect(turnOf(direction, (second) => (second < 6 ? shown : still))).toEqual({ result: 'not_seen', reason });
    },
  );

  test('is not seen without pictures, or with a few', () => {
    expect(turnOf(direction, () => undefined)).toEqual({ result: 'not_seen', reason: 'no_pictures' });
    expect(turnOf(direction, (second) => (second % 7 === 0 ? still : undefined))).toMatchObject({ result: 'not_seen' });
  });
});

test('R2: a turn to the other side is failed, and says so: some cameras mirror their images', () => {
  const other = (second: number) => towards('right', second > 3 && second < 5 ? 30 : 0);
  expect(turnOf('left', other)).toMatchObject({ result: 'failed', seen: 'other_side' });
});

test('R2: frames from before or after the answer time change nothing', () => {
  const turn = beginTurn('left', 1000, SECONDS, { straight: STRAIGHT });
  for (const at of [0, 999, 1000 + SECONDS * 1000 + 1])
    expect(takeTurn(POLICY, turn, shownAs(towards('left', 60)), STRAIGHT, at)).toBe(turn);
});

test('R2: whatever a face does within half of the turn never passes, and whatever is seen for less than three quarters never fails', () => {
  const within = fc.double({ min: -TURN.left / 2, max: TURN.left / 2, noNaN: true });
  fc.assert(
    fc.property(
      fc.constantFrom(...DIRECTIONS),
      fc.array(within, { minLength: 60, maxLength: 60 }),
      (direction, amounts) => {
        const bound = TURN[direction] / TURN.left;
        const result = turnOf(direction, (second) => towards(direction, amounts[Math.round(second * 4) - 1]! * bound));
        expect(result.result).toBe('failed');
      },
    ),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...DIRECTIONS),
      fc.shuffledSubarray(
        Array.from({ length: 60 }, (_, i) => i),
        { minLength: 32 },
      ),
      fc.constantFrom('no_face' as const, 'covered' as const, 'two' as const),
      (direction, unseen, how) => {
        const gone = new Set(unseen);
        const result = turnOf(direction, (second) =>
          gone.has(Math.round(second * 4) - 1) ? how : towards(direction, 0),
        );
        expect(result.result).toBe('not_seen');
      },
    ),
  );
});
