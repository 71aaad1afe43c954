import type { SessionRow } from '../../db/sessions.ts';
import type { Attention } from '../../protocol/attention.ts';
import type { EventRow } from '../../db/events.ts';
import { Policy } from '../../protocol/policy.ts';
import { SessionState } from '../../server/session/record/session-state.ts';
import { applyRules, initialRules, type Observation } from '../../server/session/rules/rules.ts';
import { RepeatedGaps } from '../../server/session/rules/repeated-gaps.ts';
import { seeded } from '../../simulator/draw/prng.ts';
import { ScriptedClient } from './client.ts';
import { applyHolds, initialHolds } from './hold-rules.ts';
import type { Script, Second, Shot } from './script.ts';

const BEGAN = Date.UTC(2026, 0, 5, 9);
const SECOND = 1000;

/** An event of a sitting; seconds from its beginning. */
export interface Noted {
  readonly type: string;
  /** When the server had it. */
  readonly at: number;
  readonly from: number;
  to: number | undefined;
}

/** What the server knows of a sitting. */
export interface Watched {
  readonly events: readonly Noted[];
  /** Every half minute. */
  readonly attention: readonly Attention[];
  /** The first system's. */
  readonly riskScore: number;
  readonly highest: Attention;
  /** Whether the student is there at the end. */
  readonly stayed: boolean;
}

export const SAMPLE_SECONDS = 30;

const row = (policy: Policy, seconds: number): SessionRow => ({
  id: '01930000-0000-7000-8000-000000000001',
  exam_id: '01930000-0000-7000-8000-000000000002',
  student_id: '01930000-0000-7000-8000-000000000003',
  attempt: 1,
  status: 'active',
  end_reason: null,
  policy,
  policy_version: 1,
  accommodations: null,
  room: null,
  started_at: new Date(BEGAN),
  time_from: null,
  deadline: new Date(BEGAN + seconds * SECOND),
  ended_at: null,
  owner_epoch: 1,
  owner_node: null,
  claimed_by: null,
  risk_score: 0,
  rolling_risk: 0,
  rolling_at: new Date(BEGAN),
  risk_level: 'Low',
  last_seq: 0,
  last_offset: 0,
  dismissed_weight: 0,
  reviewed_score: 0,
  attention: 0,
  attention_level: 'calm',
  attention_state: null,
  baseline: null,
  requests: null,
  conversation: null,
  client_origin: null,
  last_frame_at: null,
  last_seen_at: null,
  paused_at: null,
  idempotency_key: null,
  started_by_staff: null,
  started_by_key: null,
  review_state: 'none',
  review_draw: 0,
  calm: true,
  audit_salt: new Uint8Array(32),
});

interface Change {
  readonly kind: 'open' | 'update' | 'close';
  readonly type: string;
  readonly startedAt: number;
  readonly at: number;
}

/** Takes an observation; keeps its own state. */
type Rules = (observation: Observation) => {
  readonly changes: readonly Change[];
  readonly notes?: readonly { readonly type: string; readonly at: number }[];
};

function presentRules(policy: Policy): Rules {
  let state = initialRules(BEGAN);
  return (observation) => {
    const result = applyRules(policy, state, observation);
    state = result.state;
    return result;
  };
}

function holdRules(policy: Policy): Rules {
  let state = initialHolds(BEGAN);
  return (observation) => {
    const result = applyHolds(policy, state, observation);
    state = result.state;
    return result;
  };
}

/** Runs the rules and the session's state over a scripted sitting, on a clock of its own. */
class Watcher {
  readonly events: Noted[] = [];
  readonly #rules: Rules;
  readonly #state: SessionState;
  readonly #open = new Map<string, Noted>();
  readonly #intervalMs: number;
  readonly #client: ScriptedClient | undefined;
  readonly #gaps = new RepeatedGaps();
  /** Absences that last, by type, with the time of their end, server ms. */
  readonly #absences = new Map<string, number>();
  #goneSince: number | undefined;
  #connected = false;
  #frames = 0;

  /** @param seconds time until the deadline */
  constructor(policy: Policy, before: boolean, seconds: number) {
    this.#rules = before ? holdRules(policy) : presentRules(policy);
    this.#state = new SessionState(row(policy, seconds), []);
    this.#intervalMs = SECOND / policy.frames.sendFps;
    const notes = {
      change: ({ kind, type, at }: { kind: 'open' | 'close'; type: string; at: number }) => this.#apply(kind, type, at),
      note: (type: string, from: number, now: number) =>
        this.#note(this.#state.record({ type, source: 'connection', startedAt: from, endedAt: now }, now), now),
      lasts: (type: string, now: number) => void this.#state.absenceLasts(type, now),
    };
    this.#client = before ? undefined : new ScriptedClient(policy, notes, BEGAN);
  }

  attention(second: number): Attention {
    return this.#state.attention(BEGAN + second * SECOND);
  }

  get connected(): boolean {
    return this.#connected;
  }

  get riskScore(): number {
    return this.#state.risk(BEGAN).score;
  }

  live(second: number, { frame, more = 1, signals = [], connected = true, broken, state, origin = {} }: Second): void {
    const at = BEGAN + second * SECOND;
    this.#now = at;
    if (connected !== this.#connected) this.#connect(connected, origin, at);
    for (const { type, lasted = 0 } of signals) this.#signal(type, at, lasted * SECOND);
    for (const [type, until] of this.#absences) if (at >= until) this.#returned(type, at);
    if (!connected) return;
    this.#client?.live(state ?? this.#absent(), frame !== undefined || broken === true, at);
    this.#observe({ kind: 'tick', at, frameIntervalMs: this.#intervalMs });
    if (broken) this.#observe({ kind: 'invalid', at });
    if (frame) this.#see(frame, more, at);
  }

  end(second: number): void {
    const at = BEGAN + second * SECOND;
    this.#observe({ kind: 'gap', at });
    this.#client?.disconnect(at);
    // Who is not there at the deadline has not pressed "Finish".
    const reason = this.#connected ? 'finished' : 'expired';
    this.#state.closeOpen(reason, at);
    this.#state.end(reason, at);
  }

  #now = BEGAN;

  #see(
    { detection, digest = (++this.#frames * 2_654_435_761) % 2 ** 32, via = 'socket' }: Shot,
    more: number,
    at: number,
  ) {
    this.#observe({ kind: 'frame', at, frameIntervalMs: this.#intervalMs });
    this.#observe({ kind: 'detection', at, detection, digest, via });
    for (let n = 1; n <= more; n++)
      this.#observe({ kind: 'frame', at: at + (n * SECOND) / (more + 1), frameIntervalMs: this.#intervalMs });
  }

  #connect(connected: boolean, origin: NonNullable<Second['origin']>, at: number): void {
    this.#connected = connected;
    this.#observe({ kind: connected ? 'resume' : 'gap', at });
    if (connected) {
      const since = this.#goneSince;
      if (since !== undefined) {
        this.#apply('close', 'CONNECTION_LOST', at);
        this.#note(this.#state.record({ type: 'CONNECTION_RESTORED', source: 'connection', ...instant(at) }, at), at);
      }
      return this.#client?.connect(origin, since, at);
    }
    this.#goneSince = at;
    this.#client?.disconnect(at);
    this.#note(this.#state.record(lost(at), at), at);
    if (this.#client && this.#gaps.add(at))
      this.#note(this.#state.record({ type: 'CONNECTION_UNSTABLE', source: 'connection', ...instant(at) }, at), at);
  }

  /** An absence is reported when it begins, and its length when it has ended. */
  #signal(type: string, at: number, lastedMs: number): void {
    this.#note(this.#state.record({ type, source: 'client', ...instant(at) }, at), at);
    this.#client?.signal(type, at);
    if (lastedMs > 0) this.#absences.set(type, at + lastedMs);
  }

  #returned(type: string, at: number): void {
    this.#absences.delete(type);
    this.#client?.returned(type, at);
    const from = this.events.findLast((event) => event.type === type)!;
    this.#state.absenceEnded(type, at - BEGAN - from.from * SECOND, at);
  }

  /** What an honest page reports while the student is in another window. */
  #absent() {
    if (this.#absences.has('TAB_SWITCH')) return { visible: false, focused: false };
    return this.#absences.has('WINDOW_BLUR') ? { visible: true, focused: false } : undefined;
  }

  #observe(observation: Observation): void {
    const { changes, notes = [] } = this.#rules(observation);
    const now = observation.at;
    this.#now = now;
    for (const { kind, type, startedAt, at } of changes) this.#apply(kind, type, kind === 'open' ? startedAt : at);
    for (const { type, at } of notes)
      this.#note(this.#state.record({ type, source: 'vision', ...instant(at) }, now), now);
  }

  #apply(kind: Change['kind'], type: string, at: number): void {
    if (kind === 'open') {
      const event = { type, source: 'vision', startedAt: at, endedAt: undefined } as const;
      return this.#note(this.#state.record(event, this.#now), this.#now);
    }
    const ended = kind === 'close';
    this.#state.change(type, { at, ended });
    const noted = this.#open.get(type);
    if (!noted || !ended) return;
    noted.to = (at - BEGAN) / SECOND;
    this.#open.delete(type);
  }

  #note(event: EventRow, now: number): void {
    const from = (event.started_at.getTime() - BEGAN) / SECOND;
    const noted: Noted = { type: event.type, at: (now - BEGAN) / SECOND, from, to: event.ended_at ? from : undefined };
    this.events.push(noted);
    if (!event.ended_at) this.#open.set(event.type, noted);
  }
}

const instant = (at: number) => ({ startedAt: at, endedAt: at });
const lost = (at: number) =>
  ({ type: 'CONNECTION_LOST', source: 'connection', startedAt: at, endedAt: undefined }) as const;

export interface WatchOptions {
  readonly policy?: Policy;
  /** By the rules before decisions 0136 and 0137, and without states of the client. */
  readonly before?: boolean;
}

/** @param seconds length of the sitting */
export function watch(
  script: Script,
  seed: number,
  seconds: number,
  { policy = Policy.parse({}), before = false }: WatchOptions = {},
): Watched {
  const random = seeded(seed);
  const watcher = new Watcher(policy, before, seconds);
  const attention: Attention[] = [];
  for (let second = 1; second <= seconds; second++) {
    // Frames do not come on the beat of a second.
    watcher.live(second + random() * 0.2, script(second, random));
    if (second % SAMPLE_SECONDS === 0) attention.push(watcher.attention(second + 0.5));
  }
  watcher.end(seconds + 1);
  return {
    events: watcher.events,
    attention,
    riskScore: watcher.riskScore,
    highest: watcher.attention(seconds + 1),
    stayed: watcher.connected,
  };
}
