import { iou } from '../../models/boxes.ts';
import type { RgbImage } from '../../models/image.ts';
import type { Box, Detection } from '../../models/jobs.ts';
import { median } from '../../simulator/report/percentile.ts';
import { between, mixSeed, seeded } from '../../simulator/draw/prng.ts';
import { SURE } from './head-pose.ts';
import { seesSeveral } from './looks.ts';
import { SAME_FACE } from './match.ts';
import { plain, type Section, share } from './measure.ts';
import type { LabelledFace, PackRecord } from './pack.ts';
import { toJpeg } from './pixels.ts';
import { FACE_HEIGHT, HEIGHT, smallFrame, WIDTH } from './small-frame.ts';

/** Small grey pictures of one turned or straight head, with and without sunglasses: the hardest case for a webcam. */

const QUALITY = 0.9;
/** Labelled yaw, degrees: straight up to the first value; turned between the others. */
const STRAIGHT = 10;
const TURNED: readonly [number, number] = [25, 60];
/** Labelled yaw from which a head is clearly turned away, so that the decision can be judged. */
const AWAY = 30;
/** Decision threshold: degrees from the median of straight heads. */
const LIMIT = 20;

export interface DirectedFrame {
  readonly jpeg: Uint8Array;
  readonly box: Box;
  /** Labelled, degrees. */
  readonly yaw: number;
  readonly sunglasses: boolean;
}

export interface DirectedLook {
  /** Without its bytes, which are not needed after analysis. */
  readonly frame: Omit<DirectedFrame, 'jpeg'>;
  readonly detection: Detection;
}

/** Frames from one picture; the same in every run with the same seed. */
export function directedFrames(record: PackRecord, image: RgbImage, seed: number): readonly DirectedFrame[] {
  return record.faces.filter(isUsable).flatMap((face, i) => {
    const random = seeded(mixSeed(seed, i));
    const sunglasses = {
      height: between(random, 0.095, 0.115),
      tone: between(random, 10, 50),
      opacity: between(random, 0.85, 0.97),
    };
    return [undefined, sunglasses].map((worn): DirectedFrame => {
      const { image: small, box } = smallFrame(image, face, worn);
      return { jpeg: toJpeg(small, QUALITY), box, yaw: face.pose!.yaw, sunglasses: worn !== undefined };
    });
  });
}

/** Nothing is enlarged: the face must have enough pixels. */
function isUsable({ ignore, pose, mesh_score, box }: LabelledFace): boolean {
  if (ignore || !pose || mesh_score <= SURE || box[3] < FACE_HEIGHT) return false;
  const yaw = Math.abs(pose.yaw);
  return yaw <= STRAIGHT || (yaw >= TURNED[0] && yaw <= TURNED[1]);
}

const isFound = ({ frame, detection }: DirectedLook): boolean =>
  detection.faces.some(({ box }) => iou(box, frame.box) >= SAME_FACE);

export function directedSection(looks: readonly DirectedLook[]): Section {
  const of = (sunglasses: boolean, turned?: boolean) =>
    looks.filter(
      ({ frame }) =>
        frame.sunglasses === sunglasses && (turned === undefined || turned === Math.abs(frame.yaw) > STRAIGHT),
    );
  const missed = (name: string, those: readonly DirectedLook[]) =>
    share(
      name,
      those.map((look) => !isFound(look)),
    );
  const measured = looks.flatMap((look) =>
    isFound(look) && look.detection.pose ? [{ frame: look.frame, yaw: look.detection.pose.yaw }] : [],
  );
  const straight = measured.filter(({ frame }) => Math.abs(frame.yaw) <= STRAIGHT);
  const away = measured.filter(({ frame }) => Math.abs(frame.yaw) >= AWAY);
  const neutral = median(straight.map(({ yaw }) => yaw));
  const calledAway = ({ yaw }: { readonly yaw: number }): boolean => Math.abs(yaw - (neutral ?? 0)) > LIMIT;
  return {
    title: `directed faces: grey, ${FACE_HEIGHT} px in ${WIDTH}x${HEIGHT}`,
    measures: [
      missed('missed', of(false)),
      missed('missed, straight', of(false, false)),
      missed('missed, turned', of(false, true)),
      missed('missed with sunglasses', of(true)),
      missed('missed with sunglasses, straight', of(true, false)),
      missed('missed with sunglasses, turned', of(true, true)),
      plain('median yaw of straight ones', neutral, 'deg', straight.length),
      share('away told from straight, of those found', [
        ...away.map(calledAway),
        ...straight.map((one) => !calledAway(one)),
      ]),
      share('turned ones called away', away.map(calledAway)),
      share('straight ones called away', straight.map(calledAway)),
      share(
        'one person taken for several',
        of(false).map(({ detection }) => seesSeveral(detection)),
      ),
    ],
  };
}
