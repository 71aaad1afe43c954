import { uuidv7 } from 'uuidv7';
import { type EventRow, findEvent, findEvents, listAttended } from '../../../db/events.ts';
import type { Db } from '../../../db/executor.ts';
import { listReviewsAround } from '../../../db/reviews.ts';
import { claimSession, findSession } from '../../../db/sessions.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { GroupReviewBody } from '../../../protocol/http/reviews.ts';
import type { LiveAccess } from '../../access/live-access.ts';
import { SessionRecorder, type RecorderParts } from '../record/session-recorder.ts';
import type { SessionRegistry } from '../live/session-registry.ts';
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

type ReviewsParts = RecorderParts & { readonly access: Pick<LiveAccess, 'know'> };

/** Another process can take a session over between its claim and the write; then it is claimed again. */
const TRIES = 5;

const NOBODY = { connected: false, send: () => {}, refused: () => {} };

const noEvent = () => new ProtocolError('not_found', 'event not found');

/** People's decisions about events. They go through the owner of the event's session, like every change. */
export class Reviews {
  readonly #db: Db;
  readonly #registry: SessionRegistry;
  readonly #parts: ReviewsParts;
  readonly #mutex = new KeyedMutex();

  constructor(db: Db, registry: SessionRegistry, parts: ReviewsParts) {
    this.#db = db;
    this.#registry = registry;
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
    const { decisions, events } = await this.#write(known.session_id, async () => ({
      ids: [eventId],
      plan: (current) => {
        refuseActOfStaff(current.get(eventId)!, decision);
        return [{ id: uuidv7(), eventId, decision, reason, by, at: this.#now() }];
      },
    }));
    return { decision: decisions[0]!, event: events[0]! };
  }

  /**
   * One decision about many events of a session, all or none. Resolves after COMMIT.
   * @throws ProtocolError as `decide`, and `decided_meanwhile`
   */
  decideTogether(sessionId: string, by: string, body: GroupReviewBody): Promise<DecidedEvents> {
    return this.#write(sessionId, async () => ({
      ids: idsOf(body.events),
      plan: (current) => planGroup(body, current, { by, at: this.#now() }),
    }));
  }

  /** Takes an act back, for all of its events or none. Resolves after COMMIT. @throws ProtocolError as `decideTogether` */
  undo(sessionId: string, by: string, act: string): Promise<DecidedEvents> {
    return this.#write(sessionId, async () => {
      const decisions = planUndo(act, await listReviewsAround(this.#db, sessionId, act), { by, at: this.#now() });
      return { ids: decisions.map(({ eventId }) => eventId), plan: () => decisions };
    });
  }

  /**
   * A person's flag, also of a session that is over. Resolves after COMMIT.
   * @throws ProtocolError `not_found`, `session_not_live`; with a picture also `session_over` and `pictures_off`
   */
  flag(sessionId: string, flag: NewFlag, snapshot: boolean): Promise<EventRow> {
    return this.#owning(sessionId, (writer) => writer.flag(flag, snapshot));
  }

  #now(): Date {
    return new Date(this.#parts.clock());
  }

  /**
   * @param prepare called when the session is owned and no other review of it is under way, and again when it is lost
   *   before COMMIT
   */
  #write(
    sessionId: string,
    prepare: () => Promise<{ readonly ids: readonly string[]; readonly plan: Plan }>,
  ): Promise<DecidedEvents> {
    return this.#owning(sessionId, async (writer) => {
      const { ids, plan } = await prepare();
      let decisions: readonly ReviewDecision[] = [];
      const events = await writer.review(ids, (current) => (decisions = plan(current)));
      return { decisions, events };
    });
  }

  #owning<T>(sessionId: string, write: (writer: Writer) => Promise<T>): Promise<T> {
    // One after the other: two recorders of a session that is over would fence each other off.
    return this.#mutex.run(sessionId, async () => {
      for (let tries = 1; ; tries++) {
        try {
          return await write(await this.#writer(sessionId));
        } catch (error) {
          const contested =
            error instanceof ProtocolError && (error.code === 'session_not_live' || error.code === 'session_over');
          if (!contested || tries === TRIES) throw error;
          // A random pause: two processes would otherwise take the session from each other in step.
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * tries));
        }
      }
    });
  }

  async #writer(sessionId: string): Promise<Writer> {
    const row = await findSession(this.#db, sessionId);
    if (!row) throw noEvent();
    const read = (ids: readonly string[]) => findEvents(this.#db, ids);
    const live =
      this.#registry.find(sessionId) ?? (row.status === 'ended' ? undefined : await this.#registry.open(sessionId));
    if (live)
      return {
        review: (ids, plan) => live.review(ids, plan, read),
        flag: (flag, snapshot) => live.flag(flag, snapshot),
      };
    const claimed = await claimSession(this.#db, sessionId, true);
    if (!claimed) throw noEvent();
    await this.#parts.access.know([row.exam_id]);
    const recorder = new SessionRecorder({ ...row, ...claimed }, [], this.#parts, NOBODY);
    const events = await listAttended(this.#db, sessionId);
    return {
      review: (ids, plan) => recorder.review(ids, plan, read, events),
      flag: async (flag, snapshot) => {
        if (snapshot) throw new ProtocolError('session_over', 'session has ended');
        return recorder.flag(flag, events);
      },
    };
  }
}
