import { cropSquare } from '../crop.ts';
import type { RgbImage } from '../image.ts';
import type { Face } from '../jobs.ts';
import { OnnxModel } from '../onnx.ts';
import { Resampler } from '../resample.ts';
import { type HeadAndEyes, modelFile, type ModelFiles, NOT_MEASURED, type PoseEstimator } from './adapter.ts';

export { OwnFaceDetector } from './own-face.ts';

/** Side of the pose network's input in pixels. */
const POSE_SIZE = 64;
/** Pixels of the box's longer side below which the crop holds too little; the network saw faces of 36 px and more. */
const MIN_FACE = 24;

/**
 * The project's own head pose, `pose.onnx`.
 * Input `image` uint8 [1, 64, 64, 3] RGB. Output `out` float32 [1, 15]: yaw, pitch, roll in degrees; the other twelve
 * values (gaze, landmarks) of this version carry no usable signal, so gaze is null.
 */
export class OwnPoseEstimator implements PoseEstimator {
  readonly #model: OnnxModel;
  readonly #crop = new Uint8Array(POSE_SIZE * POSE_SIZE * 3);
  readonly #tensor = OnnxModel.tensor(this.#crop, [1, POSE_SIZE, POSE_SIZE, 3]);
  readonly #resampler = new Resampler();

  private constructor(model: OnnxModel) {
    this.#model = model;
  }

  static async load(files: ModelFiles): Promise<OwnPoseEstimator> {
    return new OwnPoseEstimator(await OnnxModel.load(modelFile(files, 'pose.onnx')));
  }

  async estimate(image: RgbImage, face: Face): Promise<HeadAndEyes> {
    if (Math.max(face.box[2], face.box[3]) < MIN_FACE) return NOT_MEASURED;
    cropSquare(image, face.box, this.#crop, POSE_SIZE, this.#resampler);
    const output = await this.#model.run(this.#tensor);
    const [yaw = Number.NaN, pitch = Number.NaN, roll = Number.NaN] = output('out');
    return { ...NOT_MEASURED, pose: { yaw, pitch, roll } };
  }
}
