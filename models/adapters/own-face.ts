import type { RgbImage } from '../image.ts';
import type { Face, Point } from '../jobs.ts';
import { type Canvas, Letterbox } from '../letterbox.ts';
import { suppress, type Suppression } from '../nms.ts';
import { OnnxModel, type Tensor } from '../onnx.ts';
import { type FaceDetector, modelFile, type ModelFiles } from './adapter.ts';
import { needsWideLook, THRESHOLD, UNSURE } from './wide-look.ts';

/** Long sides of the detector's canvases in pixels, multiples of 32 up to 640. CARD.md has the figures for this choice. */
const NEAR_SIDE = 256;
const WIDE_SIDE = 320;
/**
 * Stricter than usual: boxes of a single full-frame face overlap by a third, those of two people do not. Figures in
 * CARD.md.
 */
const SUPPRESSION: Suppression = { iou: 0.3, contained: 0.5 };

/**
 * The project's own detector, `face.onnx`. Input `image` uint8 [1, H, W, 3] RGB, H and W multiples of 32 up to 640.
 * Outputs, one column per candidate: `score` float32 [A] 0..1, `box` [4, A] x0, y0, x1, y1 and `landmarks` [10, A], x
 * and y alternating, both in canvas pixels.
 */
export class OwnFaceDetector implements FaceDetector {
  readonly #model: OnnxModel;
  readonly #near = new Letterbox(NEAR_SIDE);
  readonly #wide = new Letterbox(WIDE_SIDE);
  readonly #tensors = new Map<Canvas, Tensor>();

  private constructor(model: OnnxModel) {
    this.#model = model;
  }

  static async load(files: ModelFiles): Promise<OwnFaceDetector> {
    const detector = new OwnFaceDetector(await OnnxModel.load(modelFile(files, 'face.onnx')));
    // The first run of a size allocates its memory, which no student's frame should pay for.
    await detector.#search({ width: 640, height: 480, data: new Uint8Array(640 * 480 * 3) }, detector.#wide);
    return detector;
  }

  async detect(image: RgbImage): Promise<readonly Face[]> {
    const near = suppress(await this.#search(image, this.#near), SUPPRESSION);
    if (!needsWideLook(near)) return near;
    const wide = await this.#search(image, this.#wide);
    return suppress(
      [...near, ...wide].filter(({ score }) => score >= THRESHOLD),
      SUPPRESSION,
    );
  }

  async #search(image: RgbImage, letterbox: Letterbox): Promise<readonly Face[]> {
    const { canvas, scale } = letterbox.fit(image);
    let tensor = this.#tensors.get(canvas);
    if (!tensor) {
      tensor = OnnxModel.tensor(canvas.data, [1, canvas.height, canvas.width, 3]);
      this.#tensors.set(canvas, tensor);
    }
    const output = await this.#model.run(tensor);
    return candidates(output('score'), output('box'), output('landmarks'), scale);
  }
}

function candidates(scores: Float32Array, boxes: Float32Array, landmarks: Float32Array, scale: number): Face[] {
  const found: Face[] = [];
  const count = scores.length;
  for (let at = 0; at < count; at++) {
    const score = scores[at]!;
    // Not `<`: a NaN score is not a face.
    if (!(score >= UNSURE)) continue;
    const side = (row: number): number => boxes[row * count + at]! / scale;
    const point = (i: number): Point => [
      landmarks[2 * i * count + at]! / scale,
      landmarks[(2 * i + 1) * count + at]! / scale,
    ];
    const [x, y] = [side(0), side(1)];
    found.push({
      box: [x, y, side(2) - x, side(3) - y],
      score,
      landmarks: [point(0), point(1), point(2), point(3), point(4)],
    });
  }
  return found;
}
