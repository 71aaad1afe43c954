import type { ClientEvents, Ended } from '../../web/sdk/client-events.ts';
import { InvigilClient } from '../../web/sdk/client.ts';
import { ApiError } from './api-error.ts';
import { Api } from './api.ts';
import type { FrameSource } from './frames.ts';
import { Line } from './line.ts';
import { type Action, actions, clipAt, type Script } from './script.ts';
import type { Tally } from './tally.ts';

/** Seconds in which everybody looks straight at first: the server takes the session's baseline from them. */
const SETTLE_S = 12;
/** Waiting for the last acknowledgements and the end; as long as a reconnect may take twice over. */
const FINISH_MS = 45_000;

export interface StudentOptions {
  readonly server: string;
  readonly index: number;
  readonly email: string;
  readonly password: string;
  readonly script: Script;
  /** Where in the round of the script the student begins, seconds. */
  readonly offset: number;
  readonly frames: FrameSource;
  /** Frames a second, at most; the server's stated rate where that is lower. */
  readonly maxFps?: number | undefined;
  readonly tally: Tally;
}

/** One simulated student: an account, a session, a camera and a browser, on the exam client that real ones use. */
export class SimulatedStudent {
  readonly script: Script;
  /** Ids of the events that were echoed. */
  readonly echoed = new Set<string>();
  readonly #options: StudentOptions;
  readonly #api: Api;
  readonly #line = new Line();
  #client: InvigilClient | undefined;
  #sessionId = '';
  #startedAt = 0;
  #live = false;
  #issued = 0;
  #finishing = false;
  /** Camera and script are off. */
  #stopped = false;
  #frameTimer: NodeJS.Timeout | undefined;
  #actionTimer: NodeJS.Timeout | undefined;
  #mendTimer: NodeJS.Timeout | undefined;
  #frameDue = 0;
  /** Frames offered so far, which moves the clip on. */
  #shown = 0;
  /** When each frame that may still be analysed was sent, by its number. */
  readonly #sentAt = new Map<number, number>();

  constructor(options: StudentOptions) {
    this.#options = options;
    this.script = options.script;
    this.#api = new Api(options.server);
  }

  get api(): Api {
    return this.#api;
  }
  get sessionId(): string {
    return this.#sessionId;
  }
  get begun(): boolean {
    return this.#startedAt > 0;
  }
  get over(): boolean {
    return this.#client?.state === 'ended';
  }
  /** Signals are numbered from 1 in `details.data.n`. */
  get issued(): number {
    return this.#issued;
  }
  /** Those with a number up to this are acknowledged: the client's queue is in order. */
  get acked(): number {
    return this.#issued - (this.#client?.pending ?? 0);
  }

  /** Account and session. @throws ApiError */
  async prepare(examId: string): Promise<void> {
    const { email, password, index, script } = this.#options;
    try {
      await this.#api.register(email, password, `Student ${index + 1} (${script.name})`);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'email_taken') throw error;
      await this.#api.login(email, password);
    }
    try {
      this.#sessionId = (await this.#api.startSession(examId)).id;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'session_exists' || !error.ref) throw error;
      this.#sessionId = error.ref;
    }
  }

  /** Connects and begins to play; resolves at the first greeting. */
  async start(): Promise<void> {
    const client = new InvigilClient({
      server: this.#options.server,
      getTicket: () => this.#line.request(() => this.#api.ticket(this.#sessionId)),
      WebSocket: this.#line.WebSocket,
    });
    this.#client = client;
    this.#listen(client);
    await client.connect();
    this.#startedAt = performance.now();
    // Cameras are not in step with each other.
    this.#frameDue = this.#startedAt + Math.random() * 1000;
    this.#planFrame();
    this.#planAction(actions(this.script, this.#options.offset));
  }

  /** Hands the exam in. @throws when the last acknowledgements or the end do not come */
  async finish(): Promise<Ended> {
    this.#stopPlaying();
    const client = this.#client;
    if (!client) throw new Error('never started');
    this.#finishing = true;
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(`no end within ${FINISH_MS / 1000} s; ${client.pending} signals unacknowledged`)), FINISH_MS).unref();
    });
    return Promise.race([client.finish(), late]);
  }

  /** Lets go of the connection; the session stays. */
  close(): void {
    this.#stopPlaying();
    this.#client?.close();
  }

  #stopPlaying(): void {
    this.#stopped = true;
    clearTimeout(this.#frameTimer);
    clearTimeout(this.#actionTimer);
    clearTimeout(this.#mendTimer);
    this.#line.mend();
  }

  #listen(client: InvigilClient): void {
    const { tally } = this.#options;
    client.on('state', (change) => this.#changed(change));
    client.on('analysis', ({ frame }) => this.#analysed(frame));
    client.on('error', ({ code, message }) => tally.error(code, message));
    client.on('throttle', ({ fps }) => {
      tally.lowestFps = Math.min(tally.lowestFps, fps);
      this.#planFrame();
    });
    client.on('event', (event) => {
      if (!this.echoed.has(event.id)) tally.event(event.type);
      this.echoed.add(event.id);
    });
    let acked = 0;
    const count = (): void => {
      tally.signalsAcked += this.acked - acked;
      acked = this.acked;
    };
    client.on('ack', count);
    // A welcome acknowledges what a lost connection could not.
    client.on('welcome', count);
  }

  #changed({ state, closeCode, retryInMs, reason }: ClientEvents['state']): void {
    const { tally } = this.#options;
    const wasLive = this.#live;
    this.#live = state === 'live';
    tally.live += Number(this.#live) - Number(wasLive);
    if (state === 'live') {
      if (this.#startedAt === 0) tally.connects++;
      else tally.reconnects++;
    } else if (retryInMs !== undefined && this.#line.up) {
      if (wasLive) tally.drop(closeCode);
      else tally.failedAttempt(reason ?? `closed ${closeCode}`);
    }
    const final = state === 'failed' || state === 'takenOver' || (state === 'unauthenticated' && retryInMs === undefined);
    if (final) tally.error(state, `student ${this.#options.index + 1}: ${closeCode ?? ''} ${reason ?? ''}`);
    if (state === 'ended' && !this.#finishing) tally.error('ended_early', `student ${this.#options.index + 1}: the session ended before the run did`);
    if (final || state === 'ended') this.#stopPlaying();
  }

  // -- the camera

  #planFrame(): void {
    clearTimeout(this.#frameTimer);
    const client = this.#client;
    const fps = Math.min(client?.throttle?.fps ?? 0, this.#options.maxFps ?? Number.POSITIVE_INFINITY);
    // A welcome also states the rate, and may come after the camera is off.
    if (!client || fps <= 0 || this.#startedAt === 0 || this.#stopped) return;
    const interval = 1000 / fps;
    const now = performance.now();
    // A due time far ahead, set under a slower rate, must not hold back a faster one; one long past must not make a burst.
    this.#frameDue = Math.min(Math.max(this.#frameDue, now - interval), now + interval);
    this.#frameTimer = setTimeout(() => {
      this.#frameDue += interval;
      this.#show(client);
      this.#planFrame();
    }, Math.max(0, this.#frameDue - now));
  }

  #show(client: InvigilClient): void {
    if (!client.wantsFrame) return;
    const { frames, index, tally, offset } = this.#options;
    const now = performance.now();
    const t = (now - this.#startedAt) / 1000;
    const clip = t < SETTLE_S ? 'attentive' : clipAt(this.script, offset, t);
    if (!client.sendFrame(frames.frame(index, clip, this.#shown++))) {
      tally.framesHeldBack++;
      return;
    }
    tally.framesSent++;
    this.#sentAt.set(client.frames.sent, now);
  }

  #analysed(frame: number): void {
    const { tally } = this.#options;
    tally.framesAnalysed++;
    const sentAt = this.#sentAt.get(frame);
    if (sentAt !== undefined) tally.latencies.push(performance.now() - sentAt);
    // Analyses come in order, and not every frame gets one.
    for (const seq of this.#sentAt.keys()) {
      if (seq > frame) break;
      this.#sentAt.delete(seq);
    }
  }

  // -- the browser and the network

  #planAction(plan: Generator<Action, void, undefined>): void {
    const next = plan.next();
    if (next.done) return;
    const { t, step } = next.value;
    const wait = this.#startedAt + t * 1000 - performance.now();
    this.#actionTimer = setTimeout(() => {
      if ('signal' in step) this.#signal(step.signal);
      else this.#cut(step.cut);
      this.#planAction(plan);
    }, Math.max(0, wait));
  }

  #signal(type: string): void {
    // A number of our own: a check afterwards then knows each stored signal from every other.
    this.#client?.signal(type, { n: ++this.#issued });
    this.#options.tally.signalsSent++;
  }

  #cut(seconds: number): void {
    this.#options.tally.cuts++;
    this.#line.cut();
    this.#mendTimer = setTimeout(() => this.#line.mend(), seconds * 1000);
  }
}
