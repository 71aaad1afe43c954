import type { Detection } from '../../../models/jobs.ts';
import { INCIDENTS, type IncidentType } from '../../../protocol/event-types.ts';
import type { Policy } from '../../../protocol/policy.ts';
import { type Calibration, calibrate, UNCALIBRATED } from './calibration.ts';
import { type Conditions, isBlank, readConditions, type Reading } from './conditions.ts';
import { isSamePicture } from './frozen-picture.ts';
import { CLEAR, cutOff, type IncidentChange, type IncidentRule, type IncidentState, observe } from './incident.ts';
import type { Moment } from './moment.ts';
import { peopleOf } from './people.ts';
import { momentOf, pause, SIGHT, type Sight, takeFrame } from './sight.ts';

/** State of the rules for one session. Times are server ms. */
export interface RulesState {
  readonly incidents: Readonly<Record<IncidentType, IncidentState>>;
  readonly calibration: Calibration;
  /** Print of the last frame that could be judged. */
  readonly print: { readonly pixels: Uint8Array; readonly moment: Moment } | undefined;
  readonly sight: Sight;
  /** When a face was last found in a dark or featureless picture. */
  readonly darkFaceAt: number | undefined;
  /** When a frame last arrived, or when waiting for one began. */
  readonly frameAt: number;
}

export type Observation =
  /** A frame arrived. `unseen`: no model will analyse it; only its header is known. */
  | { readonly kind: 'frame'; readonly at: number; readonly unseen?: boolean }
  | { readonly kind: 'detection'; readonly detection: Detection; readonly at: number }
  | { readonly kind: 'invalid'; readonly at: number }
  /** Time passes on a live socket. */
  | {
      readonly kind: 'tick';
      readonly at: number;
      /** Send interval that the client was asked for. */ readonly frameIntervalMs?: number;
    }
  /** Nothing is observed from here on: the connection is gone, the session pauses or ends. */
  | { readonly kind: 'gap'; readonly at: number }
  /** Observation begins again. */
  | { readonly kind: 'resume'; readonly at: number };

export interface RuleChange extends IncidentChange {
  readonly type: IncidentType;
}

export interface RulesResult {
  readonly state: RulesState;
  readonly changes: readonly RuleChange[];
  /** Conditions of the frame, when the observation was a detection. */
  readonly seen?: Conditions;
}

export function initialRules(at: number): RulesState {
  const incidents = Object.fromEntries(INCIDENTS.map((type) => [type, CLEAR])) as Record<IncidentType, IncidentState>;
  return {
    incidents,
    calibration: UNCALIBRATED,
    print: undefined,
    sight: SIGHT,
    darkFaceAt: undefined,
    frameAt: at,
  };
}

/** A face that is missed once must not end an incident and begin a second one. */
const VISION_CLEARS = 2;

/** Types that need sight: a frame that cannot be judged neither lengthens nor ends them. */
const NEEDS_SIGHT: ReadonlySet<IncidentType> = new Set(['NO_FACE', 'MULTIPLE_FACES', 'LOOKING_AWAY', 'FROZEN_VIDEO']);

/**
 * In a dark room a face may be found in some frames only. A covered camera shows none: after this long without one, it
 * counts as covered, ms. Of photos at a twentieth of their light, faces are found in 16 of 18.
 */
const DARK_ROOM_MS = 10_000;

/** At rates below the hold's own: so many frames must be missing. */
const MISSED_FRAMES = 3;

function ruleFor(policy: Policy, type: IncidentType): IncidentRule {
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
  }
}

/** Collects the changes of one observation. */
class Step {
  readonly incidents: Record<IncidentType, IncidentState>;
  readonly changes: RuleChange[] = [];
  readonly #policy: Policy;
  readonly #now: Moment;

  constructor(policy: Policy, state: RulesState, at: number) {
    this.#policy = policy;
    this.#now = { at, unknownMs: 0 };
    this.incidents = { ...state.incidents };
  }

  observe(type: IncidentType, seen: boolean, since?: number): void {
    const began = since === undefined ? undefined : { at: since, unknownMs: 0 };
    this.#take(type, observe(ruleFor(this.#policy, type), this.incidents[type], seen, this.#now, 1, began));
  }

  /** @param ends the condition is known to be over: one such frame closes its incident */
  condition(type: IncidentType, reading: Reading, now = this.#now, { ends = false, since = now } = {}): void {
    if (reading === 'unknown') return;
    const rule = ruleFor(this.#policy, type);
    const seen = reading !== undefined;
    this.#take(type, observe(ends ? { ...rule, clears: 1 } : rule, this.incidents[type], seen, now, reading, since));
  }

  cutOff(type: IncidentType, at: number): void {
    this.#take(type, cutOff(this.incidents[type], at));
  }

  #take(type: IncidentType, result: ReturnType<typeof observe>): void {
    this.incidents[type] = result.state;
    if (result.change) this.changes.push({ ...result.change, type });
  }
}

/** (policy, state, observation) -> (state, changes). Pure: the time comes with the observation. */
export function applyRules(policy: Policy, state: RulesState, observation: Observation): RulesResult {
  const { at } = observation;
  const step = new Step(policy, state, at);
  switch (observation.kind) {
    case 'frame':
      step.observe('NO_FRAME_RECEIVED', false);
      if (observation.unseen) step.observe('INVALID_IMAGE', false);
      return { state: { ...state, incidents: step.incidents, frameAt: at }, changes: step.changes };
    case 'invalid':
      step.observe('NO_FRAME_RECEIVED', false);
      step.observe('INVALID_IMAGE', true);
      return {
        state: { ...state, incidents: step.incidents, sight: takeFrame(state.sight, at, false), frameAt: at },
        changes: step.changes,
      };
    case 'tick':
      // A client that keeps a very low rate, as asked, misses no frame.
      if (
        at - state.frameAt >=
        Math.max(policy.holds.noFrame * 1000, MISSED_FRAMES * (observation.frameIntervalMs ?? 0))
      )
        step.observe('NO_FRAME_RECEIVED', true, state.frameAt);
      return { state: { ...state, incidents: step.incidents }, changes: step.changes };
    case 'gap':
      for (const type of INCIDENTS) step.cutOff(type, lastKnown(state, type, at));
      return { state: { ...withoutPicture(state), incidents: step.incidents }, changes: step.changes };
    case 'resume':
      return { state: { ...withoutPicture(state), frameAt: at }, changes: [] };
    case 'detection':
      return applyDetection(policy, state, step, observation.detection, at);
  }
}

/** An open incident is known to have lasted until the last frame that could tell, and no longer. */
function lastKnown({ frameAt, sight }: RulesState, type: IncidentType, at: number): number {
  if (type === 'NO_FRAME_RECEIVED') return at;
  return NEEDS_SIGHT.has(type) ? (sight.unknownFrom ?? frameAt) : frameAt;
}

const withoutPicture = (state: RulesState): RulesState => ({
  ...state,
  print: undefined,
  sight: pause(state.sight),
  darkFaceAt: undefined,
});

function applyDetection(policy: Policy, state: RulesState, step: Step, detection: Detection, at: number): RulesResult {
  const { darkFaceAt } = state;
  const isDarkRoom = darkFaceAt !== undefined && at - darkFaceAt < DARK_ROOM_MS;
  const seen = readConditions(policy, detection, state.calibration.baseline, isDarkRoom);
  const hasFace = detection.faces.length > 0;
  const isBlankPicture = isBlank(policy.covered, detection.luma);
  const known = hasFace || !isBlankPicture;
  const sight = takeFrame(state.sight, at, known);
  step.observe('INVALID_IMAGE', false);
  // A face is proof that nothing covers the camera.
  step.condition('CAMERA_COVERED', seen.covered, undefined, { ends: hasFace });
  if (!known) return { state: { ...state, incidents: step.incidents, sight }, changes: step.changes, seen };
  const now = momentOf(state.sight, sight, at);
  step.condition('NO_FACE', seen.noFace, now);
  step.condition('MULTIPLE_FACES', seen.multipleFaces, now);
  step.condition('LOOKING_AWAY', seen.lookingAway, now);
  const still = state.print !== undefined && isSamePicture(state.print.pixels, detection.print);
  step.condition('FROZEN_VIDEO', still ? 1 : undefined, now, { since: state.print?.moment ?? now });
  const alone = peopleOf(detection.faces, policy.multipleFaces.minHeightRatio).others.length === 0;
  return {
    state: {
      ...state,
      incidents: step.incidents,
      calibration:
        detection.pose && alone
          ? calibrate(policy.calibration, state.calibration, detection.pose, at - sight.unknownMs)
          : state.calibration,
      print: { pixels: detection.print, moment: now },
      sight,
      darkFaceAt: hasFace && isBlankPicture ? at : darkFaceAt,
    },
    changes: step.changes,
    seen,
  };
}
