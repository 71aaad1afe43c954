import type { Risk } from '../../../protocol/events.ts';
import { InvigilClient } from '../client.ts';
import type { ClientEvents, Ended } from '../client-events.ts';
import { Emitter } from '../emitter.ts';
import type { FrameCounts } from '../frame-sender.ts';
import type { LinkState } from '../link-state.ts';
import { type Report, watchBrowser } from './browser-signals.ts';
import { Camera, CAMERA_CONSTRAINTS, type CameraChange } from './camera.ts';
import { Capture, type CapturePath } from './capture.ts';
import { IndexedDbStore } from './indexed-db-store.ts';
import { type TicketSources, Tickets } from './tickets.ts';

export interface InvigilOptions extends TicketSources {
  /** Origin of the server, `https://proctor.example.org`. */
  readonly server: string;
  /** Id of the session. With it, or with `session` in the answers of `getTicket`, signals survive a reload. */
  readonly session?: string | undefined;
  /**
   * A stream that is open already and is handed over (stopped at the end), what to ask the browser for, or false for no
   * camera.
   */
  readonly camera?: MediaStream | MediaTrackConstraints | false | undefined;
  /** False: the page reports by `signal` itself. */
  readonly signals?: boolean | undefined;
  /** Shows the student their own picture. */
  readonly video?: HTMLVideoElement | undefined;
  /** False: unacknowledged signals are in memory only. */
  readonly persist?: boolean | undefined;
  /** Where `capture-worker.js` is, if not at the server. */
  readonly workerUrl?: string | undefined;
}

/** What `Invigil.on` can listen to: all of the connection's events, and these. */
export interface InvigilEvents extends ClientEvents {
  camera: CameraChange;
  /** The way that pictures take, once it is chosen. */
  capture: { readonly path: CapturePath };
  /** A signal was noticed, or reported by the page. */
  signal: { readonly type: string; readonly data: Readonly<Record<string, unknown>> | undefined };
  /** The connection needs a ticket and nobody gives one: call `useTicket`. */
  ticketNeeded: Record<string, never>;
}

/** Error of `connect`, `finish` and `signal`. */
export interface InvigilError extends Error {
  readonly code: string;
  readonly retryable: boolean;
}

const OWN = new Set<keyof InvigilEvents>(['camera', 'capture', 'signal', 'ticketNeeded']);
type Own = Pick<InvigilEvents, 'camera' | 'capture' | 'signal' | 'ticketNeeded'>;

/**
 * One exam session in a browser: the connection, the camera's pictures, and what the browser tells of the student's
 * conduct.
 */
export class Invigil {
  /** The one that a `<script data-server>` made. */
  static current: Invigil | undefined;

  /** The connection alone. */
  readonly client: InvigilClient;
  readonly #options: InvigilOptions;
  /** Origin. */
  readonly #server: string;
  readonly #emitter = new Emitter<Own>();
  readonly #tickets: Tickets;
  readonly #camera: Camera;
  #capture: Capture | undefined;
  #stopBrowser: (() => void) | undefined;
  /** Whether the camera's loss was reported: once, however long and in however many ways it is away. */
  #cameraReported = false;

  constructor(options: InvigilOptions) {
    this.#options = options;
    const server = new URL(options.server, location.href).origin;
    this.#server = server;
    this.#tickets = new Tickets(options, () => this.#emitter.emit('ticketNeeded', {}));
    const persist = options.persist !== false && typeof indexedDB !== 'undefined';
    this.client = new InvigilClient({
      server,
      session: options.session,
      getTicket: () => this.#tickets.next(),
      openStore: (session) => (persist ? new IndexedDbStore(server, session) : undefined),
    });
    const { camera } = options;
    const constraints =
      camera === undefined || camera === false || camera instanceof MediaStream ? CAMERA_CONSTRAINTS : camera;
    this.#camera = new Camera(constraints, (change) => this.#cameraChanged(change));
    this.client.on('state', ({ state }) => {
      if (state === 'ended') this.#stop();
    });
  }

  get state(): LinkState {
    return this.client.state;
  }
  get sessionId(): string | undefined {
    return this.client.sessionId;
  }
  get risk(): Risk | undefined {
    return this.client.risk;
  }
  get deadline(): string | null {
    return this.client.deadline;
  }
  get paused(): boolean {
    return this.client.paused;
  }
  /** Signals that are not acknowledged yet. */
  get pending(): number {
    return this.client.pending;
  }
  get frames(): FrameCounts {
    return this.client.frames;
  }
  /** The open camera. */
  get stream(): MediaStream | undefined {
    return this.#camera.stream;
  }

  /** @returns takes the listener off again */
  on<K extends keyof InvigilEvents>(name: K, listener: (value: InvigilEvents[K]) => void): () => void {
    if (OWN.has(name)) return this.#emitter.on(name as keyof Own, listener as (value: Own[keyof Own]) => void);
    return this.client.on(name as keyof ClientEvents, listener as (value: ClientEvents[keyof ClientEvents]) => void);
  }

  /**
   * Opens the camera, watches the browser, and connects; stays connected until `close()` or a final state. Resolves at
   * the first greeting, with or without a camera; rejects when a final state comes first.
   */
  connect(): Promise<void> {
    const connected = this.client.connect();
    if (this.state !== 'ended') this.#start();
    return connected;
  }

  /** Disconnects, and lets go of the camera; the session goes on. */
  close(): void {
    this.client.close();
    this.#stop();
  }

  /** Hands the exam in, after all signals are stored. */
  finish(): Promise<Ended> {
    return this.client.finish();
  }

  /**
   * Reports a signal of the page's own. @throws an error with `code`: `reserved_signal`, `bad_message`, `session_over`
   */
  signal(type: string, data?: Record<string, unknown>): number {
    const seq = this.client.signal(type, data);
    this.#emitter.emit('signal', { type, data });
    return seq;
  }

  /** Asks for the camera again, for example when the student has allowed it. */
  retryCamera(): void {
    this.#camera.retry();
  }

  /** Goes on with a new ticket, after `ticketNeeded`. */
  useTicket(ticket: string): Promise<void> {
    this.#tickets.give(ticket);
    return this.connect();
  }

  #start(): void {
    const { camera, signals } = this.#options;
    if (signals !== false) this.#stopBrowser ??= watchBrowser(this.#report);
    if (camera === false || this.#capture) return;
    const workerUrl = this.#options.workerUrl ?? new URL('/sdk/capture-worker.js', this.#server).href;
    this.#capture = new Capture(new URL(workerUrl, location.href).href, this.client, {
      path: (path) => this.#emitter.emit('capture', { path }),
      silent: () => this.#camera.silent(),
    });
    this.#camera.start(camera instanceof MediaStream && camera.active ? camera : undefined);
  }

  #stop(): void {
    this.#stopBrowser?.();
    this.#stopBrowser = undefined;
    this.#capture?.stop();
    this.#capture = undefined;
    this.#camera.stop();
    if (this.#options.video) this.#options.video.srcObject = null;
  }

  readonly #report: Report = (type, data) => {
    // What happens after the end is nobody's business.
    if (this.state !== 'ended') this.signal(type, data);
  };

  #cameraChanged(change: CameraChange): void {
    const stream = 'stream' in change ? change.stream : undefined;
    if (change.state !== 'muted') {
      void this.#capture?.follow(stream);
      this.#show(stream);
    }
    if (stream) this.#cameraReported = false;
    else if (!this.#cameraReported) {
      this.#cameraReported = true;
      this.#report('CAMERA_UNAVAILABLE', { reason: 'reason' in change ? change.reason : change.state });
    }
    this.#emitter.emit('camera', change);
  }

  #show(stream: MediaStream | undefined): void {
    const { video } = this.#options;
    if (!video) return;
    video.srcObject = stream ?? null;
    video.muted = true;
    if (stream) void video.play().catch(() => {});
  }
}
