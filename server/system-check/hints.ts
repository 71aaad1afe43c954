import type { Detection } from '../../models/jobs.ts';
import type { CheckHint, SystemCheck } from '../../protocol/http/system-check.ts';
import { Policy } from '../../protocol/policy.ts';
import { isFaceDark } from '../session/rules/face-light.ts';
import { peopleOf } from '../session/rules/people.ts';

/** Below this mean brightness, 0..255, a picture is too dark for a face to be found in it. */
const DARK = 50;
/** Height of the face as a share of the picture's: a student at arm's length has 0.3 to 0.6. */
const SMALL = 0.18;
/** How far the middle of the face may be from the middle of the picture, as a share of its width and height. */
const ASIDE = { x: 0.25, y: 0.3 } as const;
/** No policy applies: that of an exam by default. */
const { minHeightRatio } = Policy.parse({}).multipleFaces;

const thousandth = (value: number) => Math.round(value * 1000) / 1000;

/** Problems of the picture, the most important first. Works on mirrored pictures too. */
export function hintsOf({
  faces,
  luma,
  faceLuma,
  width,
  height,
}: Pick<Detection, 'faces' | 'luma' | 'faceLuma' | 'width' | 'height'>): CheckHint[] {
  const { main, others } = peopleOf(faces, minHeightRatio);
  if (!main) return [...(luma.mean < DARK ? (['too_dark'] as const) : []), 'no_face'];
  const [x, y, w, h] = main.box;
  const aside = Math.abs((x + w / 2) / width - 0.5) > ASIDE.x || Math.abs((y + h / 2) / height - 0.5) > ASIDE.y;
  return [
    // The face's own light: it may be lit in front of a black wall, and dark against a window.
    ...(isFaceDark(faceLuma) ? (['too_dark'] as const) : []),
    ...(others.length > 0 ? (['several_faces'] as const) : []),
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
