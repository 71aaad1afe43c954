import type { ClientEvents, Ended } from '../web/sdk/client-events.ts';
import { InvigilClient } from '../web/sdk/client.ts';
import type { ClipName } from './draw/clips.ts';
import { ApiError } from './api-error.ts';
import { AckTimes } from './ack-times.ts';
import { Api } from './api.ts';
import { Camera } from './camera.ts';
import type { FrameSource } from './frames.ts';
import { Line } from './line.ts';
import { Player } from './player.ts';
import type { Script } from './script.ts';
import type { Tally } from './tally.ts';

/** Timeout for the last acknowledgements and the end; twice the duration of a reconnect. */
const FINISH_MS = 45_000;

export interface StudentOptions {
  readonly server: string;
  readonly index: number;
  readonly email: string;
  /** Name shown to proctors and admins. */
  readonly name: string;
  readonly password: string;
  readonly script: Script;
  /** Starting position in the round of the script, seconds. */
  readonly offset: number;
  readonly frames: FrameSource;
  /** Maximum frames per second; the server's stated rate if lower. */
  readonly maxFps?: number | undefined;
  /** Creates the account if self-registration is off. */
  readonly admin?: Api | undefined;
  readonly tally: Tally;
}

/** Created by an earlier attempt. */
function unlessThere(error: unknown): void {
  if (!(error instanceof ApiError) || error.code !== 'email_taken') throw error;
}

/** Simulated student: account, session, camera and browser, on the real exam client. */
export class SimulatedStudent {
  readonly script: Script;
  readonly api: Api;
  /** Ids of the events echoed to the student. */
  readonly echoed = new Set<string>();
  readonly #options: StudentOptions;
  readonly #line: Line;
  readonly #ackTimes: AckTimes;
  readonly #client: InvigilClient;
  readonly #camera: Camera;
  readonly #player: Player;
  #userId = '';
  #sessionId = '';
  #begun = false;
  #live = false;
  #finishing = false;
  #issued = 0;
  /** Request of a proctor that is being answered, and what the camera shows meanwhile. */
  #request: string | undefined;
  #asked: ClipName | undefined;
  #mendTimer: NodeJS.Timeout | undefined;

  constructor(options: StudentOptions) {
    const { server, script, offset, frames, index, maxFps, tally } = options;
    this.#options = options;
    this.script = script;
    this.api = new Api(server);
    this.#line = new Line((how) => tally.refused(how));
    this.#ackTimes = new AckTimes((ms) => tally.acknowledged(ms));
    this.#client = new InvigilClient({
      server,
      getTicket: () => this.#line.request(() => this.api.ticket(this.#sessionId)),
      WebSocket: this.#line.WebSocket,
      // A photo turns no head.
      shows: frames.draw ? ['challenge', 'room_look'] : ['room_look'],
    });
    this.#player = new Player(script, offset, {
      signal: (type) => this.#signal(type),
      cut: (seconds) => this.#cut(seconds),
    });
    this.#camera = new Camera({
      client: this.#client,
      frames,
      student: index,
      clip: () => this.#asked ?? this.#player.clip(),
      maxFps,
      tally,
    });
    this.#listen();
  }

  /** Empty until the account exists. */
  get userId(): string {
    return this.#userId;
  }
  get sessionId(): string {
    return this.#sessionId;
  }
  /** Rate currently requested by the server, frames/s; undefined before the first welcome. */
  get statedFps(): number | undefined {
    return this.#client.throttle?.fps;
  }
  /** Has been connected at least once. */
  get begun(): boolean {
    return this.#begun;
  }
  get over(): boolean {
    return this.#client.state === 'ended';
  }
  /** Signals are numbered from 1 in `details.data.n`. */
  get issued(): number {
    return this.#issued;
  }
  /** Signals up to this number are acknowledged: the client's queue is in order. */
  get acked(): number {
    return this.#issued - this.#client.pending;
  }

  /** Creates account and session. @throws ApiError */
  async prepare(examId: string): Promise<void> {
    const { email, password, name, admin } = this.#options;
    try {
      this.#userId = (await this.api.register(email, password, name)).id;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'registration_closed' || !admin) throw error;
      await admin.createUser({ email, password, name, role: 'student' }).catch(unlessThere);
      this.#userId = (await this.api.login(email, password)).id;
    }
    try {
      this.#sessionId = (await this.api.startSession(examId)).id;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'session_exists' || !error.ref) throw error;
      this.#sessionId = error.ref;
    }
  }

  /** Connects and starts to play; resolves at the first welcome. */
  async start(): Promise<void> {
    await this.#client.connect();
    this.#begun = true;
    this.#player.start();
    this.#camera.start();
  }

  /** Finishes the exam. @throws if the last acknowledgements or the end do not arrive */
  async finish(): Promise<Ended> {
    this.#stopPlaying();
    this.#finishing = true;
    const late = new Promise<never>((_, reject) => {
      const tooLate = () =>
        reject(new Error(`no end within ${FINISH_MS / 1000} s; ${this.#client.pending} signals unacknowledged`));
      setTimeout(tooLate, FINISH_MS).unref();
    });
    return Promise.race([this.#client.finish(), late]);
  }

  /** Closes the connection; the session continues. */
  close(): void {
    this.#stopPlaying();
    this.#client.close();
  }

  #stopPlaying(): void {
    this.#camera.stop();
    this.#player.stop();
    clearTimeout(this.#mendTimer);
    this.#line.mend();
  }

  #listen(): void {
    const client = this.#client;
    const { tally } = this.#options;
    client.on('state', (change) => this.#changed(change));
    client.on('analysis', ({ frame }) => this.#camera.analysed(frame));
    client.on('error', ({ code, message }) => tally.error(code, message));
    client.on('throttle', ({ fps }) => {
      tally.lowestFps = Math.min(tally.lowestFps, fps);
      this.#camera.plan();
    });
    client.on('challenge', ({ id, direction }) => void this.#turn(id, `turn-${direction}`));
    client.on('roomLook', ({ id }) => {
      client.answer(id, 'begin');
      this.#asked = 'empty';
    });
    client.on('requestOver', () => this.#goOn());
    client.on('event', (event) => {
      if (!this.echoed.has(event.id)) tally.event(event.type);
      this.echoed.add(event.id);
    });
    let acked = 0;
    const count = (): void => {
      tally.signalsAcked += this.acked - acked;
      this.#ackTimes.acked(this.acked - acked);
      acked = this.acked;
    };
    client.on('ack', count);
    // A welcome acknowledges what a lost connection could not.
    client.on('welcome', count);
  }

  #changed({ state, closeCode, retryInMs, reason }: ClientEvents['state']): void {
    const { tally, index } = this.#options;
    const wasLive = this.#live;
    this.#live = state === 'live';
    tally.liveChanged(Number(this.#live) - Number(wasLive));
    if (!this.#live) this.#goOn();
    if (state === 'live') {
      this.#ackTimes.reconnected();
      if (this.#begun) tally.reconnects++;
      else tally.connects++;
    } else if (retryInMs !== undefined && this.#line.up) {
      if (wasLive) tally.drop(closeCode);
      else tally.failedAttempt(reason ?? `closed ${closeCode}`);
    }
    const final =
      state === 'failed' || state === 'takenOver' || (state === 'unauthenticated' && retryInMs === undefined);
    if (final) tally.error(state, `student ${index + 1}: ${closeCode ?? ''} ${reason ?? ''}`);
    if (state === 'ended' && !this.#finishing)
      tally.error('ended_early', `student ${index + 1}: the session ended before the run did`);
    if (final || state === 'ended') this.#stopPlaying();
  }

  /** Turns the head as asked: the request is seen at once, and the picture of it may have to be drawn. */
  async #turn(request: string, clip: ClipName): Promise<void> {
    this.#request = request;
    this.#client.answer(request, 'shown');
    await this.#options.frames.draw?.(this.#options.index, clip);
    if (this.#request === request) this.#asked = clip;
  }

  #goOn(): void {
    this.#request = this.#asked = undefined;
  }

  #signal(type: string): void {
    // Own numbering, so that a later check can tell stored signals apart.
    this.#client.signal(type, { n: ++this.#issued });
    this.#ackTimes.sent();
    this.#options.tally.signalsSent++;
  }

  #cut(seconds: number): void {
    this.#options.tally.cuts++;
    this.#line.cut();
    this.#ackTimes.cut();
    this.#mendTimer = setTimeout(() => this.#line.mend(), seconds * 1000);
  }
}
