import type { Detection } from '../../models/jobs.ts';
import type { Policy } from '../../protocol/policy.ts';
import { type Calibration, calibrate, UNCALIBRATED } from '../../server/session/rules/calibration.ts';
import { isBlank, readConditions } from '../../server/session/rules/conditions.ts';
import { isSamePicture } from '../../server/session/rules/frozen-picture.ts';
import { hasHeld } from '../../server/session/rules/incident.ts';
import { knownBetween, type Moment } from '../../server/session/rules/moment.ts';
import { peopleOf } from '../../server/session/rules/people.ts';
import type { Observation, RuleChange } from '../../server/session/rules/rules.ts';
import { momentOf, pause, SIGHT, type Sight, takeFrame } from '../../server/session/rules/sight.ts';

/**
 * The rules before decisions 0136 and 0137, for comparison: an incident opens when its condition has lasted for its hold
 * without a break, and only what a single frame shows is judged.
 */
export interface HoldState {
  readonly conditions: Readonly<Partial<Record<HeldType, Lasting>>>;
  readonly calibration: Calibration;
  readonly print: { readonly pixels: Uint8Array; readonly moment: Moment } | undefined;
  readonly sight: Sight;
  readonly darkFaceAt: number | undefined;
  readonly frameAt: number;
}

const TYPES = [
  'NO_FACE',
  'MULTIPLE_FACES',
  'LOOKING_AWAY',
  'CAMERA_COVERED',
  'FROZEN_VIDEO',
  'NO_FRAME_RECEIVED',
  'INVALID_IMAGE',
] as const;
type HeldType = (typeof TYPES)[number];

interface Lasting {
  readonly since: Moment;
  readonly frames: number;
  readonly isOpen: boolean;
  readonly clears: number;
}

type Change = Pick<RuleChange, 'kind' | 'type' | 'startedAt' | 'at'>;

export const initialHolds = (at: number): HoldState => ({
  conditions: {},
  calibration: UNCALIBRATED,
  print: undefined,
  sight: SIGHT,
  darkFaceAt: undefined,
  frameAt: at,
});

/** In a dark room the camera counts as covered after so long without a face, ms. */
const DARK_ROOM_MS = 10_000;

const ruleOf = ({ holds, multipleFaces }: Policy): Record<HeldType, { holdMs: number; minFrames: number }> => ({
  NO_FACE: { holdMs: holds.noFace * 1000, minFrames: 1 },
  LOOKING_AWAY: { holdMs: holds.lookingAway * 1000, minFrames: 1 },
  CAMERA_COVERED: { holdMs: holds.cameraCovered * 1000, minFrames: 1 },
  MULTIPLE_FACES: { holdMs: 0, minFrames: multipleFaces.frames },
  FROZEN_VIDEO: { holdMs: holds.frozenVideo * 1000, minFrames: 2 },
  NO_FRAME_RECEIVED: { holdMs: holds.noFrame * 1000, minFrames: 1 },
  INVALID_IMAGE: { holdMs: 0, minFrames: 1 },
});

const ONE_CLEAR: ReadonlySet<HeldType> = new Set(['FROZEN_VIDEO', 'NO_FRAME_RECEIVED', 'INVALID_IMAGE']);

export function applyHolds(
  policy: Policy,
  state: HoldState,
  observation: Observation,
): { state: HoldState; changes: readonly Change[] } {
  const { at } = observation;
  const rules = ruleOf(policy);
  const conditions = { ...state.conditions };
  const changes: Change[] = [];
  const observe = (type: HeldType, seen: boolean, now: Moment = { at, unknownMs: 0 }, since = now, clears?: number) => {
    const before = conditions[type];
    if (!seen) {
      if (!before) return;
      const count = before.clears + 1;
      if (before.isOpen && count < (clears ?? (ONE_CLEAR.has(type) ? 1 : 2)))
        return void (conditions[type] = { ...before, clears: count });
      delete conditions[type];
      if (before.isOpen) changes.push({ kind: 'close', type, startedAt: before.since.at, at });
      return;
    }
    const next = { since, isOpen: false, ...before, frames: (before?.frames ?? 0) + 1, clears: 0 };
    const opens = !next.isOpen && hasHeld(rules[type], knownBetween(next.since, now), next.frames);
    if (opens) changes.push({ kind: 'open', type, startedAt: next.since.at, at });
    conditions[type] = { ...next, isOpen: next.isOpen || opens };
  };
  const done = (next: Partial<HoldState>) => ({ state: { ...state, ...next, conditions }, changes });
  switch (observation.kind) {
    case 'frame':
      observe('NO_FRAME_RECEIVED', false);
      return done({ frameAt: at });
    case 'invalid':
      observe('NO_FRAME_RECEIVED', false);
      observe('INVALID_IMAGE', true);
      return done({ sight: takeFrame(state.sight, at, false), frameAt: at });
    case 'tick': {
      const since = { at: state.frameAt, unknownMs: 0 };
      if (at - state.frameAt >= policy.holds.noFrame * 1000) observe('NO_FRAME_RECEIVED', true, undefined, since);
      return done({});
    }
    case 'gap':
      for (const type of TYPES) {
        const before = conditions[type];
        delete conditions[type];
        if (before?.isOpen) changes.push({ kind: 'close', type, startedAt: before.since.at, at });
      }
      return done({ print: undefined, sight: pause(state.sight), darkFaceAt: undefined });
    case 'resume':
      return done({ print: undefined, sight: pause(state.sight), darkFaceAt: undefined, frameAt: at });
    case 'detection':
      return done(look(policy, state, observation.detection, at, observe));
  }
}

type Observe = (type: HeldType, seen: boolean, now?: Moment, since?: Moment, clears?: number) => void;

function look(policy: Policy, state: HoldState, detection: Detection, at: number, observe: Observe) {
  const { darkFaceAt, print } = state;
  const isDarkRoom = darkFaceAt !== undefined && at - darkFaceAt < DARK_ROOM_MS;
  const seen = readConditions(policy, detection, state.calibration.baseline, isDarkRoom);
  const hasFace = detection.faces.length > 0;
  const isDark = isBlank(policy.covered, detection.luma);
  const sight = takeFrame(state.sight, at, hasFace || !isDark);
  observe('INVALID_IMAGE', false);
  if (seen.covered !== 'unknown')
    observe('CAMERA_COVERED', seen.covered !== undefined, undefined, undefined, hasFace ? 1 : 2);
  if (!hasFace && isDark) return { sight };
  const now = momentOf(state.sight, sight, at);
  const readings = [
    ['NO_FACE', seen.noFace],
    ['MULTIPLE_FACES', seen.multipleFaces],
    ['LOOKING_AWAY', seen.lookingAway],
  ] as const;
  for (const [type, reading] of readings) if (reading !== 'unknown') observe(type, reading !== undefined, now);
  const isStill = print !== undefined && isSamePicture(print.pixels, detection.print);
  observe('FROZEN_VIDEO', isStill, now, print?.moment ?? now);
  const { others } = peopleOf(detection.faces, policy.multipleFaces.minHeightRatio);
  const calibration =
    detection.pose && others.length === 0
      ? calibrate(policy.calibration, state.calibration, detection.pose, at - sight.unknownMs)
      : state.calibration;
  return {
    sight,
    calibration,
    print: { pixels: detection.print, moment: now },
    darkFaceAt: hasFace && isDark ? at : darkFaceAt,
  };
}
