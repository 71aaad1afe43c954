import type { RgbImage } from '../image.ts';
import type { Face, Point } from '../jobs.ts';
import { type Canvas, Letterbox } from '../letterbox.ts';
import { suppress, type Suppression } from '../nms.ts';
import { OnnxModel, type Tensor } from '../onnx.ts';
import { type FaceDetector, modelFile, type ModelFiles } from './adapter.ts';

/** Long side of the detector's canvas in pixels. See CARD.md for the figures behind the choice. */
const CANVAS_SIDE = 320;
/** Score from which a candidate counts as a face; chosen with the training figures in CARD.md. */
const THRESHOLD = 0.6;
const SUPPRESSION: Suppression = { iou: 0.4, contained: 0.7 };
const STRIDES = [8, 16, 32] as const;
/** Values an anchor: score, box (4), landmarks (10). */
const ANCHOR = 15;

/**
 * The project's own detector, `face.onnx`.
 * Input `image` uint8 [1, H, W, 3] RGB, H and W multiples of 32. Output `out` float32 [1, A, 15]: anchors of strides 8, 16, 32 in
 * that order, row-major; score 0..1, then box and landmarks in strides from the anchor's centre.
 */
export class OwnFaceDetector implements FaceDetector {
  readonly #model: OnnxModel;
  readonly #letterbox: Letterbox;
  readonly #tensors = new Map<Canvas, Tensor>();

  private constructor(model: OnnxModel, side: number) {
    this.#model = model;
    this.#letterbox = new Letterbox(side);
  }

  /** @param side long side of the canvas, a multiple of 32: larger finds smaller faces and costs more */
  static async load(files: ModelFiles, side: number = CANVAS_SIDE): Promise<OwnFaceDetector> {
    return new OwnFaceDetector(await OnnxModel.load(modelFile(files, 'face.onnx')), side);
  }

  async detect(image: RgbImage): Promise<readonly Face[]> {
    const { canvas, scale } = this.#letterbox.fit(image);
    let tensor = this.#tensors.get(canvas);
    if (!tensor) {
      tensor = OnnxModel.tensor(canvas.data, [1, canvas.height, canvas.width, 3]);
      this.#tensors.set(canvas, tensor);
    }
    const output = await this.#model.run(tensor);
    return suppress(candidates(output('out'), canvas, scale), SUPPRESSION);
  }
}

function candidates(out: Float32Array, canvas: Canvas, scale: number): Face[] {
  const found: Face[] = [];
  let at = 0;
  for (const stride of STRIDES) {
    const columns = canvas.width / stride;
    const anchors = columns * (canvas.height / stride);
    for (let anchor = 0; anchor < anchors; anchor++, at += ANCHOR) {
      if (out[at]! < THRESHOLD) continue;
      const x = (anchor % columns) * stride + stride / 2;
      const y = Math.floor(anchor / columns) * stride + stride / 2;
      found.push(readAnchor(out, at, x, y, stride, scale));
    }
  }
  return found;
}

function readAnchor(out: Float32Array, at: number, x: number, y: number, stride: number, scale: number): Face {
  const value = (i: number): number => out[at + i]! * stride;
  const w = (Math.exp(out[at + 3]!) * stride) / scale;
  const h = (Math.exp(out[at + 4]!) * stride) / scale;
  const point = (i: number): Point => [(x + value(5 + 2 * i)) / scale, (y + value(6 + 2 * i)) / scale];
  return {
    box: [(x + value(1)) / scale - w / 2, (y + value(2)) / scale - h / 2, w, h],
    score: out[at]!,
    landmarks: [point(0), point(1), point(2), point(3), point(4)],
  };
}
