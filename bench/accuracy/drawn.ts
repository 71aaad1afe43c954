import type { Detection } from '../../models/jobs.ts';
import { median } from '../../simulator/report/percentile.ts';
import type { Posture } from '../../simulator/draw/person.ts';
import { bands, within } from './bands.ts';
import type { DrawnFrame, DrawnKind } from './drawn-frames.ts';
import { errorsOf, type PoseSample } from './head-pose.ts';
import { KNOWN_GAZE, seesSeveral } from './looks.ts';
import { average, bias, error, type Measure, type Section, share } from './measure.ts';

export interface DrawnLook {
  /** Without its bytes, which are not needed after analysis. */
  readonly frame: Omit<DrawnFrame, 'jpeg'>;
  readonly detection: Detection;
}

interface Known extends DrawnLook {
  readonly truth: Posture;
}

const YAWS = bands([20, 40], 'deg');
/** On the scale from 0 (shut) to 1 (wide awake). */
const HALF_OPEN = 0.5;
const DOWN = [
  { name: '-30 to -20 deg', low: -30, high: -20 },
  { name: '-45 to -30 deg', low: -45, high: -30 },
] as const;

/** Figures on drawn frames, whose ground truth is exact. */
export function drawnSections(looks: readonly DrawnLook[]): readonly Section[] {
  return [
    { title: 'drawn frames: faces', measures: faces(looks) },
    { title: 'drawn frames: head pose', measures: headPose(looks) },
    { title: 'drawn frames: gaze', measures: gaze(looks) },
    { title: 'drawn frames: lids, and how much of the face is seen', measures: lidsAndVisibility(looks) },
  ];
}

function of(looks: readonly DrawnLook[], ...kinds: readonly DrawnKind[]): readonly Known[] {
  return looks.flatMap((look) =>
    look.frame.truth && kinds.includes(look.frame.kind) ? [{ ...look, truth: look.frame.truth }] : [],
  );
}

/** A detected face centred inside the head: the drawing gives the head's position, not a box. */
function isFound({ truth, detection }: Known): boolean {
  return detection.faces.some(
    ({ box: [x, y, w, h] }) => Math.hypot(x + w / 2 - truth.x, y + h / 2 - truth.y) < truth.size / 2,
  );
}

function faces(looks: readonly DrawnLook[]): readonly Measure[] {
  const found = (name: string, ...kinds: readonly DrawnKind[]) =>
    share(`found: ${name}`, of(looks, ...kinds).map(isFound));
  const seen = (kind: DrawnKind) => looks.filter(({ frame }) => frame.kind === kind).map(({ detection }) => detection);
  return [
    found('straight', 'straight', 'gaze', 'shut'),
    found('turned to 55 deg', 'turned'),
    found('looking down to -45 deg', 'down'),
    found('sunglasses', 'sunglasses'),
    found('hand over the eyes', 'hand'),
    found('blurred', 'blurred'),
    share(
      'empty room with a face',
      seen('empty').map((detection) => detection.faces.length > 0),
    ),
    share('second person seen', seen('second').map(seesSeveral)),
  ];
}

function headPose(looks: readonly DrawnLook[]): readonly Measure[] {
  const posed = poses(of(looks, 'straight', 'turned', 'gaze', 'shut'));
  const down = poses(relativeToOwn(looks, of(looks, 'down')));
  return [
    ...(['yaw', 'pitch', 'roll'] as const).map((angle) =>
      error(`${angle}, mean absolute error`, errorsOf(posed, angle)),
    ),
    ...YAWS.map((band) =>
      error(
        `yaw at a true yaw ${band.name}`,
        errorsOf(
          posed.filter(({ truth }) => within(band, Math.abs(truth.yaw))),
          'yaw',
        ),
      ),
    ),
    ...DOWN.map((band) =>
      bias(
        `pitch ${band.name} from the own straight: mean error (above 0: read too high)`,
        errorsOf(
          down.filter(({ truth }) => within(band, truth.pitch)),
          'pitch',
        ),
      ),
    ),
  ];
}

const poses = (looks: readonly Known[]): PoseSample[] =>
  looks.flatMap(({ truth, detection: { pose } }) => (pose ? [{ truth, measured: pose }] : []));

/** With the pitch as used by the server's rule: relative to the median reading of the same person's straight head. */
function relativeToOwn(looks: readonly DrawnLook[], wanted: readonly Known[]): readonly Known[] {
  const straight = of(looks, 'straight');
  return wanted.flatMap((look) => {
    const own = median(
      poses(straight.filter(({ frame }) => frame.scene === look.frame.scene)).map(
        ({ truth, measured }) => measured.pitch - truth.pitch,
      ),
    );
    const { pose } = look.detection;
    return pose && own !== null
      ? [{ ...look, detection: { ...look.detection, pose: { ...pose, pitch: pose.pitch - own } } }]
      : [];
  });
}

const isKnown = ({ detection: { gaze: seen } }: DrawnLook): boolean => seen !== null && seen.confidence >= KNOWN_GAZE;

function gaze(looks: readonly DrawnLook[]): readonly Measure[] {
  const known = of(looks, 'gaze').filter(isKnown);
  const errors = (angle: 'yaw' | 'pitch') =>
    known.map(({ truth, detection }) => detection.gaze![angle] - (angle === 'yaw' ? truth.gazeYaw : truth.gazePitch));
  const knownShare = (name: string, kind: DrawnKind) => share(`known: ${name}`, of(looks, kind).map(isKnown));
  return [
    error('yaw where known, mean absolute error', errors('yaw')),
    error('pitch where known, mean absolute error', errors('pitch')),
    knownShare('sharp open eyes', 'gaze'),
    knownShare('shut eyes', 'shut'),
    knownShare('sunglasses', 'sunglasses'),
    knownShare('hand over the eyes', 'hand'),
    knownShare('blurred', 'blurred'),
  ];
}

function lidsAndVisibility(looks: readonly DrawnLook[]): readonly Measure[] {
  const lids = (kind: DrawnKind, right: (open: number) => boolean) =>
    of(looks, kind).flatMap(({ detection: { open } }) => (open ? [open.every(right)] : []));
  const seen = (name: string, ...kinds: readonly DrawnKind[]) =>
    average(
      `visibility: ${name}`,
      of(looks, ...kinds).flatMap(({ detection: { visibility } }) => visibility ?? []),
    );
  return [
    share(
      'open eyes read as open',
      lids('gaze', (open) => open >= HALF_OPEN),
    ),
    share(
      'shut eyes read as shut',
      lids('shut', (open) => open < HALF_OPEN),
    ),
    seen('whole face', 'straight', 'gaze'),
    seen('sunglasses', 'sunglasses'),
    seen('hand over the eyes', 'hand'),
    seen('blurred', 'blurred'),
  ];
}
