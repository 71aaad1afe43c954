import type { ConsoleDown } from '../../protocol/down.ts';
import type { StateChange } from '../sdk/link-state.ts';
import { Emitter } from '../sdk/emitter.ts';
import type { ConsoleClient } from './console-client.ts';
import { NO_FILTER } from './filters.ts';
import { type Candidate, needsLook, type QueueEntry, stepQueue } from './queue.ts';
import { addPoint, decayed, type RiskPoint } from './risk-history.ts';
import { arrive, closeRanks, leave, type Seats } from './seats.ts';
import { applyMessages, byBeginning, type Sessions } from './wall-state.ts';

/** How often counts, filters and the queue are worked out again, ms. Tiles do not wait for it. */
const PULSE_MS = 500;
/** A hidden page draws nothing, but is still to ring, ms. */
const HIDDEN_MS = 500;
const DEFAULT_HALF_LIFE = 300;

interface StoreEvents {
  /** Somebody came, left or was moved. */
  seats: Seats;
  /** Counts or queue may be others. */
  pulse: undefined;
  link: StateChange;
  /** Sessions at High that were not before. */
  raised: readonly string[];
}

/** The live state behind a wall. It outlives the page: whoever looks at one session still hears of the others. */
export class WallStore {
  readonly client: ConsoleClient;
  readonly #emitter = new Emitter<StoreEvents>();
  readonly #tiles = new Map<string, Set<() => void>>();
  readonly #histories = new Map<string, readonly RiskPoint[]>();
  readonly #framesAt = new Map<string, number>();
  readonly #lookedAt = new Map<string, number>();
  readonly #halfLives = new Map<string, number>();
  #sessions: Sessions = new Map();
  #seats: Seats = [];
  #queue: readonly QueueEntry[] = [];
  #link: StateChange = { state: 'idle' };
  #waiting: ConsoleDown[] = [];
  #frame: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pulse: ReturnType<typeof setInterval> | undefined;
  #stops: (() => void)[] = [];
  /** What the wall shows at the moment; kept for the way back. */
  view = { page: 0, scroll: 0, filter: NO_FILTER, opened: undefined as string | undefined };

  constructor(client: ConsoleClient) {
    this.client = client;
  }

  open(): void {
    this.#stops = [
      this.client.on('state', (change) => {
        this.#link = change;
        this.#emitter.emit('link', change);
      }),
      this.client.on('message', (message) => this.#take(message)),
      this.client.on('frame', ({ session }) => void this.#framesAt.set(session, Date.now())),
    ];
    this.#pulse = setInterval(() => this.#beat(), PULSE_MS);
    this.client.connect();
  }

  close(): void {
    for (const stop of this.#stops) stop();
    clearInterval(this.#pulse);
    this.#unschedule();
    this.client.close();
  }

  on<K extends keyof StoreEvents>(name: K, listener: (value: StoreEvents[K]) => void): () => void {
    return this.#emitter.on(name, listener);
  }

  /** Hears of every change of one session. @returns takes the listener off again */
  onSession(id: string, listener: () => void): () => void {
    const set = this.#tiles.get(id) ?? new Set();
    this.#tiles.set(id, set.add(listener));
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.#tiles.get(id) === set) this.#tiles.delete(id);
    };
  }

  get sessions(): Sessions {
    return this.#sessions;
  }

  get seats(): Seats {
    return this.#seats;
  }

  get queue(): readonly QueueEntry[] {
    return this.#queue;
  }

  get link(): StateChange {
    return this.#link;
  }

  history = (id: string): readonly RiskPoint[] => this.#histories.get(id) ?? [];

  /** Seconds in which an exam's rolling risk halves. */
  halfLife = (exam: string): number => this.#halfLives.get(exam) ?? DEFAULT_HALF_LIFE;

  setHalfLife(exam: string, seconds: number): void {
    this.#halfLives.set(exam, seconds);
  }

  /** When the last picture came: as the server says, or here. ms. */
  lastFrameAt(id: string): number | undefined {
    const told = this.#sessions.get(id)?.lastFrameAt;
    const times = [told ? Date.parse(told) : undefined, this.#framesAt.get(id)].filter((time) => time !== undefined);
    return times.length > 0 ? Math.max(...times) : undefined;
  }

  /** Somebody looked: it leaves the queue until its score rises. */
  markLooked(id: string): void {
    const session = this.#sessions.get(id);
    if (!session) return;
    this.#lookedAt.set(id, session.score);
    this.#queue = this.#queue.filter((entry) => entry.id !== id);
    this.#beat();
  }

  /** Empties the seats of these, which are over. */
  dismiss(ids: Iterable<string>): void {
    const gone = new Set([...ids].filter((id) => this.#sessions.get(id)?.status === 'ended'));
    if (gone.size === 0) return;
    const rest = new Map(this.#sessions);
    for (const id of gone) {
      rest.delete(id);
      for (const map of [this.#histories, this.#framesAt, this.#lookedAt]) map.delete(id);
    }
    this.#sessions = rest;
    this.#reseat(leave(this.#seats, gone));
    this.#beat();
  }

  dismissEnded(): void {
    this.dismiss([...this.#sessions.values()].filter(({ status }) => status === 'ended').map(({ id }) => id));
  }

  closeRanks(): void {
    this.dismissEnded();
    this.#reseat(closeRanks(this.#seats));
  }

  #take(message: ConsoleDown): void {
    if (message.type === 'analysis') return;
    this.#waiting.push(message);
    if (this.#frame !== undefined) return;
    // A page that is drawn takes all of a frame at once; one that is not must not wait for a frame that never comes.
    this.#frame = requestAnimationFrame(() => this.#flush());
    this.#timer = setTimeout(() => this.#flush(), HIDDEN_MS);
  }

  #unschedule(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = undefined;
  }

  #flush(): void {
    this.#unschedule();
    const messages = this.#waiting;
    this.#waiting = [];
    const { sessions, changed, raised } = applyMessages(this.#sessions, messages);
    this.#sessions = sessions;
    const now = Date.now();
    for (const id of changed) this.#note(id, now);
    for (const id of changed) for (const listener of this.#tiles.get(id) ?? []) listener();
    // Who was there before the console came is seated by beginning, who comes later by arrival.
    this.#reseat(arrive(this.#seats, this.#seats.length === 0 ? byBeginning(sessions) : sessions.keys()));
    if (raised.length > 0) this.#emitter.emit('raised', raised);
    if (messages.some(({ type }) => type === 'snapshot')) this.#beat();
  }

  #note(id: string, now: number): void {
    const session = this.#sessions.get(id);
    const points = this.history(id);
    const last = points.at(-1);
    if (session && (!last || last.rolling !== session.rolling))
      this.#histories.set(id, addPoint(points, { at: now, rolling: session.rolling }));
  }

  #reseat(seats: Seats): void {
    if (seats === this.#seats) return;
    this.#seats = seats;
    this.#emitter.emit('seats', seats);
  }

  #beat(): void {
    const now = Date.now();
    const candidates: Candidate[] = [];
    for (const session of this.#sessions.values()) {
      if (!needsLook(session, this.#lookedAt.get(session.id))) continue;
      const last = this.history(session.id).at(-1);
      candidates.push({ session, rolling: last ? decayed(last, now, this.halfLife(session.examId)) : session.rolling });
    }
    this.#queue = stepQueue(this.#queue, candidates, now);
    this.#emitter.emit('pulse', undefined);
  }
}
