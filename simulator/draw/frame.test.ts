import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { drawFrame } from './frame.ts';
import type { Posture } from './person.ts';
import { createScene, FRAME_HEIGHT, FRAME_WIDTH, type Scene } from './scene.ts';

const straight = (scene: Scene): Posture => ({ yaw: 0, pitch: 0, roll: 0, gazeYaw: 0, gazePitch: 0, ...scene.seat });

async function luma(
  jpeg: Buffer,
): Promise<{ width: number; height: number; values: Float32Array; mean: number; deviation: number }> {
  const image = await loadImage(jpeg);
  const draw = createCanvas(image.width, image.height).getContext('2d');
  draw.drawImage(image, 0, 0);
  const { data } = draw.getImageData(0, 0, image.width, image.height);
  const values = Float32Array.from(
    { length: image.width * image.height },
    (_, i) => 0.299 * data[i * 4]! + 0.587 * data[i * 4 + 1]! + 0.114 * data[i * 4 + 2]!,
  );
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return { width: image.width, height: image.height, values, mean, deviation };
}

describe('drawFrame', () => {
  const scene = createScene(11);

  it('the same seed and frame give the same bytes, also in another scene object', () => {
    const content = { people: [straight(scene)], frame: 3 };
    const first = drawFrame(scene, content);
    expect(drawFrame(scene, content).equals(first)).toBe(true);
    expect(drawFrame(createScene(11), content).equals(first)).toBe(true);
    expect(drawFrame(createScene(12), content).equals(first)).toBe(false);
  });

  it('a frame is a 640x480 JPEG of a typical webcam file size', async () => {
    const jpeg = drawFrame(scene, { people: [straight(scene)], frame: 0 });
    expect(await luma(jpeg)).toMatchObject({ width: FRAME_WIDTH, height: FRAME_HEIGHT });
    expect(jpeg.length).toBeGreaterThan(24 * 1024);
    expect(jpeg.length).toBeLessThan(64 * 1024);
  });

  it('sensor noise never repeats: equal content in another frame has different pixels everywhere', async () => {
    for (const covered of [false, true]) {
      const [a, b] = await Promise.all([0, 1].map((frame) => luma(drawFrame(scene, { people: [], covered, frame }))));
      let sum = 0;
      let samples = 0;
      for (let i = 0; i < a!.values.length; i += 997, samples++) sum += Math.abs(a!.values[i]! - b!.values[i]!);
      expect(sum / samples).toBeGreaterThan(0.5);
    }
  });

  it('a covered camera gives a nearly black frame', async () => {
    const { mean, deviation } = await luma(drawFrame(scene, { people: [], covered: true, frame: 0 }));
    expect(mean).toBeLessThan(16);
    expect(deviation).toBeLessThan(6);
  });

  it('the gaze of a closed eye is not visible', () => {
    const shut = (gazeYaw: number, gazePitch: number) =>
      drawFrame(scene, { people: [{ ...straight(scene), gazeYaw, gazePitch, open: 0 }], frame: 6 });
    expect(shut(30, 0).equals(shut(-30, 0))).toBe(true);
    expect(shut(0, 20).equals(shut(0, 0))).toBe(true);
  });

  it('a person partly outside the frame is drawn clipped', () => {
    const outside = { ...straight(scene), x: -2000 };
    const empty = drawFrame(scene, { people: [], frame: 5 });
    expect(drawFrame(scene, { people: [outside], frame: 5 }).equals(empty)).toBe(true);
    const half = { ...straight(scene), x: 0, y: 470 };
    expect(drawFrame(scene, { people: [half], frame: 5 }).equals(empty)).toBe(false);
  });
});
