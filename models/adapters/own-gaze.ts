import { cropSquare, squareAbout } from '../crop.ts';
import { eyeSquares } from '../eye-squares.ts';
import { fuseEyes } from '../fuse-eyes.ts';
import type { RgbImage } from '../image.ts';
import type { Face, Gaze, Point, Pose } from '../jobs.ts';
import { LevelledCrop } from '../levelled-crop.ts';
import { OnnxModel } from '../onnx.ts';
import { Resampler } from '../resample.ts';
import { sharpnessOf } from '../sharpness.ts';
import {
  type HeadAndEyes,
  type Measured,
  modelFile,
  type ModelFiles,
  NOT_MEASURED,
  type PoseEstimator,
} from './adapter.ts';

/** Input sides of the networks in pixels. */
const FACE_SIZE = 64;
const EYE_SIZE = 40;
/** Minimum longer side of the box for a pose, pixels. */
const MIN_FACE = 24;
/**
 * Minimum for the eyes: an iris is then about 4 pixels wide, and photographs downscaled to it give nearly the angles of
 * the originals.
 */
const MIN_FACE_FOR_EYES = 60;
/** Degrees of yaw from which the nose starts to occlude the farther eye. */
const MAX_YAW_FOR_EYES = 35;
/**
 * A face may be upside down if the detector is less sure of it than this, and its eyes are less known than that. Upright
 * faces with known eyes have 0.9 and more; of upside-down ones the detector gives 0.83 at most.
 */
const MAX_SCORE_UPSIDE_DOWN = 0.88;
const MAX_DOUBTFUL = 0.5;
/** Eyes are known from this confidence on. */
const MIN_CONFIDENCE = 0.6;

/**
 * The project's own head pose network, `gaze.onnx`, and eye network, `eyes.onnx`. `gaze.onnx`: input `face` uint8 [n,
 * 64, 64, 3] RGB (`cropSquare`). Outputs `pose` [n, 3] yaw, pitch, roll in degrees, `eyes` [n, 2, 2] eye centres as
 * fractions of the crop, the eye at image left first, `visibility` [n] 0..1. `eyes.onnx`: input `eyes` uint8 [n, 40,
 * 40, 3] RGB, one eye each (`eyeSquares`), the eye at image right mirrored. Outputs `gaze` [n, 2] yaw and pitch in
 * degrees relative to the head in the crop, `confidence` [n] 0..1, `open` [n] 0..1.
 */
export class OwnGazeEstimator implements PoseEstimator {
  readonly #head: OnnxModel;
  readonly #eyes: OnnxModel;
  readonly #face = new Uint8Array(FACE_SIZE * FACE_SIZE * 3);
  readonly #faceTensor = OnnxModel.tensor(this.#face, [1, FACE_SIZE, FACE_SIZE, 3]);
  readonly #pair = new Uint8Array(2 * EYE_SIZE * EYE_SIZE * 3);
  readonly #left = this.#pair.subarray(0, this.#pair.length / 2);
  readonly #right = this.#pair.subarray(this.#pair.length / 2);
  readonly #pairTensor = OnnxModel.tensor(this.#pair, [2, EYE_SIZE, EYE_SIZE, 3]);
  readonly #resampler = new Resampler();
  readonly #crop = new LevelledCrop(EYE_SIZE);

  private constructor(head: OnnxModel, eyes: OnnxModel) {
    this.#head = head;
    this.#eyes = eyes;
  }

  static async load(files: ModelFiles): Promise<OwnGazeEstimator> {
    return new OwnGazeEstimator(
      await OnnxModel.load(modelFile(files, 'gaze.onnx')),
      await OnnxModel.load(modelFile(files, 'eyes.onnx')),
    );
  }

  async estimate(image: RgbImage, face: Face, withEyes = true): Promise<Measured> {
    const longer = Math.max(face.box[2], face.box[3]);
    if (longer < MIN_FACE) return NOT_MEASURED;
    cropSquare(image, face.box, this.#face, FACE_SIZE, this.#resampler);
    const sharpness = longer < MIN_FACE_FOR_EYES ? null : sharpnessOf(this.#face, FACE_SIZE);
    const { pose, eyes, visibility } = await this.#measureHead();
    const head = { pose, eyes, visibility, sharpness };
    if (!withEyes || !pose || !eyes || longer < MIN_FACE_FOR_EYES || Math.abs(pose.yaw) > MAX_YAW_FOR_EYES)
      return { ...head, gaze: null, open: null };
    const seen = await this.#measureEyes(image, eyeSquares(image, centres(eyes, face), pose.yaw));
    const isDoubtful = face.score < MAX_SCORE_UPSIDE_DOWN && seen.gaze && seen.gaze.confidence < MAX_DOUBTFUL;
    const turned = isDoubtful ? await this.#measureUpsideDown(image, face) : undefined;
    return turned ? { ...head, pose: turned, eyes: null, gaze: null, open: null } : { ...head, ...seen };
  }

  async #measureHead() {
    const output = await this.#head.run(this.#faceTensor);
    return {
      pose: poseOf(output('pose')),
      eyes: eyesOf(output('eyes')),
      visibility: unit(output('visibility')[0]),
    };
  }

  /**
   * The pose of a face that is upside down, if its eyes are found when the picture is turned. Networks that were made
   * for upright faces see one in such a picture, too: only the eyes are none.
   */
  async #measureUpsideDown(image: RgbImage, face: Face): Promise<Pose | undefined> {
    turnUpsideDown(this.#face);
    const { pose, eyes } = await this.#measureHead();
    if (!pose || !eyes || Math.abs(pose.yaw) > MAX_YAW_FOR_EYES) return undefined;
    const [left, right] = centres([turnedPoint(eyes[1]), turnedPoint(eyes[0])], face);
    const squares = eyeSquares(image, [left, right], pose.yaw);
    if (!squares) return undefined;
    const [first, second] = squares.map((square) => ({ ...square, lean: square.lean + Math.PI }));
    const { gaze } = await this.#measureEyes(image, [second!, first!]);
    if (!gaze || gaze.confidence < MIN_CONFIDENCE) return undefined;
    return { yaw: -pose.yaw, pitch: -pose.pitch, roll: pose.roll > 0 ? pose.roll - 180 : pose.roll + 180 };
  }

  async #measureEyes(
    image: RgbImage,
    squares: ReturnType<typeof eyeSquares>,
  ): Promise<Pick<HeadAndEyes, 'gaze' | 'open'>> {
    if (!squares) return { gaze: null, open: null };
    this.#crop.toBytes(image, squares[0], this.#left, false);
    this.#crop.toBytes(image, squares[1], this.#right, true);
    const output = await this.#eyes.run(this.#pairTensor);
    const gaze = output('gaze');
    const confidence = output('confidence');
    const open = [unit(output('open')[0]), unit(output('open')[1])] as const;
    return {
      gaze: fuseEyes(eyeGaze(gaze[0], gaze[1], confidence[0]), eyeGaze(negated(gaze[2]), gaze[3], confidence[1])),
      open: open[0] === null || open[1] === null ? null : [open[0], open[1]],
    };
  }
}

function poseOf([yaw = Number.NaN, pitch = Number.NaN, roll = Number.NaN]: Float32Array): Pose | null {
  return Number.isFinite(yaw) && Number.isFinite(pitch) && Number.isFinite(roll) ? { yaw, pitch, roll } : null;
}

function eyesOf([ax = Number.NaN, ay = Number.NaN, bx = Number.NaN, by = Number.NaN]: Float32Array):
  readonly [Point, Point] | null {
  return [ax, ay, bx, by].every(Number.isFinite)
    ? [
        [ax, ay],
        [bx, by],
      ]
    : null;
}

/** Turns a crop by 180 degrees, in place. */
function turnUpsideDown(crop: Uint8Array): void {
  for (let i = 0, j = crop.length - 3; i < j; i += 3, j -= 3)
    for (let c = 0; c < 3; c++) [crop[i + c], crop[j + c]] = [crop[j + c]!, crop[i + c]!];
}

const turnedPoint = ([x, y]: Point): Point => [1 - x, 1 - y];

/** From fractions of the crop to image pixels. */
function centres([[ax, ay], [bx, by]]: readonly [Point, Point], { box }: Face): readonly [Point, Point] {
  const [x, y, side] = squareAbout(box);
  return [
    [x + ax * side, y + ay * side],
    [x + bx * side, y + by * side],
  ];
}

function eyeGaze(yaw = Number.NaN, pitch = Number.NaN, confidence = Number.NaN): Gaze {
  return { yaw, pitch, confidence };
}

/** The second eye was mirrored. */
function negated(yaw = Number.NaN): number {
  return -yaw;
}

function unit(value = Number.NaN): number | null {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : null;
}
