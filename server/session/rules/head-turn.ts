import type { Detection, Pose } from '../../../models/jobs.ts';
import type { Policy } from '../../../protocol/policy.ts';
import type { Direction } from '../../../protocol/request-kinds.ts';
import type { Calibration } from './calibration.ts';
import { isBlank } from './conditions.ts';
import { isFaceDark } from './face-light.ts';
import { peopleOf } from './people.ts';

/**
 * Whether a student turns the head as asked, from the poses of the frames of the answer time, relative to the student's
 * own straight pose. A face that does not move, or moves on its own, does not turn to a side that was drawn a moment ago.
 *
 * All times are server ms.
 */
export interface HeadTurn {
  readonly direction: Direction;
  readonly from: number;
  readonly until: number;
  /** The last frame, and what it showed; at first the beginning. */
  readonly at: number;
  readonly last: Sight;
  /** Time that the face was in view, and that it was not, by reason, ms. */
  readonly seenMs: number;
  readonly unseenMs: Readonly<Partial<Record<Unseen, number>>>;
  /** Frames with a pose. */
  readonly frames: number;
  /** Smallest amount so far: a turn begins there, so that a face that is turned all the time turns no further. */
  readonly least: number;
  readonly most: number;
  /** Largest amount to the opposite side. */
  readonly opposite: number;
  /** Frames with the turn, without a frame between them that shows it undone. */
  readonly turned: number;
  /** Frames without a face since the last of them. */
  readonly lost: number;
}

/** Why a frame does not tell. */
export const UNSEEN = ['no_pictures', 'no_face', 'covered', 'dark', 'several_faces', 'unclear'] as const;
export type Unseen = (typeof UNSEEN)[number];
type Sight = 'seen' | Unseen;

/** Degrees from the straight pose. A glance beside the screen stays below; turning to a neighbour does not. */
export const TURN: Readonly<Record<Direction, number>> = { left: 20, right: 20, up: 14 };
/** Share of it within which a head counts as straight. */
const STRAIGHT = 0.5;
/** Frames with the turn; one is enough if the face is out of view after it, as in a turn by 90 degrees. */
const FRAMES = 2;
/** A frame speaks for this long at most, ms; beyond it no picture came. */
const FRAME_MS = 2000;
/** To say that somebody did not turn, the face must have been in view for this share of the time, in so many frames. */
const SEEN_SHARE = 0.75;
const SEEN_FRAMES = 4;

/** @param before pose just before, if it is known, and the student's straight pose */
export function beginTurn(
  direction: Direction,
  from: number,
  seconds: number,
  { pose, straight }: { readonly pose?: Pose | undefined; readonly straight: Calibration['baseline'] },
): HeadTurn {
  return {
    direction,
    from,
    until: from + seconds * 1000,
    at: from,
    last: 'no_pictures',
    seenMs: 0,
    unseenMs: {},
    frames: 0,
    least: pose ? amountOf(direction, pose, straight) : Number.POSITIVE_INFINITY,
    most: 0,
    opposite: 0,
    turned: 0,
    lost: 0,
  };
}

/** Degrees towards the direction. The picture is not mirrored: the student's left is its right. */
function amountOf(direction: Direction, pose: Pose, straight: Calibration['baseline']): number {
  if (direction === 'up') return pose.pitch - straight.pitch;
  const yaw = pose.yaw - straight.yaw;
  return direction === 'left' ? yaw : -yaw;
}

type SightPolicy = Pick<Policy, 'covered' | 'multipleFaces'>;

function sightOf(policy: SightPolicy, detection: Detection): Sight {
  const { main, others } = peopleOf(detection.faces, policy.multipleFaces.minHeightRatio);
  if (!main) return isBlank(policy.covered, detection.luma) ? 'covered' : 'no_face';
  if (others.length > 0) return 'several_faces';
  if (isFaceDark(detection.faceLuma)) return 'dark';
  return detection.pose ? 'seen' : 'unclear';
}

/** Adds the time since the last frame: half of it to what that showed, half to what this one shows. */
function spend(turn: HeadTurn, sight: Sight, at: number): Pick<HeadTurn, 'seenMs' | 'unseenMs'> {
  const passed = Math.max(0, at - turn.at);
  const known = Math.min(passed, FRAME_MS);
  let seenMs = turn.seenMs;
  const unseenMs: Partial<Record<Unseen, number>> = { ...turn.unseenMs };
  const add = (one: Sight, ms: number) => {
    if (one === 'seen') seenMs += ms;
    else if (ms > 0) unseenMs[one] = (unseenMs[one] ?? 0) + ms;
  };
  // Before the first frame only that one speaks.
  add(turn.at === turn.from ? sight : turn.last, known / 2);
  add(sight, known / 2);
  add('no_pictures', passed - known);
  return { seenMs, unseenMs };
}

/** Takes one analysed frame; frames from before or after the answer time change nothing. */
export function takeTurn(
  policy: SightPolicy,
  turn: HeadTurn,
  detection: Detection,
  straight: Calibration['baseline'],
  at: number,
): HeadTurn {
  if (at < turn.from || at > turn.until) return turn;
  const sight = sightOf(policy, detection);
  const next: HeadTurn = { ...turn, ...spend(turn, sight, at), at, last: sight };
  if (sight !== 'seen' || !detection.pose)
    return sight === 'no_face' && turn.turned > 0 ? { ...next, lost: turn.lost + 1 } : next;
  const amount = amountOf(turn.direction, detection.pose, straight);
  const least = Math.min(turn.least, amount);
  const needed = TURN[turn.direction];
  const isStraight = amount < STRAIGHT * needed;
  const isTurned = amount >= needed && amount - least >= STRAIGHT * needed;
  return {
    ...next,
    frames: turn.frames + 1,
    least,
    most: Math.max(turn.most, amount),
    opposite: turn.direction === 'up' ? 0 : Math.max(turn.opposite, -amount),
    turned: isTurned ? turn.turned + 1 : isStraight ? 0 : turn.turned,
    lost: 0,
  };
}

export const isPassed = ({ turned, lost }: HeadTurn): boolean => turned >= FRAMES || (turned > 0 && lost >= FRAMES);

/** Largest turn in any direction of a frame, for the choice of a picture, degrees; undefined without a pose. */
export function amountIn(
  { direction }: HeadTurn,
  detection: Detection,
  straight: Calibration['baseline'],
): number | undefined {
  if (!detection.pose) return undefined;
  return Math.abs(amountOf(direction, detection.pose, straight));
}

export type TurnResult =
  | { readonly result: 'passed'; readonly degrees: number }
  /** The face was in view; `seen` is what it did instead. */
  | {
      readonly result: 'failed';
      readonly seen: 'no_turn' | 'small_turn' | 'other_side';
      readonly degrees: number;
    }
  | { readonly result: 'not_seen'; readonly reason: Unseen };

/** After the answer time. */
export function resultOf(turn: HeadTurn): TurnResult {
  const degrees = Math.round(turn.most);
  if (isPassed(turn)) return { result: 'passed', degrees };
  const { seenMs, unseenMs } = spend(turn, turn.last, turn.until);
  if (turn.frames >= SEEN_FRAMES && seenMs >= SEEN_SHARE * (turn.until - turn.from)) {
    if (turn.opposite >= TURN.left) return { result: 'failed', seen: 'other_side', degrees };
    const isSmall = turn.most >= STRAIGHT * TURN[turn.direction];
    return { result: 'failed', seen: isSmall ? 'small_turn' : 'no_turn', degrees };
  }
  const [first] = (Object.entries(unseenMs) as [Unseen, number][]).toSorted((a, b) => b[1] - a[1]);
  return { result: 'not_seen', reason: first?.[0] ?? 'no_pictures' };
}
