import { expect, it } from 'vitest';
import { JpegDecoder } from '../../models/decode.ts';
import { drawFrame } from '../../simulator/draw/frame.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import { drawnFrames } from './drawn-frames.ts';
import { coverWithHand, coverWithSunglasses, eyesBetween } from './obstruct.ts';
import { keep, lumaOf } from './pixels.ts';

const scene = createScene(11);
const decoder = new JpegDecoder();
const person = (open: number) =>
  keep(
    decoder.decode(
      drawFrame(scene, {
        people: [{ ...scene.seat, yaw: 0, pitch: 0, roll: 0, gazeYaw: 0, gazePitch: 0, open }],
        frame: 1,
      }),
    ),
  );
const eyes = eyesBetween(person(1), person(0));

it('locates both eyes from an open and a shut frame', () => {
  const [left, right] = eyes;
  // Eyes are 6.3 cm apart in a head of 22.2 cm.
  expect(Math.hypot(right[0] - left[0], right[1] - left[1]) / scene.seat.size).toBeCloseTo(6.3 / 22.2, 1);
  expect((left[0] + right[0]) / 2).toBeCloseTo(scene.seat.x, -1.2);
  expect(Math.abs(left[1] - scene.seat.y)).toBeLessThan(20);
  expect(() => eyesBetween(person(1), person(1))).toThrow('do not differ');
});

it('covers the eyes with dark glasses or a hand', () => {
  const [[x, y]] = eyes;
  const dark = person(1);
  coverWithSunglasses(dark, eyes, 20);
  expect(lumaOf(dark, [x - 8, y - 6, 16, 12])).toBeLessThan(40);
  const held = person(1);
  const before = lumaOf(held, [x + 200, y, 8, 8]);
  coverWithHand(held, eyes, 1);
  expect(lumaOf(held, [x + 200, y, 8, 8])).toBeCloseTo(before, 5);
  expect(held.data).not.toEqual(person(1).data);
});

it('frames of a scene are reproducible', () => {
  const [first, again] = [drawnFrames(3), drawnFrames(3)];
  for (let i = 0; i < 2; i++) expect(again.next().value).toEqual(first.next().value);
});
