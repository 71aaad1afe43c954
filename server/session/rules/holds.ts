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
/**
 * The second bucket: so many holds of evidence, and its leak. Absences and a covered camera that hold for more than 15 %
 * of the time fill it, looking away from 23 % on: people glance aside, but are there.
 */
const SLOW = { absent: { holds: 3, leak: 0.18 }, away: { holds: 3, leak: 0.3 } } as const;

const held = (seconds: number): IncidentRule => ({ holdMs: seconds * 1000, minFrames: 1, clears: VISION_CLEARS });

/** Rules that no policy changes. They are asked for with every frame. */
const FIXED: Readonly<Record<keyof typeof FIXED_HOLDS | 'NO_FRAME_RECEIVED', IncidentRule>> = {
  // Its condition waits for its hold itself.
  NO_FRAME_RECEIVED: { holdMs: 0, minFrames: 1, clears: 1, forgets: true },
  INVALID_IMAGE: { holdMs: 0, minFrames: 1, clears: 1, forgets: true },
  // Three intervals at least: a line that stood still once, or twice, is none.
  FEW_FRAMES: { holdMs: FIXED_HOLDS.FEW_FRAMES * 1000, minFrames: 3, clears: 4 },
  SMALL_PICTURE: held(FIXED_HOLDS.SMALL_PICTURE),
  FACE_UNCLEAR: held(FIXED_HOLDS.FACE_UNCLEAR),
  STILL_PICTURE: held(STILL_HOLD),
  // Their evidence is collected by the condition itself.
  REPEATED_PICTURE: { holdMs: 0, minFrames: 1, clears: VISION_CLEARS, forgets: true },
  TWO_SOURCES: { holdMs: 0, minFrames: 1, clears: VISION_CLEARS, forgets: true },
  LOOPED_VIDEO: { holdMs: 0, minFrames: 1, clears: SCANS, forgets: true },
};

/** When an incident of the type opens and closes. */
export function ruleFor(policy: Policy, type: IncidentType): IncidentRule {
  switch (type) {
    case 'NO_FACE':
      return withSlow(policy.holds.noFace, SLOW.absent);
    case 'LOOKING_AWAY':
      return withSlow(policy.holds.lookingAway, SLOW.away);
    case 'CAMERA_COVERED':
      return withSlow(policy.holds.cameraCovered, SLOW.absent);
    case 'MULTIPLE_FACES':
      return { holdMs: 0, minFrames: policy.multipleFaces.frames, clears: VISION_CLEARS };
    case 'FROZEN_VIDEO':
      return { holdMs: policy.holds.frozenVideo * 1000, minFrames: 2, clears: 1 };
    default:
      return FIXED[type];
  }
}

function withSlow(seconds: number, { holds, leak }: { holds: number; leak: number }): IncidentRule {
  if (seconds === 0) return held(0);
  const holdMs = seconds * 1000;
  return { holdMs, minFrames: 1, clears: VISION_CLEARS, slow: { holdMs: holds * holdMs, leak } };
}
