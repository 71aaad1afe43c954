import { iou, largest } from '../../models/boxes.ts';
import type { Pose } from '../../models/jobs.ts';
import { bands, within } from './bands.ts';
import type { Look } from './looks.ts';
import { SAME_FACE } from './match.ts';
import { bias, error, type Section, share } from './measure.ts';
import { turn } from './statistics.ts';

/** Minimum score of a labelled pose used as ground truth. */
export const SURE = 0.8;
const YAWS = bands([20, 40, 60], 'deg');
/** Pitch below which a face looks down, degrees. */
const DOWN = -20;

/** Measured and true pose of one head. */
export interface PoseSample {
  readonly truth: Pose;
  readonly measured: Pose;
}

/**
 * Pose measured on the largest face, with the confidently labelled face that it matches. `measured` is null if the
 * models gave no pose.
 */
function samples(looks: readonly Look[]): readonly { readonly truth: Pose; readonly measured: Pose | null }[] {
  return looks.flatMap(({ picture, detection }) => {
    const subject = largest(detection.faces);
    const label = subject && picture.record.faces.find(({ box }) => iou(box, subject.box) >= SAME_FACE);
    return label?.pose && !label.ignore && label.mesh_score > SURE
      ? [{ truth: label.pose, measured: detection.pose }]
      : [];
  });
}

/** Errors of each angle, measured minus true, degrees. */
export const errorsOf = (all: readonly PoseSample[], angle: keyof Pose): number[] =>
  all.map(({ truth, measured }) => turn(truth[angle], measured[angle]));

export function headPoseSection(looks: readonly Look[]): Section {
  const all = samples(looks);
  const measured = all.flatMap(({ truth, measured: pose }) => (pose ? [{ truth, measured: pose }] : []));
  const down = measured.filter(({ truth }) => truth.pitch < DOWN);
  return {
    title: 'head pose against the labels',
    measures: [
      share(
        'pose given',
        all.map(({ measured: pose }) => pose !== null),
      ),
      ...(['yaw', 'pitch', 'roll'] as const).map((angle) =>
        error(`${angle}, mean absolute error`, errorsOf(measured, angle)),
      ),
      ...YAWS.flatMap((band) => {
        const those = measured.filter(({ truth }) => within(band, Math.abs(truth.yaw)));
        return (['yaw', 'pitch', 'roll'] as const).map((angle) =>
          error(`${angle} at a true yaw ${band.name}`, errorsOf(those, angle)),
        );
      }),
      bias(`pitch under ${DOWN} deg: mean error (above 0: read too high)`, errorsOf(down, 'pitch')),
      error(`pitch under ${DOWN} deg: mean absolute error`, errorsOf(down, 'pitch')),
    ],
  };
}
