import { uuidv7 } from 'uuidv7';
import { type EventRow, findEvent, listAttended } from '../../../db/events.ts';
import type { Db } from '../../../db/executor.ts';
import { claimSession, findSession } from '../../../db/sessions.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { LiveAccess } from '../../access/live-access.ts';
import { SessionRecorder, type RecorderParts } from '../record/session-recorder.ts';
import type { SessionRegistry } from '../live/session-registry.ts';
import type { ReviewDecision } from '../record/review-records.ts';
import { KeyedMutex } from '../record/keyed-mutex.ts';

/** Whoever can write an event's session: its live session here, or a recorder of one that is over. */
type Writer = (decision: ReviewDecision, read: (id: string) => Promise<EventRow | undefined>) => Promise<EventRow>;

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
   * @throws ProtocolError `not_found`, or `session_not_live` while processes compete for the session
   */
  async decide(
    eventId: string,
    by: string,
    { decision, reason }: Pick<ReviewDecision, 'decision' | 'reason'>,
  ): Promise<{ decision: ReviewDecision; event: EventRow }> {
    const known = await findEvent(this.#db, eventId);
    if (!known) throw noEvent();
    // One after the other: two recorders of a session that is over would fence each other off.
    return this.#mutex.run(known.session_id, async () => {
      const made: ReviewDecision = { id: uuidv7(), eventId, decision, reason, by, at: new Date(this.#parts.clock()) };
      const event = await this.#write(known.session_id, made);
      return { decision: made, event };
    });
  }

  async #write(sessionId: string, decision: ReviewDecision): Promise<EventRow> {
    for (let tries = 1; ; tries++) {
      try {
        const write = await this.#writer(sessionId);
        return await write(decision, (id) => findEvent(this.#db, id));
      } catch (error) {
        const contested =
          error instanceof ProtocolError && (error.code === 'session_not_live' || error.code === 'session_over');
        if (!contested || tries === TRIES) throw error;
        // A random pause: two processes would otherwise take the session from each other in step.
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * tries));
      }
    }
  }

  async #writer(sessionId: string): Promise<Writer> {
    const row = await findSession(this.#db, sessionId);
    if (!row) throw noEvent();
    const live =
      this.#registry.find(sessionId) ?? (row.status === 'ended' ? undefined : await this.#registry.open(sessionId));
    if (live) return (...args) => live.review(...args);
    const claimed = await claimSession(this.#db, sessionId, true);
    if (!claimed) throw noEvent();
    await this.#parts.access.know([row.exam_id]);
    const recorder = new SessionRecorder({ ...row, ...claimed }, [], this.#parts, NOBODY);
    const events = await listAttended(this.#db, sessionId);
    return (made, read) => recorder.review(made, read, events);
  }
}
