import jpegTurbo from '@julusian/jpeg-turbo';
import { expect, test } from 'vitest';
import { fewFrames } from './few-frames.ts';
import { clipOf } from '../../bench/clips.ts';
import { facesOneEach } from '../../bench/frame-list.ts';

test('each frame of a clip is its image, shifted by a few pixels and with new noise', async () => {
  const [jpeg] = (await facesOneEach(fewFrames(), () => {})).jpegs;
  const pixels = (bytes: Uint8Array) => jpegTurbo.decompressSync(Buffer.from(bytes), { format: jpegTurbo.FORMAT_GRAY });
  const still = pixels(jpeg!);
  const clip = clipOf(jpeg!, 1).map(pixels);
  expect(new Set(clip.map(({ data }) => data.toString('base64'))).size).toBe(clip.length);
  for (const { width, height, data } of clip) {
    expect([width, height]).toEqual([still.width, still.height]);
    let different = 0;
    for (let i = 0; i < data.length; i++) if (Math.abs(data[i]! - still.data[i]!) > 40) different++;
    expect(different / data.length).toBeLessThan(0.1);
  }
});
