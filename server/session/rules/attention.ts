import type { AttentionPart, AttentionState } from '../../../db/schema/attention-state.ts';
import {
  type Attention,
  type AttentionLevel,
  CALM,
  DEFAULT_ATTENTION,
  DEFAULT_ATTENTION_POLICY,
} from '../../../protocol/attention.ts';
import { DEFAULT_WEIGHTS, isStudentWord, UNKNOWN_WEIGHT } from '../../../protocol/event-types.ts';
import type { Policy } from '../../../protocol/policy.ts';
import { weightOf } from './risk.ts';

/**
 * Attention: how much a session deserves a look now, beside the first system's risk score, which only ever grows.
 *
 *   points of an event   p = weight + perMinute * minutes it lasted
 *   points of a type     S = sum of p * 2^(-(time since its end) / halfLife); an open event has no time since its end
 *   part of a type       P = cap * (1 - e^(-S / cap)), cap = min(80, 8 * weight + 12 * perMinute)
 *   value                min(100, sum of all P)
 *
 * The half-life makes it a measure of recent rate: an event every so often in a long exam stays as low as in a short
 * one. The saturation (that of a Poisson count's "at least once") gives repeated events of one kind diminishing points,
 * so that no single kind fills the value. The constants are checked by `bench -- cheats`.
 */
export const NO_ATTENTION: AttentionState = { parts: {}, peak: CALM };

/** Sessions that started under an older policy have no settings of their own. */
type AttentionRules = Omit<Policy, 'attention'> & { readonly attention?: Policy['attention'] };

/** A part of one type, at most. */
const MAX_PART = 80;
const CAP = { events: 8, minutes: 12 } as const;
/** Points of a type without a weight of its own for each point of its risk weight. */
const UNNAMED = 2;
/** An exam's weight for a type changes its attention as much, within this factor. */
const MAX_SCALE = 3;
const MINUTE_MS = 60_000;
/** Parts below this many points are not named as a reason, and are forgotten. */
const NOTHING = 0.05;
const REASONS = 3;

interface Points {
  readonly weight: number;
  readonly perMinute: number;
}

const own = (of: Readonly<Record<string, number>>, type: string) => (Object.hasOwn(of, type) ? of[type] : undefined);

/** A client may report any number of names: those that nobody gave points share one part. */
const OTHER = 'OTHER';
const partOf = (policy: AttentionRules, type: string) =>
  [DEFAULT_WEIGHTS, policy.weights, (policy.attention ?? DEFAULT_ATTENTION_POLICY).weights].some((named) =>
    Object.hasOwn(named, type),
  )
    ? type
    : OTHER;

/** Points of a type: the policy's, scaled like its risk weight, so that a type that the exam allows draws no attention. */
function pointsOf(policy: AttentionRules, type: string): Points {
  // Whoever asks for help draws no attention by it.
  if (isStudentWord(type)) return { weight: 0, perMinute: 0 };
  const { weights, perMinute } = policy.attention ?? DEFAULT_ATTENTION_POLICY;
  // A policy stored before there was the type says nothing about it.
  const usually = Object.hasOwn(DEFAULT_ATTENTION, type) ? DEFAULT_ATTENTION[type] : undefined;
  const weight = own(weights, type) ?? usually?.weight;
  const minute = own(perMinute, type) ?? usually?.perMinute;
  if (weight === undefined && minute === undefined)
    return { weight: Object.hasOwn(DEFAULT_WEIGHTS, type) ? 0 : UNNAMED * weightOf(policy, type), perMinute: 0 };
  const usual = own(DEFAULT_WEIGHTS, type) ?? UNKNOWN_WEIGHT;
  const set = own(policy.weights, type);
  // Of types that never count for the risk score a zero says nothing.
  const scale = set === undefined || !usual ? 1 : Math.min(MAX_SCALE, set / usual);
  return { weight: (weight ?? 0) * scale, perMinute: (minute ?? 0) * scale };
}

const halfLifeOf = (policy: AttentionRules) => (policy.attention ?? DEFAULT_ATTENTION_POLICY).halfLifeSeconds * 1000;

const decay = (policy: AttentionRules, elapsed: number) => 2 ** (-Math.max(0, elapsed) / halfLifeOf(policy));

/** Points of one event from its beginning to its end, both server ms. */
const pointsFor = ({ weight, perMinute }: Points, from: number, to: number, times = 1) =>
  times * weight + (perMinute * Math.max(0, to - from)) / MINUTE_MS;

function sumAt(policy: AttentionRules, type: string, { sum, at, open }: AttentionPart, now: number): number {
  const ended = sum * decay(policy, now - at);
  return open === null ? ended : ended + pointsFor(pointsOf(policy, type), open, now);
}

function partAt(policy: AttentionRules, type: string, part: AttentionPart, now: number): number {
  const { weight, perMinute } = pointsOf(policy, type);
  const cap = Math.min(MAX_PART, CAP.events * weight + CAP.minutes * perMinute);
  return cap === 0 ? 0 : cap * (1 - Math.exp(-sumAt(policy, type, part, now) / cap));
}

export function attentionLevel(policy: AttentionRules, value: number): AttentionLevel {
  const { watch, high } = policy.attention ?? DEFAULT_ATTENTION_POLICY;
  // Also where a policy sets `watch` above it.
  if (value >= high) return 'high';
  return value < watch ? 'calm' : 'watch';
}

/** The value at a time, with its largest parts. */
export function attentionAt(policy: AttentionRules, { parts }: AttentionState, now: number): Attention {
  let total = 0;
  const found: { type: string; points: number }[] = [];
  for (const type in parts) {
    const points = partAt(policy, type, parts[type]!, now);
    if (points < NOTHING) continue;
    total += points;
    found.push({ type, points });
  }
  if (total === 0) return CALM;
  const value = Math.min(100, Math.round(total * 10) / 10);
  return {
    value,
    level: attentionLevel(policy, value),
    because: found
      .sort((a, b) => b.points - a.points || (a.type < b.type ? -1 : 1))
      .slice(0, REASONS)
      .map(({ type, points }) => ({ type, share: Math.round((points / total) * 100) / 100 })),
  };
}

/** Long after everything: what decays has decayed, what lasts has its highest value. ms */
const AGES_MS = 1e12;

/** Whether all parts together change by less than a point from now on, if nothing happens. */
export function isSettled(policy: AttentionRules, { parts }: AttentionState, now: number): boolean {
  let change = 0;
  for (const type in parts) {
    const part = parts[type]!;
    change += Math.abs(partAt(policy, type, part, now + AGES_MS) - partAt(policy, type, part, now));
  }
  return change < 1;
}

/** What is shown: the present value while the session runs, its highest one afterwards. */
export const attentionView = (
  policy: AttentionRules,
  state: AttentionState,
  { ended, now }: { readonly ended: boolean; readonly now: number },
): Attention => (ended ? state.peak : attentionAt(policy, state, now));

const EMPTY = (at: number): AttentionPart => ({ sum: 0, at, open: null });

function withPart(policy: AttentionRules, state: AttentionState, type: string, part: AttentionPart, now: number) {
  // To a thousandth: the state is written with every event.
  const parts = { ...state.parts, [type]: { ...part, sum: Math.round(part.sum * 1000) / 1000 } };
  return peaked(policy, { ...state, parts }, now);
}

/** A gap counts for the highest value once it is over: only then is it known whether it lasted to the end. */
const GAP = 'CONNECTION_LOST';
function settled({ parts, peak }: AttentionState): AttentionState {
  const gap = parts[GAP];
  return gap && gap.open !== null ? { parts: { ...parts, [GAP]: { ...gap, open: null } }, peak } : { parts, peak };
}

/** Takes the present value into account for the peak: for values that grow because an event lasts. */
export function peaked(policy: AttentionRules, state: AttentionState, now: number): AttentionState {
  const value = attentionAt(policy, settled(state), now);
  return value.value > state.peak.value ? { ...state, peak: value } : state;
}

/** @param to undefined: the event lasts. @param times its weight, for types whose events differ in it: 1 */
export function attend(
  policy: AttentionRules,
  state: AttentionState,
  type: string,
  {
    from,
    to,
    now,
    times = 1,
  }: { readonly from: number; readonly to: number | undefined; readonly now: number; readonly times?: number },
): AttentionState {
  const points = pointsOf(policy, type);
  if (points.weight === 0 && points.perMinute === 0) return state;
  const name = partOf(policy, type);
  const before = state.parts[name] ?? EMPTY(now);
  if (to === undefined) return withPart(policy, state, name, { ...before, open: from }, now);
  const sum =
    before.sum * decay(policy, now - before.at) + pointsFor(points, from, to, times) * decay(policy, now - to);
  return withPart(policy, state, name, { sum, at: now, open: before.open }, now);
}

/** The open event of a type ends at `to`. @param counted what counts of its length, ms; undefined: all */
export function attendEnd(
  policy: AttentionRules,
  state: AttentionState,
  type: string,
  to: number,
  counted?: number,
): AttentionState {
  const before = state.parts[type];
  if (!before || before.open === null) return state;
  const after = Math.max(to, before.at);
  const from = counted === undefined ? before.open : to - counted;
  const sum =
    before.sum * decay(policy, after - before.at) +
    pointsFor(pointsOf(policy, type), from, to) * decay(policy, after - to);
  return withPart(policy, state, type, { sum, at: after, open: null }, after);
}

/** Length of an event as it counts, without pauses, and its end, server ms. */
export interface Length {
  readonly ms: number;
  readonly endedAt: number;
}

/** An event that counted with one length is known to have another one: longer, or over later. */
export function attendLonger(
  policy: AttentionRules,
  state: AttentionState,
  type: string,
  { was, is, now }: { readonly was: Length; readonly is: Length; readonly now: number },
): AttentionState {
  const points = pointsOf(policy, type);
  const before = state.parts[type];
  if (!before || points.perMinute === 0) return state;
  const share = ({ ms, endedAt }: Length) => pointsFor(points, 0, ms) * decay(policy, now - endedAt);
  const sum = Math.max(0, before.sum * decay(policy, now - before.at) - share(was) + share(is));
  return withPart(policy, state, type, { ...before, sum, at: now }, now);
}

export interface AttendedEvent {
  readonly type: string;
  readonly startedAt: number;
  /** Null: it lasts. */
  readonly endedAt: number | null;
  /** Of a flag: its weight. It counts whenever it was given. */
  readonly times?: number;
  /** What counts of its length, ms, if not all. */
  readonly counted?: number;
}

/** A person dismisses or restores an event of a running session: its points go or come back. */
export function attendReviewed(
  policy: AttentionRules,
  state: AttentionState,
  { type, startedAt, endedAt, times = 1, counted }: AttendedEvent,
  { dismissed, now }: { readonly dismissed: boolean; readonly now: number },
): AttentionState {
  const points = pointsOf(policy, type);
  if (points.weight === 0 && points.perMinute === 0) return state;
  const name = partOf(policy, type);
  const before = state.parts[name] ?? EMPTY(now);
  const was = attentionAt(policy, settled(state), now).value;
  const from = counted === undefined || endedAt === null ? startedAt : endedAt - counted;
  const change = endedAt === null ? 0 : pointsFor(points, from, endedAt, times) * decay(policy, now - endedAt);
  const part: AttentionPart = {
    sum:
      Math.round(Math.max(0, before.sum * decay(policy, now - before.at) + (dismissed ? -change : change)) * 1000) /
      1000,
    at: now,
    open: endedAt === null ? (dismissed ? null : startedAt) : before.open,
  };
  const parts = { ...state.parts, [name]: part };
  const value = attentionAt(policy, settled({ ...state, parts }), now);
  // The highest value falls by as much. When the session is over, it is computed anew from all events.
  const peak = Math.max(0, Math.round((state.peak.value - Math.max(0, was - value.value)) * 10) / 10);
  return {
    parts,
    peak: peak <= value.value ? value : { ...state.peak, value: peak, level: attentionLevel(policy, peak) },
  };
}

/** From a session's events in their order: as if they came in now. Dismissed ones, and those of a pause, do not count. */
export function attendAll(
  policy: AttentionRules,
  events: readonly (AttendedEvent & { readonly dismissed: boolean })[],
): AttentionState {
  let paused = false;
  const moments: { at: number; begins?: AttendedEvent; type: string; counted?: number | undefined }[] = [];
  for (const event of events) {
    if (event.type === 'SESSION_PAUSED') paused = true;
    if (event.type === 'SESSION_RESUMED' || event.type === 'SESSION_CONTINUED') paused = false;
    if ((paused && event.times === undefined) || event.dismissed) continue;
    const { type, startedAt, endedAt, counted } = event;
    moments.push({ at: startedAt, begins: event, type });
    if (endedAt !== null && endedAt > startedAt) moments.push({ at: endedAt, type, counted });
  }
  let state = NO_ATTENTION;
  for (const { at, begins, type, counted } of moments.toSorted((a, b) => a.at - b.at)) {
    if (!begins) state = attendEnd(policy, state, type, at, counted);
    else {
      const { startedAt: from, endedAt, times } = begins;
      const to = endedAt === from ? from : undefined;
      state = attend(policy, state, type, { from, to, now: at, ...(times !== undefined && { times }) });
    }
  }
  return state;
}
