import type { NewAuditEntry } from '../../../db/audit/append.ts';
import type { EventRow } from '../../../db/events.ts';
import type { EvidenceRow } from '../../../db/evidence.ts';
import type { Baseline } from '../../../db/schema/sessions.ts';
import type { NamedSessionRow, SessionTotals, StudentNames } from '../../../db/sessions.ts';
import type { LoadedModel } from '../../../models/jobs.ts';
import type { ClientState, ExamDown, SessionView } from '../../../protocol/down.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { EvidenceKind } from '../../../protocol/http/evidence.ts';
import type { Clock } from '../../clock.ts';
import type { EvidenceWriter } from '../../evidence/evidence-writer.ts';
import type { Feed } from '../../feed/feed.ts';
import { isOfConversation } from './conversation.ts';
import { actOfFlag, isForStaff, type NewFlag } from './flag.ts';
import { eventView, undecidedEventView } from './event-view.ts';
import { actOfPicture, IncidentPictures, type SeenFrame } from './incident-pictures.ts';
import type { QueuedWrite } from './queued-write.ts';
import type { WriteQueue } from './write-queue.ts';
import { SessionState, type NewEvent } from './session-state.ts';
import { recordsOf, type ReviewDecision } from './review-records.ts';
import type { AttendedRow } from '../rules/attended.ts';
import { applyRules, initialRules, type Observation, type RulesState } from '../rules/rules.ts';
import { KeyedMutex } from './keyed-mutex.ts';
import { sessionView } from './session-view.ts';

export interface RecorderParts {
  readonly writeQueue: WriteQueue;
  readonly feed: Feed;
  readonly clock: Clock;
  /** Loaded weights; undefined while vision is off. */
  readonly models: () => readonly LoadedModel[] | undefined;
  /** Undefined: no picture of an incident is kept. */
  readonly evidence?: EvidenceAccess | undefined;
}

/** Consoles are told of attention that changed without an event at most this often, ms. */
const ATTENTION_EVERY_MS = 15_000;

/** Whether an incident that opens is stored by itself; one that is not is counted. */
export type AdmitIncident = (type: string, now: number) => boolean;

export interface EvidenceAccess {
  readonly evidenceWriter: Pick<EvidenceWriter, 'keep'>;
  readonly findEvents: ReadEvents;
  /** See `addLatePicture`. */
  readonly addLate: (row: EvidenceRow, act: NewAuditEntry) => Promise<void>;
}

/** Receiver of the recorder's messages, besides the feed: the live session. */
export interface Audience {
  readonly connected: boolean;
  send(message: ExamDown): void;
  refused(reason: 'fenced' | 'unstorable'): void;
}

/** Stored along with the rows; see `QueuedWrite`. */
interface StoreOptions extends Pick<QueuedWrite, 'minutes' | 'reviews' | 'audit' | 'evidence'> {
  /** Also when there are no rows, since something else changed. */
  readonly stateChanged?: boolean;
  /** Called after COMMIT, when the events were sent. */
  readonly committed?: () => void;
}

/** Events by their ids, as they are stored. */
export type ReadEvents = (ids: readonly string[]) => Promise<readonly EventRow[]>;

/** Reads of stored events while new ones arrive, at most. */
const READS = 5;

/** Turns observations of one session into events, stores them, and publishes them after COMMIT. */
export class SessionRecorder {
  readonly state: SessionState;
  #row: NamedSessionRow;
  readonly #parts: RecorderParts;
  readonly #audience: Audience;
  readonly #pictures: IncidentPictures | undefined;
  /** Serializes changes of an event that has ended: each reads it first. */
  readonly #amending = new KeyedMutex();
  /** Set by the live session. */
  admitIncident: AdmitIncident = () => true;
  /** Last state that the exam client reported; set by the live session. */
  clientState: () => ClientState | undefined = () => undefined;
  #rules: RulesState;
  #stored: Promise<void> = Promise.resolve();
  /** Highest offset that is committed and published: no update to a console may run ahead of it. */
  #told: number;
  /** Value that consoles know. */
  #attentionTold = 0;
  #attentionAt = 0;

  constructor(row: NamedSessionRow, open: readonly EventRow[], parts: RecorderParts, audience: Audience) {
    this.#row = row;
    this.#parts = parts;
    this.#audience = audience;
    this.state = new SessionState(row, open);
    this.#told = row.last_offset;
    this.#rules = initialRules(parts.clock(), row.baseline ?? undefined);
    const sink = {
      kept: (picture: EvidenceRow) => {
        const act = actOfPicture(picture, parts.clock());
        return this.store([], { evidence: [picture], audit: [act] }).catch(() => parts.evidence?.addLate(picture, act));
      },
      missing: (eventId: string, kind: string) => void this.#noteMissing(eventId, kind).catch(() => {}),
    };
    this.#pictures =
      parts.evidence && this.state.policy.evidence.keep
        ? new IncidentPictures(row.id, parts.evidence.evidenceWriter, sink)
        : undefined;
  }

  get policyVersion(): number {
    return this.#row.policy_version;
  }

  /**
   * Resolves when everything so far is committed. @throws ProtocolError `session_not_live` when the last of it was
   * refused
   */
  get stored(): Promise<void> {
    return this.#stored;
  }

  view(): SessionView {
    const now = this.#parts.clock();
    return this.#viewOf(this.state.totals(now), now);
  }

  #viewOf(totals: SessionTotals, now: number): SessionView {
    const { state } = this;
    const live = { connected: this.#audience.connected, lastFrameAt: state.lastFrameAt, client: this.clientState() };
    const view = sessionView(this.#row, totals, live, state.openTypes, now);
    this.#attentionTold = view.attention?.value ?? 0;
    return view;
  }

  record(event: NewEvent): EventRow {
    return this.state.record(event, this.#parts.clock());
  }

  /** An event of the student's client; one that ends an absence states its length (rule E9). */
  recordSignal(event: NewEvent): EventRow[] {
    const { after, durationMs } = (event.details?.['data'] ?? {}) as { after?: unknown; durationMs?: unknown };
    const lasted = typeof durationMs === 'number' && durationMs >= 0 ? durationMs : undefined;
    if (event.type === 'PAGE_LEFT' && lasted !== undefined) {
      const startedAt = Math.max(this.#row.started_at.getTime(), event.startedAt - lasted);
      return [this.record({ ...event, startedAt })];
    }
    const row = this.record(event);
    if (event.type !== 'RETURNED_TO_EXAM' || lasted === undefined || typeof after !== 'string') return [row];
    const absence = this.state.absenceEnded(after, lasted, this.#parts.clock());
    return absence ? [row, absence] : [row];
  }

  /** An event without a duration. */
  instant(type: string, source: NewEvent['source'], at: number, details?: Readonly<Record<string, unknown>>): EventRow {
    return this.record({ type, source, startedAt: at, endedAt: at, ...(details && { details }) });
  }

  /**
   * Runs the rules and records their changes as rows.
   * @param context details of incidents that open
   * @param frame picture for incidents that it opens, shows and ends
   */
  observe(observation: Observation, context: Readonly<Record<string, unknown>> = {}, frame?: SeenFrame): EventRow[] {
    const { state, changes, notes = [], seen } = applyRules(this.state.policy, this.#rules, observation);
    this.#rules = state;
    if (state.calibration.done) this.state.baseline = state.calibration.baseline;
    const rows: EventRow[] = [];
    for (const { kind, type, confidence, startedAt, at, frames, unknownMs, clearMs } of changes) {
      if (kind === 'open' && !this.admitIncident(type, this.#parts.clock())) continue;
      const unknown = unknownMs > 0 && { unknownSeconds: Math.round(unknownMs / 100) / 10 };
      const clear = clearMs > 0 && { clearSeconds: Math.round(clearMs / 100) / 10 };
      const details = { frames, ...unknown, ...clear, ...(kind === 'open' ? context : {}) };
      const row =
        kind === 'open'
          ? this.record({ type, source: 'vision', startedAt, endedAt: undefined, confidence, details })
          : this.state.change(type, { at, ended: kind === 'close', confidence, details });
      if (!row) continue;
      rows.push(row);
      if (kind === 'open') this.#pictures?.opened(type, row.id, frame);
      if (kind === 'close') this.#pictures?.closed(type, frame);
    }
    for (const { type, at, details } of notes)
      if (this.admitIncident(type, this.#parts.clock())) rows.push(this.instant(type, 'vision', at, details));
    if (seen && frame) this.#pictures?.seen(seen, frame);
    return rows;
  }

  /** The student's straight pose, degrees; undefined until it is measured. */
  get straight(): Baseline | undefined {
    const { done, baseline } = this.#rules.calibration;
    return done ? baseline : undefined;
  }

  /** Whether pictures of events are stored. */
  get keepsPictures(): boolean {
    return this.#pictures !== undefined;
  }

  /** Stores a picture of an event, once the event is on its way to the database. */
  keepPicture(event: string, kind: EvidenceKind, frame: SeenFrame): void {
    this.#pictures?.keep(event, kind, frame);
  }

  /** Observes, and stores what comes of it. */
  follow(observation: Observation, context?: Readonly<Record<string, unknown>>, frame?: SeenFrame): EventRow[] {
    const rows = this.observe(observation, context, frame);
    void this.store(rows);
    return rows;
  }

  /**
   * Queues rows with the current totals. Resolves after COMMIT; most callers do not wait.
   */
  store(rows: readonly EventRow[], options: StoreOptions = {}): Promise<void> {
    // Consoles show the hand and unread messages with the session.
    const {
      stateChanged = rows.some(isOfConversation),
      committed,
      minutes = [],
      reviews = [],
      audit = [],
      evidence = [],
    } = options;
    const others = [minutes, reviews, audit, evidence];
    if (rows.length === 0 && others.every(({ length }) => length === 0) && !stateChanged) return Promise.resolve();
    const now = this.#parts.clock();
    const totals = this.state.totals(now);
    const view = this.#viewOf(totals, now);
    const stored = new Promise<void>((resolve, reject) => {
      this.#parts.writeQueue.append({
        totals,
        events: rows,
        minutes,
        reviews,
        audit,
        evidence,
        committed: () => {
          if (rows.length > 0 || stateChanged)
            this.#committed(rows, view, { stateChanged, isReview: reviews.length > 0, committed });
          resolve();
        },
        refused: (reason) => {
          reject(new ProtocolError('session_not_live', 'another server holds this session', { retryable: true }));
          this.#audience.refused(reason);
        },
      });
    });
    // The audience handles a refusal, whether a caller waits or not.
    stored.catch(() => {});
    this.#stored = stored;
    return stored;
  }

  /**
   * A person's decisions about events of this session: all are stored in one transaction, or none. Resolves after
   * COMMIT with the events as they are then.
   * @param decide decisions about the events as they are now; may refuse them. @throws ProtocolError
   * @param read the events as they are stored
   * @param all events of a session that is over, as they are stored
   * @throws ProtocolError `not_found` unless all of them are of this session, `session_not_live`
   */
  review(
    ids: readonly string[],
    decide: (events: ReadonlyMap<string, EventRow>) => readonly ReviewDecision[],
    read: ReadEvents,
    all?: readonly (AttendedRow & Pick<EventRow, 'id'>)[],
  ): Promise<EventRow[]> {
    return this.#amend(ids, async () => {
      const events = await this.#current(ids, read);
      if (events.size < ids.length) throw new ProtocolError('not_found', 'event not found');
      const decisions = decide(events);
      const now = this.#parts.clock();
      const rows = decisions.map(({ eventId, decision }) => this.state.review(events.get(eventId)!, decision, now));
      const changed = new Map(rows.map((row) => [row.id, row]));
      if (all) this.state.attendAnew(all.map((other) => changed.get(other.id) ?? other));
      const records = decisions.map((decision) => recordsOf(decision, this.#row.id));
      await this.store(rows, {
        stateChanged: true,
        reviews: records.map(({ review }) => review),
        audit: records.map(({ act }) => act),
      });
      return rows;
    });
  }

  /**
   * A person's flag. Resolves after COMMIT with its event.
   * @param all events of a session that is over, as they are stored
   * @param stored called once the event is on its way to the database
   */
  async flag(flag: NewFlag, all?: readonly AttendedRow[], stored?: (event: EventRow) => void): Promise<EventRow> {
    const row = this.state.flag(flag, this.#parts.clock());
    if (all) this.state.attendAnew([...all, row]);
    const done = this.store([row], { stateChanged: true, audit: [actOfFlag(row, flag.by, flag.category)] });
    stored?.(row);
    await done;
    return row;
  }

  /** A picture of an event will not come: the event says so. */
  pictureMissing(eventId: string, kind: EvidenceKind): void {
    void this.#noteMissing(eventId, kind).catch(() => {});
  }

  /** Once a second: attention falls without events, which consoles are told now and then. */
  tick(now: number): void {
    if (now - this.#attentionAt < ATTENTION_EVERY_MS) return;
    this.#attentionAt = now;
    const { value } = this.state.attention(now);
    if (Math.abs(value - this.#attentionTold) >= 1) this.publishState();
  }

  /** Its enrolment is in another room now; stored already. */
  moveTo(room: string | null): void {
    this.#row = { ...this.#row, room };
    this.publishState();
  }

  /** Its student has another name or address now; stored already. */
  rename({ student_name, student_email }: StudentNames): void {
    this.#row = { ...this.#row, student_name, student_email };
    this.publishState();
  }

  /** Publishes the current state to consoles: the connection, the age of the last frame. */
  publishState(): void {
    this.#parts.feed.publish({ view: { ...this.view(), offset: this.#told }, changes: [], stateChanged: true });
  }

  /** Runs when none of the events is being amended. In the order of their ids, so that no two wait for each other. */
  #amend<T>(ids: readonly string[], run: () => Promise<T>): Promise<T> {
    return ids.toSorted().reduceRight((next, id) => () => this.#amending.run(id, next), run)();
  }

  /**
   * Current state of those events that are of this session. Events that have ended are read from the database after
   * pending writes, and again if something was recorded meanwhile.
   */
  async #current(ids: readonly string[], read: ReadEvents): Promise<Map<string, EventRow>> {
    const asked = new Set(ids);
    const open = () => this.state.openEvents().filter(({ id }) => asked.has(id));
    let stored: readonly EventRow[] = [];
    for (let tries = 0; open().length < ids.length && tries < READS; tries++) {
      const { offset } = this.state;
      await this.#stored;
      stored = await read(ids);
      if (offset === this.state.offset) break;
    }
    const own = stored.filter((event) => event.session_id === this.#row.id);
    return new Map([...own, ...open()].map((event) => [event.id, event]));
  }

  /** Notes in the event that a picture is missing. */
  #noteMissing(eventId: string, kind: string): Promise<void> {
    return this.#amend([eventId], async () => {
      const event = (await this.#current([eventId], this.#parts.evidence!.findEvents)).get(eventId);
      if (!event) return;
      const { evidenceMissing = [] } = event.details as { evidenceMissing?: string[] };
      await this.store([this.state.annotate(event, { evidenceMissing: [...evidenceMissing, kind] })]);
    });
  }

  #committed(
    rows: readonly EventRow[],
    view: SessionView,
    {
      stateChanged,
      isReview,
      committed,
    }: {
      readonly stateChanged: boolean;
      readonly isReview: boolean;
      readonly committed: (() => void) | undefined;
    },
  ): void {
    const changes = rows.map((row) => ({ offset: row.change_offset, event: eventView(row) }));
    // Decisions and flags of staff are not for the student before a verdict is released.
    const told = isReview ? [] : rows.filter((row) => !isForStaff(row));
    for (const row of told) this.#audience.send({ type: 'event', event: undecidedEventView(row) });
    if (told.length > 0)
      this.#audience.send({ type: 'risk', score: view.score, rolling: view.rolling, level: view.level });
    committed?.();
    // The socket of a session that is over is closed next, without another update.
    const connected = this.#audience.connected && view.status !== 'ended';
    this.#told = Math.max(this.#told, rows.at(-1)?.change_offset ?? 0);
    this.#parts.feed.publish({ view: { ...view, offset: this.#told, connected }, changes, stateChanged });
  }
}
