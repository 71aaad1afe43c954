import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OwnFaceDetector } from '../../adapters/own-face.ts';
import { iou } from '../../boxes.ts';
import { squareAbout } from '../../crop.ts';
import { JpegDecoder } from '../../decode.ts';
import { headAngles } from '../../head-angles.ts';
import type { RgbImage } from '../../image.ts';
import type { Box, Point } from '../../jobs.ts';
import { levelledCrop, type TurnedSquare } from '../../levelled-crop.ts';
import { OnnxModel } from '../../onnx.ts';
import { fitRotation } from '../../rigid-fit.ts';

/**
 * Labels a pack's faces with the mesh teacher and records our own detector's box: `node dist/models/train/pose/teach.js
 * PACK TEACHERS FACE_ONNX OUT`, after `npm run build:server`.
 *
 * Each face is measured on several shifted and scaled crops, since the teacher's output varies by 1 to 2 degrees
 * between crops: the mean is a better label than any of them. Writes OUT/faces.jsonl, one line per face `{file, face,
 * pose, spread, score, own}` (degrees; `spread` the standard deviation over the crops; `own` the detector's box in
 * pixels or null), and OUT/points.f32, for each line 468 x (x, y, z) in pixels of the picture, x right, y down, z away.
 */

interface PackFace {
  readonly box: Box;
  readonly kps5: readonly [Point, Point, ...Point[]];
  readonly ignore?: boolean;
}
interface PackRecord {
  readonly file: string;
  readonly faces: readonly PackFace[];
}

const SIZE = 192;
const POINTS = 468;
/** Minimum face size for the teacher, pixels. */
const MIN_FACE = 28;
/** Shift across and down in box sides, and scale of the crop. */
const CROPS: readonly (readonly [number, number, number])[] = [
  [0, 0, 1],
  [0.04, 0.03, 1.08],
  [-0.04, 0.03, 0.93],
  [0.03, -0.05, 1.12],
  [-0.03, -0.02, 1.04],
];
const SIDES = { min: 16, max: 8192 };

const [pack, teachers, detector, out] = process.argv.slice(2);
if (!pack || !teachers || !detector || !out) throw new Error('usage: teach.js PACK TEACHERS FACE_ONNX OUT');

const decoder = new JpegDecoder(SIDES);
const mesh = await OnnxModel.load(await readFile(join(teachers, 'mesh.onnx')));
const canonical = (JSON.parse(await readFile(join(teachers, 'mesh-canonical.json'), 'utf8')) as number[][]).flat();
const own = await OwnFaceDetector.load(new Map([['face.onnx', await readFile(detector)]]));
const crop = new Float32Array(SIZE * SIZE * 3);
const tensor = OnnxModel.tensor(crop, [1, SIZE, SIZE, 3]);

await mkdir(out, { recursive: true });
const points = createWriteStream(join(out, 'points.f32'));
const lines: string[] = [];
for (const line of (await readFile(join(pack, 'labels.jsonl'), 'utf8')).trim().split('\n')) {
  const { file, faces } = JSON.parse(line) as PackRecord;
  if (!faces.some(usable)) continue;
  const image = decoder.decode(await readFile(join(pack, file)));
  const found = (await own.detect(image)).map(({ box }) => box);
  for (const [face, entry] of faces.entries()) {
    if (!usable(entry)) continue;
    const { mean, spread, score } = await look(image, entry);
    const nearest = found
      .map((box) => ({ box, overlap: iou(box, entry.box) }))
      .sort((a, b) => b.overlap - a.overlap)[0];
    lines.push(
      JSON.stringify({
        file,
        face,
        pose: angles(mean),
        spread,
        score,
        own: nearest && nearest.overlap > 0.4 ? nearest.box : null,
      }),
    );
    points.write(new Uint8Array(Float32Array.from(mean).buffer));
  }
  if (lines.length % 500 < faces.length) console.error(`${lines.length} faces, ${basename(file)}`);
}
await new Promise((done) => points.end(done));
await writeFile(join(out, 'faces.jsonl'), `${lines.join('\n')}\n`);

function usable({ box, ignore }: PackFace): boolean {
  return !ignore && Math.max(box[2], box[3]) >= MIN_FACE;
}

/** Mean mesh over the crops, standard deviation of the angles (yaw, pitch, roll), and the teacher's score, 0..1. */
async function look(
  image: RgbImage,
  { box, kps5 }: PackFace,
): Promise<{ mean: Float64Array; spread: number[]; score: number }> {
  const lean = Math.atan2(kps5[1][1] - kps5[0][1], kps5[1][0] - kps5[0][0]);
  const [left, top, side] = squareAbout(box);
  const mean = new Float64Array(POINTS * 3);
  const seen: number[][] = [];
  let score = 0;
  for (const [dx, dy, scale] of CROPS) {
    const shift = side / 1.35;
    const square = { x: left + side / 2 + dx * shift, y: top + side / 2 + dy * shift, side: side * scale, lean };
    levelledCrop(image, square, crop, SIZE);
    const output = await mesh.run(tensor);
    const placed = toPicture(output('conv2d_21_1'), square);
    for (let i = 0; i < mean.length; i++) mean[i]! += placed[i]! / CROPS.length;
    seen.push(angles(placed));
    score += 1 / (1 + Math.exp(-output('conv2d_31')[0]!)) / CROPS.length;
  }
  return { mean, spread: [0, 1, 2].map((axis) => deviation(seen.map((pose) => pose[axis]!))), score };
}

/** Converts coordinates of a rotated crop to those of the picture. */
function toPicture(found: Float32Array, { x, y, side, lean }: TurnedSquare): Float64Array {
  const scale = side / SIZE;
  const [cos, sin] = [Math.cos(lean) * scale, Math.sin(lean) * scale];
  const placed = new Float64Array(POINTS * 3);
  for (let i = 0; i < placed.length; i += 3) {
    const [u, v] = [found[i]! - SIZE / 2, found[i + 1]! - SIZE / 2];
    placed[i] = x + u * cos - v * sin;
    placed[i + 1] = y + u * sin + v * cos;
    placed[i + 2] = found[i + 2]! * scale;
  }
  return placed;
}

function angles(placed: Float64Array): number[] {
  const { yaw, pitch, roll } = headAngles(
    fitRotation(
      canonical,
      placed.map((value, i) => (i % 3 === 0 ? value : -value)),
    ),
  );
  return [yaw, pitch, roll];
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
