import { uuidv7 } from 'uuidv7';
import type { EventRow } from '../../../db/events.ts';
import type { ClientOrigins } from '../../../db/schema/client-origin.ts';
import type { AttentionState } from '../../../db/schema/attention-state.ts';
import type { SessionRow, SessionTotals } from '../../../db/sessions.ts';
import type { EndReason } from '../../../protocol/down.ts';
import { LONGEST_PAUSE_MS } from '../../../protocol/pause.ts';
import { ABSENCES, severityOf, type Source } from '../../../protocol/event-types.ts';
import type { Attention } from '../../../protocol/attention.ts';
import type { Risk } from '../../../protocol/events.ts';
import type { Review } from '../../../protocol/http/reviews.ts';
import type { Policy } from '../../../protocol/policy.ts';
import { attendedEvent, type AttendedRow } from '../rules/attended.ts';
import {
  attend,
  attendAll,
  attendEnd,
  attendLonger,
  attendReviewed,
  attentionView,
  isSettled,
  NO_ATTENTION,
  peaked,
} from '../rules/attention.ts';
import { Conversation, isOfConversation } from './conversation.ts';
import type { NewFlag } from './flag.ts';
import { FLAG } from '../rules/flag-event.ts';
import { COUNTED, countedOfLastGap } from '../rules/last-gap.ts';
import { addWeight, levelOf, type RiskState, riskView, weightOf } from '../rules/risk.ts';

export interface NewEvent {
  readonly type: string;
  readonly source: Source;
  readonly startedAt: number;
  /** Undefined: it lasts. */
  readonly endedAt: number | undefined;
  readonly confidence?: number;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly signal?: { readonly stream: string; readonly seq: number; readonly digest: string };
}

const MOST_PAUSES = 20;

/** Maximum of the column: 24 days. */
const MAX_DURATION_MS = 2_147_483_647;

const ABSENCE: ReadonlySet<string> = new Set(ABSENCES);
/** An absence that lasts is written again this often at most, ms. */
const ABSENCE_EVERY_MS = 9_000;

/** The client has not said how long it lasted: it has no length, or one that reports have shown. */
const isEndUnknown = ({ duration_ms, details }: EventRow): boolean =>
  duration_ms === 0 || (details as { atLeast?: boolean }).atLeast === true;

const durationOf = (from: number, to: number) => Math.min(MAX_DURATION_MS, Math.max(0, to - from));

/** Sums of decimal fractions drift: to a billionth they do not. */
const withoutDrift = (sum: number) => Math.round(sum * 1e9) / 1e9;

/** State of one session: sequence numbers, open incidents, totals and risk. Times are server ms. */
export class SessionState {
  readonly policy: Policy;
  readonly #row: SessionRow;
  #risk: RiskState;
  #attention: AttentionState;
  #seq: number;
  #offset: number;
  #dismissed: number;
  #status: SessionRow['status'];
  #endReason: EndReason | null;
  #deadline: Date | null;
  #pausedAt: Date | null;
  /** Newest pauses that this process has seen the end of. */
  #pauses: readonly { readonly from: number; readonly to: number }[] = [];
  #endedAt: Date | null;
  /** Incidents that last, by type, as they were last written. */
  readonly #open = new Map<string, EventRow>();
  /** Newest absence of each type whose length is not known yet (rule E9), as it was last written. */
  readonly #absences = new Map<string, EventRow>();
  /** Straight pose of the student, once it is measured, degrees. */
  baseline: SessionRow['baseline'];
  /** Null before anything was asked of the student. */
  requests: SessionRow['requests'];
  readonly conversation: Conversation;
  lastFrameAt: number | undefined;
  /** Null before the first connection. */
  origins: ClientOrigins | null;
  /** When the exam client was last heard of; undefined before its first connection. */
  lastSeenAt: number | undefined;

  /** @param known events that last, the newest absences, and unread messages */
  constructor(row: SessionRow, known: readonly EventRow[]) {
    this.#row = row;
    this.policy = row.policy;
    this.#risk = { score: row.risk_score, rolling: row.rolling_risk, at: row.rolling_at.getTime() };
    this.#attention = row.attention_state ?? NO_ATTENTION;
    this.#seq = row.last_seq;
    this.#offset = row.last_offset;
    this.#dismissed = row.dismissed_weight;
    this.#status = row.status;
    this.#endReason = row.end_reason;
    this.#deadline = row.deadline;
    this.#pausedAt = row.paused_at;
    this.#endedAt = row.ended_at;
    this.origins = row.client_origin;
    this.baseline = row.baseline;
    this.requests = row.requests;
    this.lastFrameAt = row.last_frame_at?.getTime();
    this.lastSeenAt = row.last_seen_at?.getTime();
    this.conversation = new Conversation(row.conversation, known.filter(isOfConversation));
    for (const event of known) {
      if (event.ended_at === null) this.#open.set(event.type, event);
      else if (ABSENCE.has(event.type) && isEndUnknown(event)) this.#absences.set(event.type, event);
    }
  }

  get status(): SessionRow['status'] {
    return this.#status;
  }

  /** During a pause: as of its beginning. */
  get deadline(): Date | null {
    return this.#deadline;
  }

  /** Null unless the session is paused. */
  get pausedAt(): Date | null {
    return this.#pausedAt;
  }

  /** End of the session if nobody acts: its deadline, or the longest that a pause lasts. Null: none. */
  get endsAt(): Date | null {
    return this.#pausedAt ? new Date(this.#pausedAt.getTime() + LONGEST_PAUSE_MS) : this.#deadline;
  }

  /** Events that the session has. */
  get seq(): number {
    return this.#seq;
  }

  get offset(): number {
    return this.#offset;
  }

  get openTypes(): string[] {
    return [...this.#open.keys()];
  }

  risk(now: number): Risk {
    return riskView(this.policy, this.#risk, now);
  }

  attention(now: number): Attention {
    return attentionView(this.policy, this.#attention, { ended: this.#status === 'ended', now });
  }

  /** Whether attention stays as it is, to a point, if nothing happens. */
  isAttentionSettled(now: number): boolean {
    return this.#status === 'ended' || isSettled(this.policy, this.#attention, now);
  }

  /** Types of absences that have not ended, as far as it is known. */
  get openAbsences(): string[] {
    return [...this.#absences.keys()];
  }

  isOpen(type: string): boolean {
    return this.#open.has(type);
  }

  openEvents(): EventRow[] {
    return [...this.#open.values()];
  }

  /** A new event. While the session is paused nothing weighs. */
  record(event: NewEvent, now: number): EventRow {
    const weight = this.#status === 'paused' ? 0 : weightOf(this.policy, event.type);
    this.#risk = addWeight(this.policy, this.#risk, weight, now);
    if (this.#status !== 'paused')
      this.#attention = attend(this.policy, this.#attention, event.type, {
        from: event.startedAt,
        to: event.endedAt,
        now,
      });
    return this.#add(event, weight);
  }

  /**
   * A person's flag, also of a session that is paused or over. It weighs in the reviewed score and in attention; the
   * risk score is the sum of what was recorded by itself.
   */
  flag({ by, category, label, weight, note, from, to }: NewFlag, now: number): EventRow {
    const startedAt = from ?? now;
    const details = { by, category, label, ...(note !== undefined && { note }) };
    const event = { type: FLAG, source: 'proctor', startedAt, endedAt: to ?? startedAt, details } as const;
    this.#dismissed = withoutDrift(this.#dismissed - weight);
    const row = this.#add(event, weight);
    this.#attention = attend(this.policy, this.#attention, FLAG, {
      from: event.endedAt,
      to: event.endedAt,
      now,
      times: weight,
    });
    return row;
  }

  #add(event: NewEvent, weight: number): EventRow {
    const row: EventRow = {
      id: uuidv7(),
      session_id: this.#row.id,
      seq: ++this.#seq,
      change_offset: ++this.#offset,
      type: event.type,
      source: event.source,
      severity: severityOf(weight),
      weight,
      started_at: new Date(event.startedAt),
      ended_at: event.endedAt === undefined ? null : new Date(event.endedAt),
      duration_ms: event.endedAt === undefined ? null : durationOf(event.startedAt, event.endedAt),
      confidence: event.confidence ?? null,
      details: event.details ?? {},
      review: null,
      stream: event.signal?.stream ?? null,
      client_seq: event.signal?.seq ?? null,
      body_digest: event.signal?.digest ?? null,
    };
    if (event.endedAt === undefined) this.#open.set(event.type, row);
    if (event.source === 'client' && ABSENCE.has(event.type)) this.#absences.set(event.type, row);
    this.conversation.add(row);
    return row;
  }

  /**
   * The student's client states how long the newest absence of a type lasted; what it reported of it meanwhile stays.
   * Undefined when none is known.
   */
  absenceEnded(type: string, durationMs: number, now: number): EventRow | undefined {
    const row = this.#absences.get(type);
    if (!row) return undefined;
    this.#absences.delete(type);
    const { atLeast: _atLeast, ...details } = row.details as { atLeast?: true };
    const lasted = Math.max(row.duration_ms ?? 0, durationOf(0, Math.round(durationMs)));
    return { ...this.#lengthened(row, lasted, now), details };
  }

  /** The client reports that the newest absence of a type lasts. Undefined when none is known, or it is known already. */
  absenceLasts(type: string, now: number): EventRow | undefined {
    const row = this.#absences.get(type);
    if (!row) return undefined;
    const lasted = durationOf(row.started_at.getTime(), now);
    if (lasted - (row.duration_ms ?? 0) < ABSENCE_EVERY_MS) return undefined;
    const longer = this.#lengthened(row, lasted, now);
    const next: EventRow = { ...longer, details: { ...(longer.details as object), atLeast: true } };
    this.#absences.set(type, next);
    return next;
  }

  #lengthened(row: EventRow, lasted: number, now: number): EventRow {
    const began = row.started_at.getTime();
    // One that began during a pause weighs nothing, nor do the minutes of a pause.
    const counted = row.weight > 0 || weightOf(this.policy, row.type) === 0;
    if (counted && row.review !== 'dismissed' && this.#status !== 'paused') {
      const length = (ms: number) => ({ ms: ms - this.#pausedWithin(began, began + ms), endedAt: began + ms });
      this.#attention = attendLonger(this.policy, this.#attention, row.type, {
        was: length(row.duration_ms ?? 0),
        is: length(lasted),
        now,
      });
    }
    return { ...row, change_offset: ++this.#offset, ended_at: new Date(began + lasted), duration_ms: lasted };
  }

  /** A newer state of an incident that lasts; with `endedAt` it is over. Undefined when none of the type is open. */
  change(
    type: string,
    to: {
      readonly at: number;
      readonly ended: boolean;
      readonly confidence?: number;
      readonly details?: Readonly<Record<string, unknown>>;
      /** What counts of its length for attention, ms; undefined: all. */
      readonly counted?: number;
    },
  ): EventRow | undefined {
    const row = this.#open.get(type);
    if (!row) return undefined;
    const next: EventRow = {
      ...row,
      change_offset: ++this.#offset,
      ended_at: to.ended ? new Date(Math.max(to.at, row.started_at.getTime())) : null,
      duration_ms: durationOf(row.started_at.getTime(), to.at),
      confidence: to.confidence ?? row.confidence,
      details: { ...(row.details as object), ...to.details },
    };
    if (to.ended) {
      this.#open.delete(type);
      this.#attention = attendEnd(this.policy, this.#attention, type, to.at, to.counted);
    } else {
      this.#open.set(type, next);
      this.#attention = peaked(this.policy, this.#attention, to.at);
    }
    return next;
  }

  /**
   * A person's decision about an event, as it was last written. A dismissed one no longer counts for the reviewed
   * score, a reopened one is not decided any more.
   */
  review(event: EventRow, decision: Review['decision'], now: number): EventRow {
    const review = decision === 'reopened' ? null : decision;
    if ((review === 'dismissed') !== (event.review === 'dismissed') && this.#drewAttention(event))
      this.#attention = attendReviewed(this.policy, this.#attention, attendedEvent(event), {
        dismissed: review === 'dismissed',
        now,
      });
    const dismissedWeight = (as: EventRow['review']) => (as === 'dismissed' ? event.weight : 0);
    this.#dismissed = withoutDrift(this.#dismissed + dismissedWeight(review) - dismissedWeight(event.review));
    const next: EventRow = { ...event, change_offset: ++this.#offset, review };
    for (const known of [this.#open, this.#absences])
      if (known.get(event.type)?.id === event.id) known.set(event.type, next);
    this.conversation.changed(next);
    return next;
  }

  /** Computes attention anew from all events, for a session that is over. */
  attendAnew(events: readonly AttendedRow[]): void {
    this.#attention = attendAll(this.policy, events.map(attendedEvent));
  }

  /** Adds to the details of an event, as it was last written. */
  annotate(event: EventRow, details: Readonly<Record<string, unknown>>): EventRow {
    const next: EventRow = {
      ...event,
      change_offset: ++this.#offset,
      details: { ...(event.details as object), ...details },
    };
    if (this.#open.get(event.type)?.id === event.id) this.#open.set(event.type, next);
    this.conversation.changed(next);
    return next;
  }

  /** Stops the session's clock. */
  pause(now: number): void {
    this.#status = 'paused';
    this.#pausedAt ??= new Date(now);
  }

  /** The clock goes on: the length of the pause is added to the deadline. @returns this length, ms */
  resume(now: number): number {
    this.#status = 'active';
    return this.#addPause(now);
  }

  /** During a pause time stands still: the minutes are added to what was left when it began. */
  extend(minutes: number, now: number): Date {
    const at = this.#pausedAt?.getTime() ?? now;
    const from = Math.max(this.#deadline?.getTime() ?? at, at);
    this.#deadline = new Date(from + minutes * 60_000);
    return this.#deadline;
  }

  /** Ends what lasts, for a session that ends. */
  closeOpen(reason: EndReason, now: number): EventRow[] {
    return this.openEvents().flatMap(
      ({ type, started_at: from }) =>
        this.change(type, { at: now, ended: true, ...this.#lastGap(type, from, reason, now) }) ?? [],
    );
  }

  /** A student who ends the session has been there, whatever the connection did. */
  #lastGap(type: string, from: Date, reason: EndReason, now: number) {
    if (type !== 'CONNECTION_LOST' || reason === 'finished') return {};
    // The deadline of a paused session is that of the pause's beginning, from when no time counts.
    const to = Math.min(now, this.#pausedAt?.getTime() ?? now);
    const gap = Math.max(0, to - from.getTime() - this.#pausedWithin(from.getTime(), to));
    const began = (this.#row.time_from ?? this.#row.started_at).getTime();
    const given = this.#deadline && this.#deadline.getTime() - began - this.#pausedWithin(began, to);
    const counted = countedOfLastGap(gap, given ?? undefined);
    return { counted, details: { [COUNTED]: Math.round(counted / 100) / 10 } };
  }

  /** The end of a paused session ends its pause as well, so that the time that was left can be granted again. */
  end(reason: EndReason, now: number): void {
    this.#addPause(now);
    this.#status = 'ended';
    this.#endReason = reason;
    this.#endedAt = new Date(now);
  }

  /** Not if it was recorded during a pause: as far as its weight and the pauses that are known tell. */
  #drewAttention(event: EventRow): boolean {
    if (event.type === FLAG || event.weight > 0) return true;
    if (weightOf(this.policy, event.type) > 0) return false;
    const began = event.started_at.getTime();
    if (this.#pausedAt && began >= this.#pausedAt.getTime()) return false;
    return !this.#pauses.some(({ from, to }) => began >= from && began < to);
  }

  #pausedWithin(from: number, to: number): number {
    return this.#pauses.reduce((ms, pause) => ms + Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from)), 0);
  }

  #addPause(now: number): number {
    if (!this.#pausedAt) return 0;
    const from = this.#pausedAt.getTime();
    // A clock that was set back takes no time away.
    const ms = Math.max(0, now - from);
    this.#pauses = [...this.#pauses.slice(1 - MOST_PAUSES), { from, to: from + ms }];
    this.#pausedAt = null;
    if (this.#deadline) this.#deadline = new Date(this.#deadline.getTime() + ms);
    return ms;
  }

  totals(now: number): SessionTotals {
    return {
      attention: this.attention(now).value,
      attention_state: this.#attention,
      client_origin: this.origins,
      baseline: this.baseline,
      requests: this.requests,
      conversation: this.conversation.state,
      id: this.#row.id,
      epoch: this.#row.owner_epoch,
      status: this.#status,
      end_reason: this.#endReason,
      deadline: this.#deadline,
      paused_at: this.#pausedAt,
      ended_at: this.#endedAt,
      risk_score: this.#risk.score,
      rolling_risk: this.#risk.rolling,
      rolling_at: new Date(this.#risk.at),
      risk_level: levelOf(this.policy, this.#risk.score),
      last_seq: this.#seq,
      last_offset: this.#offset,
      dismissed_weight: this.#dismissed,
      last_frame_at: this.lastFrameAt === undefined ? null : new Date(this.lastFrameAt),
      last_seen_at: this.lastSeenAt === undefined ? null : new Date(this.lastSeenAt),
    };
  }
}
