import { modelFile, type ModelFiles } from '../../models/adapters/adapter.ts';
import type { RgbImage } from '../../models/image.ts';
import type { Box } from '../../models/jobs.ts';
import { Letterbox } from '../../models/letterbox.ts';
import { OnnxModel } from '../../models/onnx.ts';

const CANVAS_SIDE = 320;
const STRIDES = [8, 16, 32] as const;

/**
 * YuNet's boxes from another score than the one that the server takes, before suppression: what it would report if it were asked for
 * as much as the project's own detector is. Shapes and decoding: models/adapters/yunet.ts.
 */
export class YunetAt {
  readonly #model: OnnxModel;
  readonly #threshold: number;
  readonly #letterbox = new Letterbox(CANVAS_SIDE);

  private constructor(model: OnnxModel, threshold: number) {
    this.#model = model;
    this.#threshold = threshold;
  }

  static async load(files: ModelFiles, threshold: number): Promise<YunetAt> {
    return new YunetAt(await OnnxModel.load(modelFile(files, 'yunet.onnx')), threshold);
  }

  async boxes(image: RgbImage): Promise<readonly Box[]> {
    const { canvas, scale } = this.#letterbox.fit(image);
    const { width, height, data } = canvas;
    const pixels = width * height;
    const planes = Float32Array.from({ length: pixels * 3 }, (_, i) => data[(i % pixels) * 3 + 2 - Math.floor(i / pixels)]!);
    const output = await this.#model.run(OnnxModel.tensor(planes, [1, 3, height, width]));
    return STRIDES.flatMap((stride) => {
      const [classes, objects, values] = [output(`cls_${stride}`), output(`obj_${stride}`), output(`bbox_${stride}`)];
      const found: Box[] = [];
      for (let cell = 0; cell < classes.length; cell++) {
        if (Math.sqrt(unit(classes[cell]!) * unit(objects[cell]!)) < this.#threshold) continue;
        found.push(readBox(values.subarray(cell * 4, cell * 4 + 4), cell % (width / stride), Math.floor(cell / (width / stride)), stride / scale));
      }
      return found;
    });
  }
}

function readBox([x = 0, y = 0, w = 0, h = 0]: Float32Array, column: number, row: number, size: number): Box {
  const [width, height] = [Math.exp(w) * size, Math.exp(h) * size];
  return [(column + x) * size - width / 2, (row + y) * size - height / 2, width, height];
}

const unit = (value: number): number => Math.min(1, Math.max(0, value));
