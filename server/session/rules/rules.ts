import type { Detection } from '../../../models/jobs.ts';
import { type CameraEvent, INCIDENTS, type IncidentType } from '../../../protocol/event-types.ts';
import type { Policy } from '../../../protocol/policy.ts';
import { type Calibration, calibrate, isTurned, UNCALIBRATED } from './calibration.ts';
import { type Conditions, isBlank, readConditions, type Reading } from './conditions.ts';
import { isFew } from './few-frames.ts';
import { ruleFor } from './holds.ts';
import { afterGap, CLEAR, cutOff, type IncidentChange, type IncidentState, observe } from './incident.ts';
import type { Moment } from './moment.ts';
import { peopleOf } from './people.ts';
import { NO_PICTURES, type PictureMemory, withoutView } from './picture/memory.ts';
import { watchPicture } from './picture/picture.ts';
import type { Shape } from './picture/sources.ts';
import { momentOf, pause, SIGHT, type Sight, takeFrame } from './sight.ts';
import {
  connectedAgain,
  disconnected,
  frameCame,
  framelessSilence,
  gapOf,
  noticedLate,
  silence,
  type Waiting,
  waitingFrom,
} from './waiting.ts';

/** State of the rules for one session. Times are server ms. */
export interface RulesState {
  readonly incidents: Readonly<Record<IncidentType, IncidentState>>;
  readonly calibration: Calibration;
  /** Of the last frame that could be judged; undefined before the first and after a gap. */
  readonly pictured: Moment | undefined;
  readonly sight: Sight;
  /** When a face was last found in a dark or featureless picture. */
  readonly darkFaceAt: number | undefined;
  readonly waiting: Waiting;
  /** Longest interval between frames that the client was asked for since the last one, ms. */
  readonly askedMs: number;
  /** Outlives gaps: a video may go on behind them. */
  readonly picture: PictureMemory;
  /** Of the last frame that could be judged or was excused. */
  readonly excuse: Excuse | undefined;
}

/**
 * What the student was asked for: to turn the head, or to show the room (`requests/`). Frames of that time open nothing
 * that follows from it.
 */
export type Excuse = 'turn' | 'look';

export type Observation =
  /** A frame arrived. */
  | {
      readonly kind: 'frame';
      readonly at: number;
      /** No model will analyse it; only its header is known. */
      readonly unseen?: boolean;
      /** Interval that the client was asked for, ms; absent if it was asked for none. */
      readonly frameIntervalMs?: number;
    }
  | {
      readonly kind: 'detection';
      readonly detection: Detection;
      readonly at: number;
      /** Digest of the bytes, if they are at hand. */
      readonly digest?: number;
      /** Absent: by the socket. */
      readonly via?: Shape['via'];
      readonly excuse?: Excuse | undefined;
    }
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

/** Something that the rules note once, without a duration. */
export interface RuleNote {
  readonly type: CameraEvent;
  readonly at: number;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface RulesResult {
  readonly state: RulesState;
  readonly changes: readonly RuleChange[];
  readonly notes?: readonly RuleNote[];
  /** Conditions of the frame, when the observation was a detection. */
  readonly seen?: Conditions;
}

/** @param baseline of a session that was calibrated before: it is not measured anew */
export function initialRules(at: number, baseline?: Calibration['baseline']): RulesState {
  const incidents = Object.fromEntries(INCIDENTS.map((type) => [type, CLEAR])) as Record<IncidentType, IncidentState>;
  return {
    incidents,
    calibration: baseline ? { ...UNCALIBRATED, done: true, baseline, measured: baseline } : UNCALIBRATED,
    pictured: undefined,
    sight: SIGHT,
    darkFaceAt: undefined,
    waiting: waitingFrom(at),
    askedMs: 0,
    picture: NO_PICTURES,
    excuse: undefined,
  };
}

/** A head that is turned as asked may be out of view. */
const TURN_EXCUSES: ReadonlySet<IncidentType> = new Set(['LOOKING_AWAY', 'NO_FACE']);
/** These are about the line and the file, whatever the camera shows. */
const LINE_TYPES: ReadonlySet<IncidentType> = new Set(['NO_FRAME_RECEIVED', 'INVALID_IMAGE', 'FEW_FRAMES']);

const isExcused = (excuse: Excuse | undefined, type: IncidentType): boolean =>
  excuse === 'turn' ? TURN_EXCUSES.has(type) : excuse === 'look' && !LINE_TYPES.has(type);

/** Types that need sight: a frame that cannot be judged neither lengthens nor ends them. */
const NEEDS_SIGHT: ReadonlySet<IncidentType> = new Set([
  'NO_FACE',
  'MULTIPLE_FACES',
  'LOOKING_AWAY',
  'FROZEN_VIDEO',
  'REPEATED_PICTURE',
  'STILL_PICTURE',
  'LOOPED_VIDEO',
  'FACE_UNCLEAR',
]);

/**
 * In a dark room a face may be found in some frames only. A covered camera shows none: after this long without one, it
 * counts as covered, ms. Of photos at a twentieth of their light, faces are found in 16 of 18.
 */
const DARK_ROOM_MS = 10_000;

/** At rates below the hold's own: so many frames must be missing. */
const MISSED_FRAMES = 3;

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
    this.#take(type, cutOff(ruleFor(this.#policy, type), this.incidents[type], at));
  }

  /** As `cutOff`, and its evidence is forgotten. */
  forget(type: IncidentType, at: number): void {
    this.#take(type, cutOff({ ...ruleFor(this.#policy, type), forgets: true }, this.incidents[type], at));
  }

  leak(type: IncidentType, gapMs: number): void {
    this.incidents[type] = afterGap(ruleFor(this.#policy, type), this.incidents[type], gapMs);
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
      watchRate(step, state, at, observation.frameIntervalMs);
      return {
        state: {
          ...state,
          incidents: step.incidents,
          waiting: frameCame(state.waiting, at),
          askedMs: observation.frameIntervalMs ?? 0,
        },
        changes: step.changes,
      };
    case 'invalid':
      step.observe('NO_FRAME_RECEIVED', false);
      step.observe('INVALID_IMAGE', true);
      return {
        state: {
          ...state,
          incidents: step.incidents,
          sight: takeFrame(state.sight, at, false),
          waiting: frameCame(state.waiting, at),
        },
        changes: step.changes,
      };
    case 'tick':
      // A client that keeps a very low rate, as asked, misses no frame.
      if (
        framelessSilence(state.waiting, at) >=
        Math.max(policy.holds.noFrame * 1000, MISSED_FRAMES * (observation.frameIntervalMs ?? 0))
      )
        step.observe('NO_FRAME_RECEIVED', true, state.waiting.since);
      return {
        state: {
          ...state,
          incidents: step.incidents,
          askedMs: Math.max(state.askedMs, observation.frameIntervalMs ?? 0),
        },
        changes: step.changes,
      };
    case 'gap':
      for (const type of INCIDENTS) {
        step.cutOff(type, lastKnown(state, type, at));
        step.leak(type, noticedLate(state.waiting, at));
      }
      return {
        state: { ...interrupted(state), incidents: step.incidents, waiting: disconnected(state.waiting, at) },
        changes: step.changes,
      };
    case 'resume':
      for (const type of INCIDENTS) step.leak(type, gapOf(state.waiting, at));
      return {
        state: { ...interrupted(state), incidents: step.incidents, waiting: connectedAgain(state.waiting, at) },
        changes: [],
      };
    case 'detection':
      return applyDetection(policy, state, step, observation);
  }
}

/** An open incident is known to have lasted until the last frame that could tell, and no longer. */
function lastKnown({ waiting: { since: frameAt }, sight }: RulesState, type: IncidentType, at: number): number {
  if (type === 'NO_FRAME_RECEIVED') return at;
  return NEEDS_SIGHT.has(type) ? (sight.unknownFrom ?? frameAt) : frameAt;
}

/** A frame after the interruption does not follow the one before it. */
const interrupted = (state: RulesState): RulesState => ({
  ...state,
  pictured: undefined,
  sight: pause(state.sight),
  darkFaceAt: undefined,
  askedMs: 0,
});

/** The camera was carried around: how the student sits and what is in the room are learned anew. */
const afterLook = (state: RulesState): RulesState => ({
  ...interrupted(state),
  calibration: UNCALIBRATED,
  picture: withoutView(state.picture),
});

/** An interval that is many times as long as the one asked for is time with too few frames. */
function watchRate(step: Step, { waiting, askedMs }: RulesState, at: number, frameIntervalMs = 0): void {
  if (frameIntervalMs === 0) return;
  const interval = silence(waiting, at);
  step.observe('FEW_FRAMES', isFew({ interval, asked: Math.max(askedMs, frameIntervalMs) }), at - interval);
}

type Detected = Extract<Observation, { kind: 'detection' }>;

function applyDetection(policy: Policy, before: RulesState, step: Step, observed: Detected): RulesResult {
  const { detection, at, excuse } = observed;
  const state = before.excuse === 'look' && excuse !== 'look' ? afterLook(before) : before;
  if (excuse && excuse !== before.excuse) {
    // What was true until now ends here; its evidence is not continued by frames that come after the request.
    for (const type of INCIDENTS) if (isExcused(excuse, type)) step.forget(type, lastKnown(before, type, at));
  }
  if (excuse === 'look') {
    step.observe('INVALID_IMAGE', false);
    return { state: { ...interrupted(before), incidents: step.incidents, excuse }, changes: step.changes };
  }
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
  if (!known) return { state: { ...state, incidents: step.incidents, sight, excuse }, changes: step.changes, seen };
  const now = momentOf(state.sight, sight, at);
  if (excuse !== 'turn') step.condition('NO_FACE', seen.noFace, now);
  step.condition('MULTIPLE_FACES', seen.multipleFaces, now);
  if (excuse !== 'turn') step.condition('LOOKING_AWAY', seen.lookingAway, now);
  const { main, others } = peopleOf(detection.faces, policy.multipleFaces.minHeightRatio);
  const picture = watchPicture(policy.frames, state.picture, {
    detection,
    main,
    digest: observed.digest,
    via: observed.via ?? 'socket',
    follows: state.pictured !== undefined,
    at,
  });
  step.condition('FROZEN_VIDEO', picture.seen.frozen, now, { since: state.pictured ?? now });
  step.condition('REPEATED_PICTURE', picture.seen.repeated, now);
  step.condition('STILL_PICTURE', picture.seen.still, now);
  step.condition('LOOPED_VIDEO', picture.seen.looped, now);
  step.condition('SMALL_PICTURE', picture.seen.small, now);
  step.condition('TWO_SOURCES', picture.seen.twoSources, now);
  step.condition('FACE_UNCLEAR', picture.seen.unclear, now);
  const calibration =
    detection.pose && others.length === 0 && !excuse
      ? calibrate(policy.calibration, state.calibration, detection.pose, at - sight.unknownMs)
      : state.calibration;
  return {
    state: {
      ...state,
      incidents: step.incidents,
      calibration,
      pictured: now,
      sight,
      darkFaceAt: hasFace && isBlankPicture ? at : darkFaceAt,
      picture: picture.memory,
      excuse,
    },
    changes: step.changes,
    notes: notesOf(at, picture.seen.changed, state.calibration.done ? undefined : calibration),
    seen,
  };
}

/** @param calibration where it may have ended with this frame */
function notesOf(at: number, changed: string | undefined, calibration: Calibration | undefined): RuleNote[] {
  const notes: RuleNote[] = [];
  if (changed) notes.push({ type: 'CAMERA_CHANGED', at, details: { what: changed } });
  if (calibration?.done && isTurned(calibration.measured))
    notes.push({ type: 'TURNED_AT_START', at, details: { pose: calibration.measured } });
  return notes;
}
