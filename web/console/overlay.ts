import type { Analysis } from '../../protocol/down.ts';
import { t } from './messages.ts';

/** Overlay of an image, in fractions of its width and height. */
export interface Overlay {
  readonly box: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  /** From the centre of the face in the direction of the head. */
  readonly head: Arrow | undefined;
  /** From between the eyes in the direction of the gaze. */
  readonly gaze: Arrow | undefined;
}

export interface Arrow {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Below this confidence the gaze is not shown. */
const MIN_GAZE_CONFIDENCE = 0.3;

const sine = (degrees: number) => Math.sin((degrees * Math.PI) / 180);

/** Pure: undefined without a face. Angles: yaw to image right, pitch up; the gaze is relative to the head. */
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

/** Pure: the analysis as text, for people who cannot see the overlay. */
export function analysisText({ faces, pose, gaze }: Analysis): string {
  const { session } = t;
  if (faces === 0) return session.noFace;
  const parts = [session.faces(faces)];
  if (pose) parts.push(session.head(pose.yaw, pose.pitch));
  if (gaze && gaze.confidence >= MIN_GAZE_CONFIDENCE) parts.push(session.eyes(gaze.yaw, gaze.pitch));
  return parts.join('; ');
}
