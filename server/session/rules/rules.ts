import type { Detection } from '../../../models/jobs.ts';
import { INCIDENTS, type IncidentType } from '../../../protocol/event-types.ts';
import type { Policy } from '../../../protocol/policy.ts';
import { type Calibration, calibrate, UNCALIBRATED } from './calibration.ts';
import { type Conditions, readConditions } from './conditions.ts';
import { isSamePicture } from './frozen-picture.ts';
import { CLEAR, cutOff, type IncidentChange, type IncidentRule, type IncidentState, observe } from './incident.ts';

/** State of the rules for one session. Times are server ms. */
export interface RulesState {
  readonly incidents: Readonly<Record<IncidentType, IncidentState>>;
  readonly calibration: Calibration;
  /** Print of the last analysed frame. */
  readonly print: { readonly pixels: Uint8Array; readonly at: number } | undefined;
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
  return { incidents, calibration: UNCALIBRATED, print: undefined, frameAt: at };
}

/** A face that is missed once must not end an incident and begin a second one. */
const VISION_CLEARS = 2;

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
      return { holdMs: policy.holds.noFrame * 1000, minFrames: 1, clears: 1 };
    case 'INVALID_IMAGE':
      return { holdMs: 0, minFrames: 1, clears: 1 };
  }
}

/** Collects the changes of one observation. */
class Step {
  readonly incidents: Record<IncidentType, IncidentState>;
  readonly changes: RuleChange[] = [];
  readonly #policy: Policy;
  readonly #at: number;

  constructor(policy: Policy, state: RulesState, at: number) {
    this.#policy = policy;
    this.#at = at;
    this.incidents = { ...state.incidents };
  }

  observe(type: IncidentType, seen: boolean, confidence?: number, since?: number): void {
    this.#take(type, observe(ruleFor(this.#policy, type), this.incidents[type], seen, this.#at, confidence, since));
  }

  condition(type: IncidentType, confidence: number | undefined): void {
    this.observe(type, confidence !== undefined, confidence);
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
      return { state: { ...state, incidents: step.incidents, frameAt: at }, changes: step.changes };
    case 'tick':
      // A client that keeps a very low rate, as asked, misses no frame.
      if (
        at - state.frameAt >=
        Math.max(policy.holds.noFrame * 1000, MISSED_FRAMES * (observation.frameIntervalMs ?? 0))
      )
        step.observe('NO_FRAME_RECEIVED', true, 1, state.frameAt);
      return { state: { ...state, incidents: step.incidents }, changes: step.changes };
    case 'gap':
      // An open incident is known to have lasted until the last frame, and no longer.
      for (const type of INCIDENTS) step.cutOff(type, type === 'NO_FRAME_RECEIVED' ? at : state.frameAt);
      return { state: { ...state, incidents: step.incidents, print: undefined }, changes: step.changes };
    case 'resume':
      return { state: { ...state, print: undefined, frameAt: at }, changes: [] };
    case 'detection':
      return applyDetection(policy, state, step, observation.detection, at);
  }
}

function applyDetection(policy: Policy, state: RulesState, step: Step, detection: Detection, at: number): RulesResult {
  const seen: Conditions = readConditions(policy, detection, state.calibration.baseline);
  step.observe('INVALID_IMAGE', false);
  step.condition('CAMERA_COVERED', seen.covered);
  step.condition('NO_FACE', seen.noFace);
  step.condition('MULTIPLE_FACES', seen.multipleFaces);
  step.condition('LOOKING_AWAY', seen.lookingAway);
  const still = state.print !== undefined && isSamePicture(state.print.pixels, detection.print);
  step.observe('FROZEN_VIDEO', still, 1, state.print?.at ?? at);
  const good = detection.pose !== null && detection.faces.length === 1;
  return {
    state: {
      ...state,
      incidents: step.incidents,
      calibration: good ? calibrate(policy.calibration, state.calibration, detection.pose, at) : state.calibration,
      print: { pixels: detection.print, at },
    },
    changes: step.changes,
    seen,
  };
}
