import type { RgbImage } from '../image.ts';
import type { Face, Point } from '../jobs.ts';
import { type Canvas, Letterbox } from '../letterbox.ts';
import { suppress, type Suppression } from '../nms.ts';
import { OnnxModel, type Tensor } from '../onnx.ts';
import { type FaceDetector, modelFile, type ModelFiles } from './adapter.ts';

/** Long side of the canvas in pixels: the network was trained at 320. */
const CANVAS_SIDE = 320;
/** 0.6 to 0.7 is usual for tracking a known face; 0.8 is used as evidence that a face is present. */
const THRESHOLD = 0.7;
const SUPPRESSION: Suppression = { iou: 0.4, contained: 1 };
const STRIDES = [8, 16, 32] as const;

/**
 * YuNet-n (W. Wu, H. Peng, S. Yu: YuNet: A Tiny Millisecond-level Face Detector, 2023), `yunet.onnx` with dynamic size.
 * Input `input` float32 [1, 3, H, W], BGR 0..255 unnormalised, H and W multiples of 32. Outputs for each stride S of 8,
 * 16, 32, row-major: `cls_S`, `obj_S` [1, N, 1] in 0..1, `bbox_S` [1, N, 4], `kps_S` [1, N, 10], in strides from the
 * corner of the cell.
 */
export class YunetFaceDetector implements FaceDetector {
  readonly #model: OnnxModel;
  readonly #threshold: number;
  readonly #letterbox = new Letterbox(CANVAS_SIDE);
  readonly #planes = new Map<Canvas, { readonly data: Float32Array; readonly tensor: Tensor }>();

  private constructor(model: OnnxModel, threshold: number) {
    this.#model = model;
    this.#threshold = threshold;
  }

  /** @param threshold minimum score of a face, 0..1 */
  static async load(files: ModelFiles, threshold: number = THRESHOLD): Promise<YunetFaceDetector> {
    return new YunetFaceDetector(await OnnxModel.load(modelFile(files, 'yunet.onnx')), threshold);
  }

  async detect(image: RgbImage): Promise<readonly Face[]> {
    const { canvas, scale } = this.#letterbox.fit(image);
    const { data, tensor } = this.#planesFor(canvas);
    toBgrPlanes(canvas.data, data);
    const output = await this.#model.run(tensor);
    const found = STRIDES.flatMap((stride) =>
      candidates(output, stride, canvas.width / stride, scale, this.#threshold),
    );
    return suppress(found, SUPPRESSION);
  }

  #planesFor(canvas: Canvas): { readonly data: Float32Array; readonly tensor: Tensor } {
    let planes = this.#planes.get(canvas);
    if (!planes) {
      const data = new Float32Array(canvas.data.length);
      planes = { data, tensor: OnnxModel.tensor(data, [1, 3, canvas.height, canvas.width]) };
      this.#planes.set(canvas, planes);
    }
    return planes;
  }
}

function toBgrPlanes(rgb: Uint8Array, planes: Float32Array): void {
  const pixels = planes.length / 3;
  for (let pixel = 0, at = 0; pixel < pixels; pixel++, at += 3) {
    planes[pixel] = rgb[at + 2]!;
    planes[pixels + pixel] = rgb[at + 1]!;
    planes[2 * pixels + pixel] = rgb[at]!;
  }
}

function candidates(
  output: (name: string) => Float32Array,
  stride: number,
  columns: number,
  scale: number,
  threshold: number,
): Face[] {
  const classes = output(`cls_${stride}`);
  const objects = output(`obj_${stride}`);
  const boxes = output(`bbox_${stride}`);
  const points = output(`kps_${stride}`);
  const found: Face[] = [];
  for (let cell = 0; cell < classes.length; cell++) {
    const score = Math.sqrt(unit(classes[cell]!) * unit(objects[cell]!));
    if (!(score >= threshold)) continue;
    const column = cell % columns;
    const row = Math.floor(cell / columns);
    const unitSize = stride / scale;
    const box = cell * 4;
    const w = Math.exp(boxes[box + 2]!) * unitSize;
    const h = Math.exp(boxes[box + 3]!) * unitSize;
    const point = (i: number): Point => [
      (column + points[cell * 10 + 2 * i]!) * unitSize,
      (row + points[cell * 10 + 2 * i + 1]!) * unitSize,
    ];
    found.push({
      box: [(column + boxes[box]!) * unitSize - w / 2, (row + boxes[box + 1]!) * unitSize - h / 2, w, h],
      score,
      landmarks: [point(0), point(1), point(2), point(3), point(4)],
    });
  }
  return found;
}

function unit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
