import type { Detection } from '../../models/jobs.ts';
import type { CheckHint, SystemCheck } from '../../protocol/http/system-check.ts';

/** Below this mean brightness, 0..255, a face has little to go by; a camera that is covered counts from 16 down. */
const DARK = 50;
/** Height of the face as a share of the picture's: a student at arm's length has 0.3 to 0.6. */
const SMALL = 0.18;
/** How far the middle of the face may be from the middle of the picture, as a share of its width and height. */
const ASIDE = { x: 0.25, y: 0.3 } as const;
/** A second face counts from this share of the first one's height, as in a policy by default. */
const SECOND = 0.3;

const thousandth = (value: number) => Math.round(value * 1000) / 1000;

/** Problems of the picture, the most important first. Works on mirrored pictures too. */
export function hintsOf({
  faces,
  luma,
  width,
  height,
}: Pick<Detection, 'faces' | 'luma' | 'width' | 'height'>): CheckHint[] {
  const dark: CheckHint[] = luma.mean < DARK ? ['too_dark'] : [];
  const [tallest, ...others] = faces.toSorted((a, b) => b.box[3] - a.box[3]);
  if (!tallest) return [...dark, 'no_face'];
  const [x, y, w, h] = tallest.box;
  const aside = Math.abs((x + w / 2) / width - 0.5) > ASIDE.x || Math.abs((y + h / 2) / height - 0.5) > ASIDE.y;
  return [
    ...dark,
    ...(others.some((face) => face.box[3] >= SECOND * h) ? (['several_faces'] as const) : []),
    ...(aside ? (['off_centre'] as const) : []),
    ...(h / height < SMALL ? (['too_small'] as const) : []),
  ];
}

export function checkView(detection: Detection): SystemCheck {
  const { faces, width, height, luma } = detection;
  const boxes = faces.map(({ box: [x, y, w, h] }) => ({
    x: thousandth(x / width),
    y: thousandth(y / height),
    w: thousandth(w / width),
    h: thousandth(h / height),
  }));
  return { faces: faces.length, boxes, luma: Math.round(luma.mean * 10) / 10, hints: hintsOf(detection) };
}
