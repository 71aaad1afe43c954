import type { SessionRow } from '../../db/sessions.ts';
import type { Attention } from '../../protocol/attention.ts';
import type { EventRow } from '../../db/events.ts';
import { Policy } from '../../protocol/policy.ts';
import { SessionState } from '../../server/session/record/session-state.ts';
import { applyRules, initialRules, type Observation } from '../../server/session/rules/rules.ts';
import { seeded } from '../../simulator/draw/prng.ts';
import type { Script, Second } from './script.ts';

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
}

export const SAMPLE_SECONDS = 30;

const row = (policy: Policy): SessionRow => ({
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
  deadline: null,
  ended_at: null,
  owner_epoch: 1,
  risk_score: 0,
  rolling_risk: 0,
  rolling_at: new Date(BEGAN),
  risk_level: 'Low',
  last_seq: 0,
  last_offset: 0,
  dismissed_weight: 0,
  reviewed_score: 0,
  attention: 0,
  attention_state: null,
  baseline: null,
  requests: null,
  client_origin: null,
  last_frame_at: null,
  last_seen_at: null,
  paused_at: null,
  idempotency_key: null,
  started_by_staff: null,
  started_by_key: null,
  audit_salt: new Uint8Array(32),
});

/** Runs the rules and the session's state over a scripted sitting, on a clock of its own. */
class Watcher {
  readonly events: Noted[] = [];
  readonly #policy: Policy;
  readonly #state: SessionState;
  readonly #open = new Map<string, Noted>();
  readonly #intervalMs: number;
  #rules = initialRules(BEGAN);
  #connected = true;
  #frames = 0;

  constructor(policy: Policy) {
    this.#policy = policy;
    this.#state = new SessionState(row(policy), []);
    this.#intervalMs = SECOND / policy.frames.sendFps;
  }

  attention(second: number): Attention {
    return this.#state.attention(BEGAN + second * SECOND);
  }

  get riskScore(): number {
    return this.#state.risk(BEGAN).score;
  }

  live(second: number, { frame, more = 1, signals = [], connected = true, broken }: Second): void {
    const at = BEGAN + second * SECOND;
    if (connected !== this.#connected) this.#connect(connected, at);
    for (const { type, lasted = 0 } of signals) this.#signal(type, at, lasted * SECOND);
    if (!connected) return;
    this.#observe({ kind: 'tick', at, frameIntervalMs: this.#intervalMs });
    if (broken) this.#observe({ kind: 'invalid', at });
    if (!frame) return;
    const { detection, digest = (++this.#frames * 2_654_435_761) % 2 ** 32, via = 'socket' } = frame;
    this.#observe({ kind: 'frame', at, frameIntervalMs: this.#intervalMs });
    this.#observe({ kind: 'detection', at, detection, digest, via });
    for (let n = 1; n <= more; n++)
      this.#observe({ kind: 'frame', at: at + (n * SECOND) / (more + 1), frameIntervalMs: this.#intervalMs });
  }

  end(second: number): void {
    const at = BEGAN + second * SECOND;
    this.#observe({ kind: 'gap', at });
    this.#state.end('finished', at);
  }

  #connect(connected: boolean, at: number): void {
    this.#connected = connected;
    this.#observe({ kind: connected ? 'resume' : 'gap', at });
    if (!connected) return this.#note(this.#state.record(lost(at), at), at);
    this.#change('CONNECTION_LOST', at, true);
    this.#note(this.#state.record({ type: 'CONNECTION_RESTORED', source: 'connection', ...instant(at) }, at), at);
  }

  /** An absence is reported when it begins, and its length when it has ended. */
  #signal(type: string, at: number, lastedMs: number): void {
    this.#note(this.#state.record({ type, source: 'client', ...instant(at - lastedMs) }, at - lastedMs), at - lastedMs);
    if (lastedMs > 0) this.#state.absenceEnded(type, lastedMs, at);
  }

  #observe(observation: Observation): void {
    const { state, changes, notes = [] } = applyRules(this.#policy, this.#rules, observation);
    this.#rules = state;
    const now = observation.at;
    for (const { kind, type, startedAt, at } of changes)
      if (kind === 'open')
        this.#note(this.#state.record({ type, source: 'vision', startedAt, endedAt: undefined }, now), now);
      else this.#change(type, at, kind === 'close');
    for (const { type, at } of notes)
      this.#note(this.#state.record({ type, source: 'vision', ...instant(at) }, now), now);
  }

  #note(event: EventRow, now: number): void {
    const from = (event.started_at.getTime() - BEGAN) / SECOND;
    const noted: Noted = { type: event.type, at: (now - BEGAN) / SECOND, from, to: event.ended_at ? from : undefined };
    this.events.push(noted);
    if (!event.ended_at) this.#open.set(event.type, noted);
  }

  #change(type: string, at: number, ended: boolean): void {
    this.#state.change(type, { at, ended });
    const noted = this.#open.get(type);
    if (!noted || !ended) return;
    noted.to = (at - BEGAN) / SECOND;
    this.#open.delete(type);
  }
}

const instant = (at: number) => ({ startedAt: at, endedAt: at });
const lost = (at: number) =>
  ({ type: 'CONNECTION_LOST', source: 'connection', startedAt: at, endedAt: undefined }) as const;

/** @param seconds length of the sitting */
export function watch(script: Script, seed: number, seconds: number, policy = Policy.parse({})): Watched {
  const random = seeded(seed);
  const watcher = new Watcher(policy);
  const attention: Attention[] = [];
  for (let second = 1; second <= seconds; second++) {
    // Frames do not come on the beat of a second.
    watcher.live(second + random() * 0.2, script(second, random));
    if (second % SAMPLE_SECONDS === 0) attention.push(watcher.attention(second + 0.5));
  }
  watcher.end(seconds + 1);
  return { events: watcher.events, attention, riskScore: watcher.riskScore, highest: watcher.attention(seconds + 1) };
}
