import { squareAbout } from '../crop.ts';
import { headAngles } from '../head-angles.ts';
import type { RgbImage } from '../image.ts';
import type { Face } from '../jobs.ts';
import { LevelledCrop } from '../levelled-crop.ts';
import { OnnxModel } from '../onnx.ts';
import { fitRotation } from '../rigid-fit.ts';
import { type Measured, modelFile, type ModelFiles, NOT_MEASURED, type PoseEstimator } from './adapter.ts';

/** Side of the network's input in pixels. */
const SIZE = 192;
const POINTS = 468;

/**
 * MediaPipe face mesh, `mesh.onnx`, with the vertices of the canonical face model, `mesh-canonical.json`. Input
 * `input_1` float32 [1, 192, 192, 3] RGB 0..1: a square around the face, rotated so that the eyes are level. Output
 * `conv2d_21_1`: 468 x (x, y, z) in crop pixels. The score output drops on sunglasses although the mesh is correct, so
 * it gates nothing. Head rotation is the rigid fit of the canonical vertices to the mesh. No eye outputs: all other
 * fields are null.
 */
export class MeshPoseEstimator implements PoseEstimator {
  readonly #model: OnnxModel;
  readonly #canonical: Float64Array;
  readonly #crop = new LevelledCrop(SIZE);
  readonly #input = new Float32Array(SIZE * SIZE * 3);
  readonly #tensor = OnnxModel.tensor(this.#input, [1, SIZE, SIZE, 3]);
  readonly #measured = new Float64Array(POINTS * 3);

  private constructor(model: OnnxModel, canonical: Float64Array) {
    this.#model = model;
    this.#canonical = canonical;
  }

  static async load(files: ModelFiles): Promise<MeshPoseEstimator> {
    const canonical = readCanonical(modelFile(files, 'mesh-canonical.json'));
    return new MeshPoseEstimator(await OnnxModel.load(modelFile(files, 'mesh.onnx')), canonical);
  }

  async estimate(image: RgbImage, face: Face): Promise<Measured> {
    const [[leftX, leftY], [rightX, rightY]] = face.landmarks;
    const lean = Math.atan2(rightY - leftY, rightX - leftX);
    const [x, y, side] = squareAbout(face.box);
    this.#crop.toUnit(image, { x: x + side / 2, y: y + side / 2, side, lean }, this.#input);
    const output = await this.#model.run(this.#tensor);
    this.#turnBack(output('conv2d_21_1'), lean);
    return { ...NOT_MEASURED, pose: headAngles(fitRotation(this.#canonical, this.#measured)) };
  }

  /** From the levelled crop to image axes: x right, y up, z towards the camera. */
  #turnBack(mesh: Float32Array, lean: number): void {
    const cos = Math.cos(lean);
    const sin = Math.sin(lean);
    for (let i = 0; i < POINTS * 3; i += 3) {
      const x = mesh[i]!;
      const y = mesh[i + 1]!;
      this.#measured[i] = x * cos - y * sin;
      this.#measured[i + 1] = -(x * sin + y * cos);
      this.#measured[i + 2] = -mesh[i + 2]!;
    }
  }
}

function readCanonical(json: Uint8Array): Float64Array {
  const vertices = JSON.parse(new TextDecoder().decode(json)) as readonly (readonly number[])[];
  const flat = Float64Array.from(vertices.flat());
  if (flat.length !== POINTS * 3)
    throw new Error(`mesh-canonical.json contains ${vertices.length} vertices, not ${POINTS}`);
  return flat;
}
