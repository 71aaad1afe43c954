/**
 * Labels corners, irises and lids of the pack's faces by MediaPipe's face mesh and iris networks (both recipes are in
 * the pack's README). The pack's own iris labels use the mesh's corners; the iris network's corners, averaged over
 * shifted crops, agree better.
 *
 * npm run build:server
 * node dist/models/train/eyes/label.js --pack PACK --models FOLDER --out labels.jsonl
 *
 * One line per face: `{file, face, eyes: [left, right]}`, each `{corners: [[x, y], [x, y]], iris: [x, y], gap, spread}`
 * in pixels of the picture, image-left corner first; `spread`: standard deviation of the iris position over the crops,
 * in half eye widths.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { JpegDecoder } from '../../decode.ts';
import type { RgbImage } from '../../image.ts';
import type { Box, Point } from '../../jobs.ts';
import { levelledCrop } from '../../levelled-crop.ts';
import { OnnxModel } from '../../onnx.ts';

interface PackFace {
  readonly box: Box;
  readonly ignore?: boolean;
  readonly kps5: readonly [Point, Point, ...Point[]];
  readonly mesh_score?: number;
}
interface Eye {
  readonly corners: readonly [Point, Point];
  readonly iris: Point;
  readonly gap: number;
  readonly spread: number;
}

const MESH = 192;
const IRIS = 64;
/** Mesh indices: outer and inner corner of the eye at image left, inner and outer corner of the other. */
const CORNERS = [
  [33, 133],
  [362, 263],
] as const;
/** Indices in the iris network's eye outline: two corners, middle of the upper and of the lower lid. */
const [FIRST, SECOND, UPPER, LOWER] = [0, 8, 12, 4] as const;
/** Minimum side of a face, pixels: below it the iris network is unreliable. */
const MIN_FACE = 90;
const CROP_SCALES = [2.15, 2.4] as const;

const meshCrop = new Float32Array(MESH * MESH * 3);
const irisCrop = new Float32Array(IRIS * IRIS * 3);
const meshTensor = OnnxModel.tensor(meshCrop, [1, MESH, MESH, 3]);
const irisTensor = OnnxModel.tensor(irisCrop, [1, IRIS, IRIS, 3]);

/** Corners of both eyes in the picture, from the mesh. */
async function meshCorners(mesh: OnnxModel, image: RgbImage, { box, kps5 }: PackFace): Promise<[Point, Point][]> {
  const side = 1.35 * Math.max(box[2], box[3]);
  const lean = Math.atan2(kps5[1][1] - kps5[0][1], kps5[1][0] - kps5[0][0]);
  const square = { x: box[0] + box[2] / 2, y: box[1] + box[3] / 2, side, lean };
  levelledCrop(image, square, meshCrop, MESH);
  const points = (await mesh.run(meshTensor))('conv2d_21_1');
  const toPicture = placer(square, MESH, false);
  return CORNERS.map(([a, b]) => [
    toPicture(points[a * 3]!, points[a * 3 + 1]!),
    toPicture(points[b * 3]!, points[b * 3 + 1]!),
  ]);
}

function placer(
  { x, y, side, lean }: { x: number; y: number; side: number; lean: number },
  size: number,
  mirrored: boolean,
) {
  const [cos, sin] = [Math.cos(lean), Math.sin(lean)];
  return (px: number, py: number): Point => {
    const u = ((mirrored ? size - px : px) / size - 0.5) * side;
    const v = (py / size - 0.5) * side;
    return [x + u * cos - v * sin, y + u * sin + v * cos];
  };
}

function mirror(crop: Float32Array, size: number): void {
  for (let row = 0; row < size; row++) {
    for (let left = 0, right = size - 1; left < right; left++, right--) {
      for (let c = 0; c < 3; c++) {
        const [a, b] = [(row * size + left) * 3 + c, (row * size + right) * 3 + c];
        [crop[a], crop[b]] = [crop[b]!, crop[a]!];
      }
    }
  }
}

async function readEye(iris: OnnxModel, image: RgbImage, [a, b]: [Point, Point], mirrored: boolean): Promise<Eye> {
  const width = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const lean = Math.atan2(b[1] - a[1], b[0] - a[0]);
  const seen: [Point, Point, Point, Point, Point][] = [];
  for (const scale of CROP_SCALES) {
    const square = { x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2, side: width * scale, lean };
    levelledCrop(image, square, irisCrop, IRIS);
    if (mirrored) mirror(irisCrop, IRIS);
    const output = await iris.run(irisTensor);
    const [outline, centre] = [output('output_eyes_contours_and_brows'), output('output_iris')];
    const toPicture = placer(square, IRIS, mirrored);
    const at = (i: number): Point => toPicture(outline[i * 3]!, outline[i * 3 + 1]!);
    seen.push([at(FIRST), at(SECOND), at(UPPER), at(LOWER), toPicture(centre[0]!, centre[1]!)]);
  }
  const mean = (i: number): Point =>
    [0, 1].map((c) => seen.reduce((sum, points) => sum + points[i]![c]!, 0) / seen.length) as unknown as Point;
  const centre = mean(4);
  const spread = Math.sqrt(
    seen.reduce((sum, points) => sum + (points[4][0] - centre[0]) ** 2 + (points[4][1] - centre[1]) ** 2, 0) /
      seen.length,
  );
  const [first, second] = [mean(0), mean(1)];
  const [upper, lower] = [mean(2), mean(3)];
  return {
    corners: mirrored ? [second, first] : [first, second],
    iris: centre,
    gap: (lower[1] - upper[1]) * Math.cos(lean) - (lower[0] - upper[0]) * Math.sin(lean),
    spread: spread / (width / 2),
  };
}

const { values } = parseArgs({
  options: { pack: { type: 'string' }, models: { type: 'string' }, out: { type: 'string' } },
});
if (!values.pack || !values.models || !values.out)
  throw new Error('usage: label --pack PACK --models FOLDER --out FILE');
const mesh = await OnnxModel.load(await readFile(join(values.models, 'mesh.onnx')));
const iris = await OnnxModel.load(await readFile(join(values.models, 'iris.onnx')));
const decoder = new JpegDecoder({ min: 8, max: 4096 });
const out = createWriteStream(values.out);
for await (const line of createInterface(createReadStream(join(values.pack, 'labels.jsonl')))) {
  const { file, faces } = JSON.parse(line) as { file: string; faces: readonly PackFace[] };
  const wanted = faces.flatMap((face, i) =>
    !face.ignore && (face.mesh_score ?? 0) > 0.5 && Math.max(face.box[2], face.box[3]) >= MIN_FACE ? [{ face, i }] : [],
  );
  if (wanted.length === 0) continue;
  const image = decoder.decode(await readFile(join(values.pack, file)));
  for (const { face, i } of wanted) {
    const [left, right] = await meshCorners(mesh, image, face);
    out.write(
      `${JSON.stringify({ file, face: i, eyes: [await readEye(iris, image, left!, false), await readEye(iris, image, right!, true)] })}\n`,
    );
  }
}
out.end();
