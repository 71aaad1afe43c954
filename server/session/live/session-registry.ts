import { uuidv7 } from 'uuidv7';
import type { Db } from '../../../db/executor.ts';
import { listUnread } from '../../../db/conversation.ts';
import { listNewestReported, listOpen, readCountedSeq, readStreamTail } from '../../../db/events.ts';
import { claimForNode, type ClaimReason, listOwnership } from '../../../db/claims.ts';
import { findOverdue, findSession } from '../../../db/sessions.ts';
import { CLOSE, ProtocolError } from '../../../protocol/errors.ts';
import { LONGEST_PAUSE_MS } from '../../../protocol/pause.ts';
import { ABSENCES } from '../../../protocol/event-types.ts';
import { SIGNAL_WINDOW } from '../../../protocol/signal-data.ts';
import type { LiveAccess } from '../../access/live-access.ts';
import { systemTimers, type Timers } from '../../clock.ts';
import type { Logger } from '../../log.ts';
import { oneAtATime } from '../../one-at-a-time.ts';
import { MOST_UNREAD } from '../record/conversation.ts';
import type { Pressure } from '../record/backlog.ts';
import { OverdueSessions } from './overdue-sessions.ts';
import { LiveSession, type SessionParts } from './live-session.ts';
import { SignalStream } from '../signals/signal-stream.ts';

/**
 * A session without a socket stays in memory, with its calibration and streams, for the first time at least, and until
 * its attention changes no more: consoles see it grow and fall. By default that takes an hour or two.
 */
const KEEP_MS = { least: 10 * 60_000, most: 24 * 3_600_000 } as const;
const TICK_MS = 1000;
const PUBLISH_EVERY = 5;
const SWEEP_EVERY = 30;
/** A session that was lost to another node is noticed after this many ticks at most, also without a write. */
const CHECK_OWNED_EVERY = 5;

export type SessionRegistryParts = Omit<SessionParts, 'onRefused' | 'onEnded'> & {
  readonly timers?: Timers;
  /** Reads the rights to the session's exam before its first update. */
  readonly access: Pick<LiveAccess, 'know'>;
  /** Id of this process. */
  readonly node: string;
  /** Whether other processes may serve the same database. */
  readonly isShared: boolean;
  /** A connection has taken a session, perhaps from another node. */
  readonly onClaimed: (session: string) => void;
};

function isForgotten(session: LiveSession, now: number): boolean {
  const { detachedAt } = session;
  if (detachedAt === undefined || now - detachedAt <= KEEP_MS.least) return false;
  return now - detachedAt > KEEP_MS.most || session.isAttentionSettled(now);
}

/** A running session of another node, whose lease runs. */
export class OwnedElsewhere {
  readonly node: string;

  constructor(node: string) {
    this.node = node;
  }
}

/** The sessions that this process owns. */
export class SessionRegistry {
  readonly #db: Db;
  readonly #parts: SessionRegistryParts;
  readonly #log: Logger;
  readonly #live = new Map<string, LiveSession>();
  readonly #opening = new Map<string, Promise<LiveSession | OwnedElsewhere>>();
  readonly #overdue: OverdueSessions;
  #cancelTick: () => void = () => {};
  #ticks = 0;
  readonly #checkAllOwned = oneAtATime(() =>
    this.checkOwned().catch((error: unknown) => this.#log.debug({ err: error }, 'owners of sessions are unknown')),
  );

  constructor(db: Db, parts: SessionRegistryParts, log: Logger) {
    this.#db = db;
    this.#parts = parts;
    this.#log = log;
    this.#overdue = new OverdueSessions({
      find: (now, limit, except) =>
        findOverdue(
          db,
          { now, pausedBefore: new Date(now.getTime() - LONGEST_PAUSE_MS), node: parts.node },
          limit,
          except,
        ),
      // One that another node has claimed meanwhile is ended there.
      end: async (id) => {
        const session = await this.own(id);
        if (session instanceof LiveSession) await session.expire();
      },
      log,
    });
  }

  start(): void {
    this.#cancelTick = (this.#parts.timers ?? systemTimers).every(TICK_MS, () => this.#tick());
  }

  stop(): void {
    this.#cancelTick();
    for (const session of this.#live.values()) session.saveMinutes();
  }

  /** Number of sessions with a socket. */
  get connected(): number {
    let count = 0;
    for (const session of this.#live.values()) if (session.connected) count += 1;
    return count;
  }

  find(id: string): LiveSession | undefined {
    return this.#live.get(id);
  }

  /**
   * The session for a connection of its student, which takes it from any other node.
   * @throws ProtocolError `session_over`, also for one that does not exist
   */
  async connect(id: string): Promise<LiveSession> {
    const live = this.#live.get(id);
    if (live && this.#parts.isShared) await this.checkOwned([live]);
    const session = await this.#open(id, 'connection');
    if (session instanceof LiveSession) return session;
    throw new Error('a connection was refused the session');
  }

  /**
   * The session, claimed for this node if nobody owns it: the door of everybody but the student's connections.
   * @throws ProtocolError as `connect`
   */
  own(id: string): Promise<LiveSession | OwnedElsewhere> {
    return this.#open(id, 'lease');
  }

  /** Drops those of the sessions that another node has claimed. */
  async checkOwned(sessions: Iterable<LiveSession> = this.#live.values()): Promise<void> {
    const held = new Map([...sessions].map((session) => [session.id, session]));
    for (const { id, owner_epoch } of await listOwnership(this.#db, [...held.keys()])) {
      const session = held.get(id);
      if (session && owner_epoch > session.epoch) this.#refused(session, 'fenced');
    }
  }

  /**
   * A stream of the session, read back from the database when it is not known here; undefined when it has none such.
   */
  async stream(session: LiveSession, id: string | undefined): Promise<SignalStream | undefined> {
    if (id === undefined) return session.signals.adopt(new SignalStream(uuidv7()));
    const known = session.signals.find(id);
    if (known) return known;
    const [tail, counted] = [
      await readStreamTail(this.#db, session.id, id, SIGNAL_WINDOW),
      await readCountedSeq(this.#db, session.id, id),
    ];
    if (!tail && counted === 0) return undefined;
    return session.signals.adopt(new SignalStream(id, Math.max(tail?.lastSeq ?? 0, counted), tail?.digests));
  }

  /** The shared frame rate, or the state of vision, changed. */
  retuneAll(): void {
    for (const session of this.#live.values()) session.retune();
  }

  /** The pressure level of the write queue changed (rule S9). */
  press(pressure: Pressure): void {
    for (const session of this.#live.values()) session.press(pressure);
  }

  async #open(id: string, reason: ClaimReason): Promise<LiveSession | OwnedElsewhere> {
    const live = this.#live.get(id);
    if (live) return live;
    const opening = this.#opening.get(id);
    if (opening) {
      const opened = await opening;
      return opened instanceof LiveSession || reason === 'lease' ? opened : this.#open(id, reason);
    }
    const loading = this.#load(id, reason).finally(() => this.#opening.delete(id));
    this.#opening.set(id, loading);
    return loading;
  }

  async #load(id: string, reason: ClaimReason): Promise<LiveSession | OwnedElsewhere> {
    const claimed = await claimForNode(this.#db, id, this.#parts.node, reason);
    if (claimed && reason === 'connection') this.#parts.onClaimed(id);
    if (claimed && 'owner' in claimed) return new OwnedElsewhere(claimed.owner);
    const named = claimed && (await findSession(this.#db, id));
    if (!claimed || !named) throw new ProtocolError('session_over', 'session has ended', { close: CLOSE.sessionOver });
    await this.#parts.access.know([named.exam_id]);
    const open = await listOpen(this.#db, [id]);
    const absences = await listNewestReported(this.#db, id, ABSENCES);
    const unread = await listUnread(this.#db, id, MOST_UNREAD);
    const known = new Map([...open, ...absences, ...unread].map((row) => [row.id, row]));
    const session = new LiveSession({ ...named, ...claimed.row }, [...known.values()], {
      ...this.#parts,
      onRefused: (refused, why) => this.#refused(refused, why),
      onEnded: (ended) => this.#forget(ended),
    });
    this.#live.set(id, session);
    this.#parts.metrics.liveSessions.set(this.#live.size);
    return session;
  }

  #forget(session: LiveSession): void {
    if (this.#live.get(session.id) !== session) return;
    this.#live.delete(session.id);
    this.#parts.metrics.liveSessions.set(this.#live.size);
  }

  #refused(session: LiveSession, reason: 'fenced' | 'unstorable'): void {
    if (this.#live.get(session.id) !== session) return;
    this.#forget(session);
    this.#log.warn({ session: session.id, reason }, 'session dropped from this process');
    if (reason === 'fenced') void this.#dropLost(session);
    else session.drop(CLOSE.internal);
  }

  /** Its student's client goes on at the new owner, unless a newer connection of the student is there (rule C7). */
  async #dropLost(session: LiveSession): Promise<void> {
    const [now] = await listOwnership(this.#db, [session.id]).catch(() => []);
    const isReplaced = now?.claimed_by === 'connection' && now.owner_node !== this.#parts.node;
    session.drop(isReplaced ? CLOSE.takenOver : CLOSE.moved);
  }

  /** A failure in one session must not stop the clock of the others. */
  #tickOne(session: LiveSession, now: number): void {
    try {
      session.tick(now);
    } catch (error) {
      this.#log.error({ err: error, session: session.id }, 'tick of a session failed');
    }
  }

  #tick(): void {
    const now = this.#parts.clock();
    this.#ticks += 1;
    let turn = this.#ticks;
    for (const session of this.#live.values()) {
      this.#tickOne(session, now);
      // A fifth of the sessions per tick: all at once would delay other work where there are many consoles.
      if (turn++ % PUBLISH_EVERY === 0 && session.connected) session.publishState();
      if (this.#parts.writeQueue.waiting === 0 && isForgotten(session, now)) this.#forget(session);
    }
    if (this.#ticks % SWEEP_EVERY === 0) void this.#overdue.sweep(now);
    if (this.#parts.isShared && this.#ticks % CHECK_OWNED_EVERY === 0) this.#checkAllOwned();
  }
}
