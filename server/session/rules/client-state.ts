import { ABSENCES } from '../../../protocol/event-types.ts';
import type { State } from '../../../protocol/exam.ts';

/** Interval of `state` that the server asks for, ms. */
export const STATE_EVERY_MS = 10_000;
/** A client is silent about its state after this time in which frames arrive, ms: three intervals. */
const MISSING_AFTER_MS = 30_000;
/** A frame within this time bears witness that the page runs, ms. */
const FRAMES_WITHIN_MS = 10_000;
/** Ticks that come late, after a sleep of the server, count at most this much, ms. */
const LATE_MS = 2_000;
/** A report makes up for so much silence, ms, so that one now and then does not hide that the others are missing. */
const REPORT_COVERS_MS = 2 * STATE_EVERY_MS;
/**
 * Reports in a row that make an absence: one may cross its signal. On another connection than the first of them it is
 * one more, since signals from before it come after `welcome`.
 */
const REPORTS = 2;
/** Reports in a row that a dialog of the browser explains: the client gives it 120 s at most. */
const EXPLAINED_REPORTS = 13;

export type StateEvent = 'CLIENT_STATE_MISSING' | 'UNREPORTED_ABSENCE';

/** `at`: beginning of an event that opens, end of one that closes. */
export interface StateChange {
  readonly kind: 'open' | 'close';
  readonly type: StateEvent;
  readonly at: number;
}

/** Known of one session's client (rule E10). Times are server ms. */
export interface StateRules {
  /** The attached client said that it reports its state. */
  readonly reports: boolean;
  /** Last report, or the beginning of the connection. */
  readonly heardAt: number;
  /** Time without a report in which frames arrived, less what reports made up for. */
  readonly silentMs: number;
  readonly tickedAt: number;
  /** Reports of an absence in a row, how many of them make one, and the time of the first on this connection. */
  readonly away: { readonly since: number | undefined; readonly reports: number; readonly needed: number } | undefined;
  readonly explained: number;
  /** Absences that signals have announced and that have not ended. */
  readonly announced: ReadonlySet<string>;
  readonly open: ReadonlySet<StateEvent>;
}

type Step = readonly [StateRules, readonly StateChange[]];

/**
 * @param announced absences that are open as the session is loaded
 * @param reports the newest client said that it reports its state
 */
export const initialState = (announced: Iterable<string>, now: number, reports = false): StateRules => ({
  reports,
  heardAt: now,
  silentMs: 0,
  tickedAt: now,
  away: undefined,
  explained: 0,
  announced: new Set(announced),
  open: new Set(),
});

function opened(state: StateRules, type: StateEvent, at: number): Step {
  if (state.open.has(type)) return [state, []];
  return [{ ...state, open: new Set([...state.open, type]) }, [{ kind: 'open', type, at }]];
}

function closed(state: StateRules, type: StateEvent, at: number): Step {
  if (!state.open.has(type)) return [state, []];
  return [{ ...state, open: new Set([...state.open].filter((each) => each !== type)) }, [{ kind: 'close', type, at }]];
}

/**
 * A new connection. What was known before it stays: a client that reconnects must not begin anew.
 * @param sameClient it is the device and client of the connection before, which does not stop reporting
 */
export const connected = (state: StateRules, reports: boolean, sameClient: boolean, now: number): StateRules => ({
  ...state,
  reports: reports || (sameClient && state.reports),
  heardAt: now,
  tickedAt: now,
  away: again(state.away),
});

/** Reports from before a gap. */
const again = (away: StateRules['away']): StateRules['away'] =>
  away && { ...away, since: undefined, needed: REPORTS + 1 };

/** The session is no longer observed: a gap, a pause, its end. */
export function unobserved(state: StateRules, now: number): Step {
  const [first, missing] = closed(state, 'CLIENT_STATE_MISSING', now);
  const [second, absent] = closed(first, 'UNREPORTED_ABSENCE', now);
  return [{ ...second, heardAt: now, tickedAt: now, away: again(second.away) }, [...missing, ...absent]];
}

const isAnnounced = ({ announced }: StateRules, hidden: boolean) =>
  announced.has('TAB_SWITCH') || announced.has('PAGE_LEFT') || (!hidden && announced.has('WINDOW_BLUR'));

/**
 * The client reports its state.
 * @param held signals may wait for the server: their absence says nothing
 */
export function reported(
  before: StateRules,
  { visible, focused, explained }: Pick<State, 'visible' | 'focused' | 'explained'>,
  held: boolean,
  now: number,
): Step {
  const heard: StateRules = {
    ...before,
    heardAt: now,
    silentMs: Math.max(0, before.silentMs - REPORT_COVERS_MS),
    explained: explained === undefined ? 0 : before.explained + 1,
  };
  const [state, found] = closed(heard, 'CLIENT_STATE_MISSING', now);
  const hidden = visible === false;
  if (!hidden && focused !== false) {
    const [present, ended] = closed(state, 'UNREPORTED_ABSENCE', now);
    return [{ ...present, away: undefined, announced: new Set() }, [...found, ...ended]];
  }
  const isExplained = explained !== undefined && state.explained <= EXPLAINED_REPORTS;
  if (held || isExplained || isAnnounced(state, hidden)) return [{ ...state, away: undefined }, found];
  const { reports = 0, needed = REPORTS } = state.away ?? {};
  const away = { since: state.away?.since ?? now, reports: reports + 1, needed };
  const [absent, begun] = away.reports < needed ? [state, []] : opened(state, 'UNREPORTED_ABSENCE', away.since);
  return [{ ...absent, away }, [...found, ...begun]];
}

/** The announced absence that a report, just taken, says is not over. */
export function lastingAbsence(
  { announced, explained: explainedReports }: StateRules,
  { visible, focused, explained }: Pick<State, 'visible' | 'focused' | 'explained'>,
): (typeof ABSENCES)[number] | undefined {
  const hidden = visible === false;
  if (!hidden && focused !== false) return undefined;
  if (explained !== undefined && explainedReports <= EXPLAINED_REPORTS) return undefined;
  return ABSENCES.find((type) => announced.has(type) && !(hidden && type === 'WINDOW_BLUR'));
}

/** A signal arrived. @param after of one that ends an absence: the type of that */
export function signalled(state: StateRules, type: string, after: unknown, now: number): Step {
  const announced = new Set(state.announced);
  if (type === 'RETURNED_TO_EXAM') {
    announced.delete(String(after));
    return [{ ...state, announced }, []];
  }
  if (type !== 'TAB_SWITCH' && type !== 'WINDOW_BLUR' && type !== 'PAGE_LEFT') return [state, []];
  announced.add(type);
  // Late, but reported.
  const [next, ended] = closed({ ...state, announced }, 'UNREPORTED_ABSENCE', now);
  return [{ ...next, away: undefined }, ended];
}

/** Once a second while the session is observed. */
export function ticked(before: StateRules, lastFrameAt: number | undefined, now: number): Step {
  const state = { ...before, tickedAt: now };
  if (!state.reports || lastFrameAt === undefined || Math.abs(now - lastFrameAt) > FRAMES_WITHIN_MS) return [state, []];
  const more = Math.min(LATE_MS, Math.max(0, now - before.tickedAt));
  const silentMs = Math.min(MISSING_AFTER_MS, state.silentMs + more);
  const silent = { ...state, silentMs };
  return silentMs < MISSING_AFTER_MS ? [silent, []] : opened(silent, 'CLIENT_STATE_MISSING', state.heardAt);
}

/** The virtual camera that this name is of; undefined for other names. @param names parts of names, in lower case */
export const virtualCamera = (label: string | null | undefined, names: readonly string[]): string | undefined =>
  label && names.some((name) => label.toLowerCase().includes(name)) ? label : undefined;
