import { uuidv7 } from 'uuidv7';
import { type EventRow, findEvent, findEvents, listAttended } from '../../../db/events.ts';
import type { Db } from '../../../db/executor.ts';
import { listReviewsAround } from '../../../db/reviews.ts';
import { claimSession, findSession, type NamedSessionRow } from '../../../db/sessions.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { GroupReviewBody } from '../../../protocol/http/reviews.ts';
import type { LiveAccess } from '../../access/live-access.ts';
import { SessionRecorder, type RecorderParts } from '../record/session-recorder.ts';
import type { LiveSession } from '../live/live-session.ts';
import type { Sessions } from '../live/session-door.ts';
import type { NewFlag } from '../record/flag.ts';
import type { ReviewDecision } from '../record/review-records.ts';
import { KeyedMutex } from '../record/keyed-mutex.ts';
import { idsOf, planGroup, planUndo, refuseActOfStaff } from './plan-reviews.ts';

type Plan = (events: ReadonlyMap<string, EventRow>) => readonly ReviewDecision[];

/** Whoever can write a session: it is live here, or has a recorder since it is over. */
interface Writer {
  review(ids: readonly string[], plan: Plan): Promise<EventRow[]>;
  flag(flag: NewFlag, snapshot: boolean): Promise<EventRow>;
}

/** Decisions of one act, and the events as they are then, in the same order. */
export interface DecidedEvents {
  readonly decisions: readonly ReviewDecision[];
  readonly events: readonly EventRow[];
}

/** An act of review, as it is asked of the owner of a running session. */
export type ReviewAct =
  | ({ readonly kind: 'decide'; readonly eventId: string; readonly by: string } & Pick<
      ReviewDecision,
      'decision' | 'reason'
    >)
  | { readonly kind: 'together'; readonly by: string; readonly body: GroupReviewBody }
  | { readonly kind: 'undo'; readonly by: string; readonly act: string }
  | { readonly kind: 'flag'; readonly flag: NewFlag; readonly snapshot: boolean };

type ReviewOf = (session: LiveSession, act: ReviewAct) => Promise<DecidedEvents>;

type ReviewsParts = RecorderParts & { readonly access: Pick<LiveAccess, 'know'> };

/** Another process can take a session over between its claim and the write; then it is claimed again. */
const TRIES = 5;

const NOBODY = { connected: false, send: () => {}, refused: () => {} };

const noEvent = () => new ProtocolError('not_found', 'event not found');

/** People's decisions about events. They go through the owner of the event's session, like every change. */
export class Reviews {
  readonly #db: Db;
  readonly #sessions: Sessions<{ readonly review: ReviewOf }>;
  readonly #parts: ReviewsParts;
  readonly #mutex = new KeyedMutex();

  constructor(db: Db, sessions: Sessions<{ readonly review: ReviewOf }>, parts: ReviewsParts) {
    this.#db = db;
    this.#sessions = sessions;
    this.#parts = parts;
  }

  /**
   * Resolves after COMMIT. The newest decision counts.
   * @throws ProtocolError `not_found`, `act_of_staff`, or `session_not_live` while processes compete for the session
   */
  async decide(
    eventId: string,
    by: string,
    { decision, reason }: Pick<ReviewDecision, 'decision' | 'reason'>,
  ): Promise<{ decision: ReviewDecision; event: EventRow }> {
    const known = await findEvent(this.#db, eventId);
    if (!known) throw noEvent();
    const act = { kind: 'decide', eventId, by, decision, reason } as const;
    const { decisions, events } = await this.#act(known.session_id, act);
    return { decision: decisions[0]!, event: events[0]! };
  }

  /**
   * One decision about many events of a session, all or none. Resolves after COMMIT.
   * @throws ProtocolError as `decide`, and `decided_meanwhile`
   */
  decideTogether(sessionId: string, by: string, body: GroupReviewBody): Promise<DecidedEvents> {
    return this.#act(sessionId, { kind: 'together', by, body });
  }

  /** Takes an act back, for all of its events or none. Resolves after COMMIT. @throws ProtocolError as `decideTogether` */
  undo(sessionId: string, by: string, act: string): Promise<DecidedEvents> {
    return this.#act(sessionId, { kind: 'undo', by, act });
  }

  /**
   * A person's flag, also of a session that is over. Resolves after COMMIT.
   * @throws ProtocolError `not_found`, `session_not_live`; with a picture also `session_over` and `pictures_off`
   */
  async flag(sessionId: string, flag: NewFlag, snapshot: boolean): Promise<EventRow> {
    return (await this.#act(sessionId, { kind: 'flag', flag, snapshot })).events[0]!;
  }

  /** An act on a session that runs here. @throws ProtocolError as the act */
  review(live: LiveSession, act: ReviewAct): Promise<DecidedEvents> {
    const writer: Writer = {
      review: (ids, plan) => live.review(ids, plan, (some) => findEvents(this.#db, some)),
      flag: (flag, snapshot) => live.flag(flag, snapshot),
    };
    return this.#mutex.run(live.id, () => this.#perform(live.id, writer, act));
  }

  async #act(sessionId: string, act: ReviewAct): Promise<DecidedEvents> {
    for (let tries = 1; ; tries++) {
      const row = await findSession(this.#db, sessionId);
      if (!row) throw noEvent();
      try {
        if (row.status !== 'ended') return await this.#sessions.ask(sessionId, 'review', act);
        // One after the other: two recorders of a session that is over would fence each other off.
        return await this.#mutex.run(sessionId, async () =>
          this.#perform(sessionId, await this.#writerOfEnded(row), act),
        );
      } catch (error) {
        const contested =
          error instanceof ProtocolError && (error.code === 'session_not_live' || error.code === 'session_over');
        if (!contested || tries === TRIES) throw error;
        // A random pause: two processes would otherwise take the session from each other in step.
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * tries));
      }
    }
  }

  async #perform(sessionId: string, writer: Writer, act: ReviewAct): Promise<DecidedEvents> {
    if (act.kind === 'flag') return { decisions: [], events: [await writer.flag(act.flag, act.snapshot)] };
    const { ids, plan } = await this.#planOf(sessionId, act);
    let decisions: readonly ReviewDecision[] = [];
    const events = await writer.review(ids, (current) => (decisions = plan(current)));
    return { decisions, events };
  }

  async #planOf(sessionId: string, act: Exclude<ReviewAct, { kind: 'flag' }>): Promise<{ ids: string[]; plan: Plan }> {
    const { by } = act;
    const at = new Date(this.#parts.clock());
    switch (act.kind) {
      case 'decide': {
        const { eventId, decision, reason } = act;
        return {
          ids: [eventId],
          plan: (current) => {
            refuseActOfStaff(current.get(eventId)!, decision);
            return [{ id: uuidv7(), eventId, decision, reason, by, at }];
          },
        };
      }
      case 'together':
        return { ids: idsOf(act.body.events), plan: (current) => planGroup(act.body, current, { by, at }) };
      case 'undo': {
        const decisions = planUndo(act.act, await listReviewsAround(this.#db, sessionId, act.act), { by, at });
        return { ids: decisions.map(({ eventId }) => eventId), plan: () => decisions };
      }
    }
  }

  async #writerOfEnded(row: NamedSessionRow): Promise<Writer> {
    const claimed = await claimSession(this.#db, row.id, true);
    if (!claimed) throw new ProtocolError('session_not_live', 'the session has been continued', { retryable: true });
    await this.#parts.access.know([row.exam_id]);
    const recorder = new SessionRecorder({ ...row, ...claimed }, [], this.#parts, NOBODY);
    const events = await listAttended(this.#db, row.id);
    return {
      review: (ids, plan) => recorder.review(ids, plan, (some) => findEvents(this.#db, some), events),
      flag: async (flag, snapshot) => {
        if (snapshot) throw new ProtocolError('session_over', 'session has ended');
        return recorder.flag(flag, events);
      },
    };
  }
}
