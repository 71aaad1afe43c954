import type { Analysis } from '../../protocol/down.ts';

/** What is drawn over a picture; all in fractions of its width and height. */
export interface Overlay {
  readonly box: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  /** From the middle of the face to where the head points. */
  readonly head: Arrow | undefined;
  /** From between the eyes to where they look. */
  readonly gaze: Arrow | undefined;
}

export interface Arrow {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Below this the eyes' direction is a guess. */
const MIN_GAZE_CONFIDENCE = 0.3;

const sine = (degrees: number) => Math.sin((degrees * Math.PI) / 180);

/** Pure: undefined where no face was found. Angles: yaw to image right, pitch up; the gaze is relative to the head. */
export function overlayOf({ box, pose, gaze }: Analysis): Overlay | undefined {
  if (!box) return undefined;
  const { x, y, w, h } = box;
  const arrow = (x1: number, y1: number, yaw: number, pitch: number): Arrow => ({
    x1,
    y1,
    x2: x1 + sine(yaw) * w,
    y2: y1 - sine(pitch) * h,
  });
  return {
    box,
    head: pose ? arrow(x + w / 2, y + h / 2, pose.yaw, pose.pitch) : undefined,
    gaze:
      pose && gaze && gaze.confidence >= MIN_GAZE_CONFIDENCE
        ? arrow(x + w / 2, y + h * 0.38, pose.yaw + gaze.yaw, pose.pitch + gaze.pitch)
        : undefined,
  };
}

/** Pure: what was seen, in words: what the drawing says, for whoever cannot see it. */
export function seenWords({ faces, pose, gaze }: Analysis): string {
  if (faces === 0) return 'No face found';
  const parts = [faces === 1 ? 'One face' : `${faces} faces`];
  if (pose) parts.push(`head ${side(pose.yaw, 'right', 'left')}, ${side(pose.pitch, 'up', 'down')}`);
  if (gaze && gaze.confidence >= MIN_GAZE_CONFIDENCE)
    parts.push(`eyes ${side(gaze.yaw, 'right', 'left')}, ${side(gaze.pitch, 'up', 'down')}`);
  return parts.join('; ');
}

const side = (degrees: number, positive: string, negative: string) =>
  `${Math.abs(Math.round(degrees))}° ${degrees >= 0 ? positive : negative}`;
