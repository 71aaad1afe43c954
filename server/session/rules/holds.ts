import type { IncidentType } from '../../../protocol/event-types.ts';
import type { Policy } from '../../../protocol/policy.ts';
import type { IncidentRule } from './incident.ts';

/** Seconds until an incident opens that no policy sets, including the time that its condition looks back on. */
export const FIXED_HOLDS = {
  INVALID_IMAGE: 0,
  REPEATED_PICTURE: 12,
  STILL_PICTURE: 25,
  LOOPED_VIDEO: 25,
  FEW_FRAMES: 18,
  SMALL_PICTURE: 10,
  TWO_SOURCES: 5,
  FACE_UNCLEAR: 15,
} as const satisfies Partial<Record<IncidentType, number>>;

/** A face that is missed once must not end an incident and begin a second one. */
const VISION_CLEARS = 2;
/** Scans without a loop that end `LOOPED_VIDEO`. */
const SCANS = 4;
/** Of `STILL_PICTURE`, beyond the time that its condition looks back on, s. */
const STILL_HOLD = 4;

/** When an incident of the type opens and closes. */
export function ruleFor(policy: Policy, type: IncidentType): IncidentRule {
  const held = (seconds: number): IncidentRule => ({ holdMs: seconds * 1000, minFrames: 1, clears: VISION_CLEARS });
  switch (type) {
    case 'NO_FACE':
      return held(policy.holds.noFace);
    case 'LOOKING_AWAY':
      return held(policy.holds.lookingAway);
    case 'CAMERA_COVERED':
      return held(policy.holds.cameraCovered);
    case 'MULTIPLE_FACES':
      return { holdMs: 0, minFrames: policy.multipleFaces.frames, clears: VISION_CLEARS };
    case 'FROZEN_VIDEO':
      return { holdMs: policy.holds.frozenVideo * 1000, minFrames: 2, clears: 1 };
    case 'NO_FRAME_RECEIVED':
      return { holdMs: policy.holds.noFrame * 1000, minFrames: 1, clears: 1, forgets: true };
    case 'INVALID_IMAGE':
      return { holdMs: 0, minFrames: 1, clears: 1, forgets: true };
    // Three intervals at least: a line that stood still once, or twice, is none.
    case 'FEW_FRAMES':
      return { holdMs: FIXED_HOLDS.FEW_FRAMES * 1000, minFrames: 3, clears: 4 };
    case 'SMALL_PICTURE':
    case 'FACE_UNCLEAR':
      return held(FIXED_HOLDS[type]);
    case 'STILL_PICTURE':
      return held(STILL_HOLD);
    // Their evidence is collected by the condition itself.
    case 'REPEATED_PICTURE':
    case 'TWO_SOURCES':
      return { holdMs: 0, minFrames: 1, clears: VISION_CLEARS, forgets: true };
    case 'LOOPED_VIDEO':
      return { holdMs: 0, minFrames: 1, clears: SCANS, forgets: true };
  }
}
