import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sharedFolder } from '../../support/requirements.ts';
import { analyse, type Pipeline } from '../../../models/analyse.ts';
import { JpegDecoder } from '../../../models/decode.ts';
import type { Detection } from '../../../models/jobs.ts';
import { checkModels, openPipeline } from '../../../models/load.ts';
import { shippedFolder } from '../../../models/manifest.ts';

/** Real photographs and public weights are no part of the project: these tests use them where they stand beside it. */
const FRAMES = join(sharedFolder ?? '', 'frames');

const folders = [shippedFolder(), join(sharedFolder ?? '', 'models')];
const kinds = [
  { face: 'own', gaze: 'own' },
  { face: 'yunet', gaze: 'mesh' },
];

for (const { face, gaze } of kinds) {
  if (sharedFolder === undefined) {
    test.skip(`${face} + ${gaze} on photographs (skipped: not available)`, () => {});
    continue;
  }
  describe(`${face} + ${gaze} on photographs`, async () => {
    const pipeline = await openPipeline(await checkModels({ folders, face, gaze }), new JpegDecoder());

    test.each(photos('ONE_'))('%s: one frontal face', async (photo) => {
      const { faces, pose } = await look(pipeline, photo);
      expect(faces).toHaveLength(1);
      expect(Math.abs(pose!.yaw)).toBeLessThanOrEqual(15);
      expect(Math.abs(pose!.roll)).toBeLessThanOrEqual(15);
    });

    test.each(photos('MULTI_'))('%s: a second face of at least 0.3 times the height of the first', async (photo) => {
      const { faces } = await look(pipeline, photo);
      const heights = faces.map(({ box }) => box[3]).toSorted((a, b) => b - a);
      expect(heights.length).toBeGreaterThanOrEqual(2);
      expect(heights[1]!).toBeGreaterThanOrEqual(0.3 * heights[0]!);
    });

    test.each(photos('NONE_'))('%s: no face', async (photo) => {
      expect(await look(pipeline, photo)).toMatchObject({ faces: [], pose: null, gaze: null });
    });

    test.each(photos('AWAY_0[01]'))('%s: turned to image right', async (photo) => {
      expect((await look(pipeline, photo)).pose!.yaw).toBeGreaterThan(20);
    });

    test.each(photos('AWAY_0[23]'))('%s: turned to image left', async (photo) => {
      expect((await look(pipeline, photo)).pose!.yaw).toBeLessThan(-30);
    });

    if (gaze === 'own') {
      // The head is straight in both: only the eyes tell them apart.
      test.each(photos('EYES_'))('%s: eyes known to look to image left', async (photo) => {
        const { gaze: seen, open } = await look(pipeline, photo);
        expect(seen!.confidence).toBeGreaterThanOrEqual(0.6);
        expect(seen!.yaw).toBeLessThan(-20);
        expect(Math.min(...open!)).toBeGreaterThan(0.3);
      });

      test.each(photos('ONE_'))('%s: no eyes known to look away', async (photo) => {
        const { gaze: seen } = await look(pipeline, photo);
        expect(seen === null || seen.confidence < 0.6 || Math.abs(seen.yaw) < 20).toBe(true);
      });

      test.each(photos('ONE_'))('%s: the whole face is seen', async (photo) => {
        expect((await look(pipeline, photo)).visibility).toBeGreaterThan(0.5);
      });
    }

    test.each(photos('(ONE|AWAY|EYES)_'))('%s: eyes, nose and mouth lie where a face has them', async (photo) => {
      const {
        box: [x, y, w, h],
        landmarks,
      } = (await look(pipeline, photo)).faces[0]!;
      const [leftEye, rightEye, nose, leftMouth, rightMouth] = landmarks;
      for (const [px, py] of landmarks) {
        // A nose in near profile stands out of the box.
        expect((px - x) / w).toBeGreaterThan(-0.2);
        expect((px - x) / w).toBeLessThan(1.2);
        expect((py - y) / h).toBeGreaterThan(0.1);
        expect((py - y) / h).toBeLessThan(1);
      }
      expect(leftEye[0]).toBeLessThan(rightEye[0]);
      expect(leftMouth[0]).toBeLessThan(rightMouth[0]);
      expect(Math.max(leftEye[1], rightEye[1])).toBeLessThan(nose[1]);
      expect(nose[1]).toBeLessThan(Math.min(leftMouth[1], rightMouth[1]));
    });
  });
}

function photos(pattern: string): string[] {
  const found = readdirSync(FRAMES).filter((name) => new RegExp(`^${pattern}.*\\.jpg$`).test(name));
  if (found.length === 0) throw new Error(`no photograph matches ${pattern}`);
  return found;
}

function look(pipeline: Pipeline, photo: string): Promise<Detection> {
  return analyse(pipeline, readFileSync(join(FRAMES, photo)));
}
