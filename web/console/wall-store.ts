import type { ConsoleDown } from '../../protocol/down.ts';
import type { Team } from '../../protocol/team.ts';
import type { Api } from '../shared/api.ts';
import type { StateChange } from '../sdk/link-state.ts';
import { Emitter } from '../sdk/emitter.ts';
import type { ConsoleClient } from './console-client.ts';
import { attentionOf } from './attention.tsx';
import { NO_FILTER } from './filters.ts';
import { type Candidate, needsAttention, type QueueEntry, stepQueue } from './queue.ts';
import { addPoint, decayed, type RiskPoint } from './risk-history.ts';
import { arrive, compact, leave, type Seats } from './seats.ts';
import { applyTeams, type Teams } from './teams.ts';
import { applyMessages, byBeginning, type Sessions } from './wall-state.ts';

/** Update interval of counts, filters and the queue, ms; tiles update at once. */
const PULSE_MS = 500;
/** A hidden page gets no animation frames, but still has to alert, ms. */
const HIDDEN_MS = 500;
const DEFAULT_HALF_LIFE = 300;

interface StoreEvents {
  seats: Seats;
  /** Counts or queue may have changed. */
  pulse: undefined;
  link: StateChange;
  /** Sessions whose attention has just become high. */
  raised: readonly string[];
}

/** Live state of a wall. It outlives the page: alerts about other sessions continue while one session is open. */
export class WallStore {
  readonly client: ConsoleClient;
  readonly #api: Pick<Api, 'post'>;
  readonly #emitter = new Emitter<StoreEvents>();
  readonly #tiles = new Map<string, Set<() => void>>();
  readonly #histories = new Map<string, readonly RiskPoint[]>();
  readonly #framesAt = new Map<string, number>();
  /** Marked as seen here; the server has not answered yet. */
  readonly #marking = new Set<string>();
  #teams: Teams = new Map();
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
  /** View of the wall, restored when the user returns to it. */
  view = { page: 0, scroll: 0, filter: NO_FILTER, opened: undefined as string | undefined };

  constructor(client: ConsoleClient, api: Pick<Api, 'post'>) {
    this.client = client;
    this.#api = api;
  }

  open(): void {
    this.#stops = [
      this.client.on('state', (change) => {
        this.#link = change;
        this.#emitter.emit('link', change);
      }),
      this.client.on('message', (message) => this.#take(message)),
      // The person no longer sees it, or it was deleted.
      this.client.on('error', ({ code, ref }) => code === 'not_found' && typeof ref === 'string' && this.#drop([ref])),
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

  /** Called on every change of one session. @returns removes the listener */
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

  /** Half-life of an exam's rolling risk, seconds. */
  halfLife = (exam: string): number => this.#halfLives.get(exam) ?? DEFAULT_HALF_LIFE;

  setHalfLife(exam: string, seconds: number): void {
    this.#halfLives.set(exam, seconds);
  }

  /** Time of the last image, from the server or received here, ms. */
  lastFrameAt(id: string): number | undefined {
    const told = this.#sessions.get(id)?.lastFrameAt;
    const times = [told ? Date.parse(told) : undefined, this.#framesAt.get(id)].filter((time) => time !== undefined);
    return times.length > 0 ? Math.max(...times) : undefined;
  }

  /** Staff at work on a session; undefined: nothing to tell. */
  team = (id: string): Team | undefined => this.#teams.get(id);

  /** Whether somebody should look at the session. */
  needsLook(id: string): boolean {
    const session = this.#sessions.get(id);
    return session !== undefined && needsAttention(session, this.#isSeen(id));
  }

  /** Removes a session from everybody's queue until something new happens. @throws ApiError */
  async markSeen(id: string): Promise<void> {
    const session = this.#sessions.get(id);
    if (!session || this.#marking.has(id)) return;
    this.#marking.add(id);
    this.#queue = this.#queue.filter((entry) => entry.id !== id);
    this.#beat();
    try {
      const { value } = attentionOf(session);
      const team = await this.#api.post<Team>(`/api/sessions/${id}/seen`, { attention: value });
      // The socket tells it, too; until then the answer counts.
      this.#take({ type: 'team', sessions: [team] });
      this.#flush();
    } finally {
      this.#marking.delete(id);
      this.#beat();
    }
  }

  #isSeen(id: string): boolean {
    return this.#marking.has(id) || (this.#teams.get(id)?.seen ?? null) !== null;
  }

  /** Removes those of these sessions that have ended. */
  remove(ids: Iterable<string>): void {
    this.#drop([...ids].filter((id) => this.#sessions.get(id)?.status === 'ended'));
  }

  #drop(ids: readonly string[]): void {
    // Updates that wait are of before.
    this.#flush();
    const gone = new Set(ids.filter((id) => this.#sessions.has(id)));
    if (gone.size === 0) return;
    const rest = new Map(this.#sessions);
    for (const id of gone) {
      rest.delete(id);
      for (const map of [this.#histories, this.#framesAt]) map.delete(id);
    }
    this.#sessions = rest;
    this.#reseat(leave(this.#seats, gone));
    this.#beat();
  }

  /** Removes all ended sessions and closes the gaps between the others. */
  removeEnded(): void {
    this.remove([...this.#sessions.values()].filter(({ status }) => status === 'ended').map(({ id }) => id));
    this.#reseat(compact(this.#seats));
  }

  #take(message: ConsoleDown): void {
    if (message.type === 'analysis') return;
    this.#waiting.push(message);
    if (this.#frame !== undefined) return;
    // All messages of one animation frame are applied together; a hidden page gets no frames and uses the timer.
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
    const staffed = applyTeams(this.#teams, messages);
    this.#teams = staffed.teams;
    for (const id of changed) this.#note(id, now);
    for (const id of new Set([...changed, ...staffed.changed]))
      for (const listener of this.#tiles.get(id) ?? []) listener();
    // The first sessions are seated by start time, later ones by arrival.
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
      if (!needsAttention(session, this.#isSeen(session.id))) continue;
      const last = this.history(session.id).at(-1);
      candidates.push({ session, rolling: last ? decayed(last, now, this.halfLife(session.examId)) : session.rolling });
    }
    this.#queue = stepQueue(this.#queue, candidates, now);
    this.#emitter.emit('pulse', undefined);
  }
}
