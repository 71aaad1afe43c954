import type { Risk } from '../../../protocol/events.ts';
import type { RequestAnswer } from '../../../protocol/request-kinds.ts';
import { InvigilClient } from '../client.ts';
import type { ClientEvents, Ended, Uplink } from '../client-events.ts';
import { Emitter } from '../emitter.ts';
import type { FrameCounts } from '../frame-sender.ts';
import type { LinkState } from '../link-state.ts';
import { Banner } from './banner.ts';
import { type BrowserWatch, watchBrowser } from './browser-signals.ts';
import { Camera, CAMERA_CONSTRAINTS, type CameraChange } from './camera.ts';
import { type CameraInfo, listCameras } from './camera-list.ts';
import { Capture, type CapturePath } from './capture.ts';
import { thisDevice } from './device.ts';
import { Departures } from './departures.ts';
import { IndexedDbStore } from './indexed-db-store.ts';
import { pageState } from './page-state.ts';
import type { Report } from './report.ts';
import { RequestCard } from './request-card.ts';
import { type TicketSources, Tickets } from './tickets.ts';

export interface InvigilOptions extends TicketSources {
  /** URL of the server: `https://proctor.example.org`, or with its prefix `https://example.org/invigil`. */
  readonly server: string;
  /** Id of the session. With it, or with `session` in the ticket response, signals survive a reload. */
  readonly session?: string | undefined;
  /**
   * An open stream, which is taken over and stopped at the end; or constraints of `getUserMedia` in place of the
   * default; or false for none. `{deviceId}` alone, a string, prefers that camera and keeps the default size.
   */
  readonly camera?: MediaStream | MediaTrackConstraints | false | undefined;
  /** False: the page reports signals itself, by `signal`. Default: true. */
  readonly signals?: boolean | undefined;
  /** Origins of embedded pages that load `frame.js`: what they report of copying, pasting and context menus is believed. */
  readonly frames?: readonly string[] | undefined;
  /** URL that the addresses of the exam's pages begin with: a link to another is `PAGE_LEFT`. Default: this origin. */
  readonly pages?: string | undefined;
  /** Element for the self view of the student. */
  readonly video?: HTMLVideoElement | undefined;
  /** False: unacknowledged signals are in memory only. Default: true. */
  readonly persist?: boolean | undefined;
  /** False: no bar at the top of the page while the SDK waits for something; the page tells the student by itself. */
  readonly banner?: boolean | undefined;
  /**
   * `card`: the SDK shows requests to the student (head turns, a look at the room) in a card at the top of the page.
   * `page`: the page does, from the events `challenge`, `roomLook` and `requestOver`, and answers by `answer`. False:
   * nobody does, and none are made. Default: `card`.
   */
  readonly requests?: 'card' | 'page' | false | undefined;
  /** URL of `capture-worker.js`. Default: that of the server. */
  readonly workerUrl?: string | undefined;
}

/** Events of `Invigil.on`: those of the connection, and these. */
export interface InvigilEvents extends ClientEvents {
  /** The state of the camera changed. */
  camera: CameraChange;
  /** The capture path was chosen. */
  capture: { readonly path: CapturePath };
  /** A signal was detected, or reported by the page. */
  signal: { readonly type: string; readonly data: Readonly<Record<string, unknown>> | undefined };
  /** The connection needs a ticket and has no source for one: call `useTicket`. */
  ticketNeeded: Record<string, never>;
}

/** Error of `connect`, `finish` and `signal`. */
export interface InvigilError extends Error {
  readonly code: string;
  readonly retryable: boolean;
}

const OWN = new Set<keyof InvigilEvents>(['camera', 'capture', 'signal', 'ticketNeeded']);
type Own = Pick<InvigilEvents, 'camera' | 'capture' | 'signal' | 'ticketNeeded'>;

/** One exam session in a browser: connection, camera frames and browser signals. */
export class Invigil {
  /** Instance created by a `<script data-server>`. */
  static current: Invigil | undefined;

  /** The underlying connection. */
  readonly client: InvigilClient;
  readonly #options: InvigilOptions;
  /** URL of the server, without a slash at its end. */
  readonly #server: string;
  readonly #emitter = new Emitter<Own>();
  readonly #tickets: Tickets;
  readonly #camera: Camera;
  readonly #banner: Banner | undefined;
  readonly #requests: RequestCard | undefined;
  #capture: Capture | undefined;
  #browser: BrowserWatch | undefined;
  /** The exam's policy leaves out the clipboard inside the page's own fields. */
  #ignoresFields = false;
  #leaving: AbortController | undefined;
  readonly #departures: Departures;
  /** True once the loss of the camera was reported; reported once until it is back. */
  #cameraReported = false;

  constructor(options: InvigilOptions) {
    this.#options = options;
    const { origin, pathname } = new URL(options.server, location.href);
    const basePath = pathname.replace(/\/+$/, '');
    const server = origin + basePath;
    this.#server = server;
    this.#tickets = new Tickets(options, basePath, () => this.#emitter.emit('ticketNeeded', {}));
    const persist = options.persist !== false && hasIndexedDb();
    this.client = new InvigilClient({
      server,
      session: options.session,
      getTicket: () => this.#tickets.next(),
      device: thisDevice(),
      shows: options.requests === false ? [] : ['challenge', 'room_look'],
      state: () => pageState(options.signals === false ? undefined : this.#browser, this.#camera.stream),
      openStore: (session) => (persist ? new IndexedDbStore(server, session) : undefined),
    });
    const { camera } = options;
    const { constraints, deviceId } = wishesOf(camera);
    this.#camera = new Camera(constraints, deviceId, (change) => this.#cameraChanged(change));
    if (options.banner !== false)
      this.#banner = new Banner(() => {
        this.#camera.retry();
        this.connect().catch(() => {});
      });
    this.#departures = new Departures({
      server,
      pages: new URL(options.pages ?? '/', location.href).href,
      session: () => (this.client.running ? (this.sessionId ?? options.session) : undefined),
      report: this.#report,
      reportLast: this.#reportLast,
    });
    if (options.requests !== false && options.requests !== 'page') this.#requests = new RequestCard(this.client);
    this.client.on('welcome', ({ policy }) => {
      this.#ignoresFields = policy.ownFieldClipboard === 'ignore';
      if (this.#leaving) this.#departures.begin();
    });
    this.client.on('state', (change) => {
      this.#banner?.linkChanged(change);
      if (change.state === 'ended') this.#stop();
    });
  }

  /** State of the connection. */
  get state(): LinkState {
    return this.client.state;
  }
  /** Id of the session; undefined before the first `welcome`. */
  get sessionId(): string | undefined {
    return this.client.sessionId;
  }
  /** Last known risk; undefined before the first `welcome`. */
  get risk(): Risk | undefined {
    return this.client.risk;
  }
  /** Time the session ends automatically, ISO 8601; null without a limit or before the first `welcome`. */
  get deadline(): string | null {
    return this.client.deadline;
  }
  /** True while a proctor has paused the session. */
  get paused(): boolean {
    return this.client.paused;
  }
  /** Number of unacknowledged signals. */
  get pending(): number {
    return this.client.pending;
  }
  /** Whether frames are reduced for a slow uplink; undefined before the first `welcome`. */
  get uplink(): Uplink | undefined {
    return this.client.uplink;
  }
  /** Frames sent and skipped. */
  get frames(): FrameCounts {
    return this.client.frames;
  }
  /** The open camera. */
  get stream(): MediaStream | undefined {
    return this.#camera.stream;
  }

  /** Adds a listener. @returns a function that removes it */
  on<K extends keyof InvigilEvents>(name: K, listener: (value: InvigilEvents[K]) => void): () => void {
    if (OWN.has(name)) return this.#emitter.on(name as keyof Own, listener as (value: Own[keyof Own]) => void);
    return this.client.on(name as keyof ClientEvents, listener as (value: ClientEvents[keyof ClientEvents]) => void);
  }

  /**
   * Opens the camera, detects browser signals and connects; stays connected until `close()` or a final state. Resolves
   * at the first `welcome`, with or without a camera.
   * @throws InvigilError if a final state comes first
   */
  connect(): Promise<void> {
    const connected = this.client.connect();
    if (this.state !== 'ended') this.#start();
    return connected;
  }

  /** Disconnects and releases the camera; the session continues. */
  close(): void {
    this.client.close();
    this.#stop();
    this.#banner?.remove();
    this.#requests?.remove();
  }

  /** Submits the exam once all signals are committed. @throws InvigilError if the session ends otherwise first */
  finish(): Promise<Ended> {
    return this.client.finish();
  }

  /**
   * Reports a signal of the page.
   * @param type 2 to 64 characters, upper case
   * @param data at most 2 KiB as JSON
   * @returns its number in the current stream
   * @throws InvigilError `reserved_signal`, `bad_message` or `session_over`
   */
  signal(type: string, data?: Record<string, unknown>): number {
    const seq = this.client.signal(type, data);
    this.#emitter.emit('signal', { type, data });
    return seq;
  }

  /**
   * Writes to the staff of the exam; kept without a connection, and stored exactly once.
   * @param text at most 1000 bytes in UTF-8
   * @throws InvigilError `bad_message`, `too_large`, `session_over`, or `rate_limited` while ten messages wait
   */
  sendMessage(text: string): void {
    this.client.sendMessage(text);
  }

  /** Raises the student's hand, or lowers it. @throws InvigilError `session_over` */
  raiseHand(raised = true): void {
    this.client.raiseHand(raised);
  }

  /** Marks messages of staff up to this `seq` of `notice` as read: the student has seen them. */
  markRead(seq: number): void {
    this.client.markRead(seq);
  }

  /** As `InvigilClient.answer`, for pages that show requests themselves. */
  answer(request: string, answer: RequestAnswer, reason?: string): void {
    this.client.answer(request, answer, reason);
  }

  /** Requests the camera again, for example after the student has granted permission. */
  retryCamera(): void {
    this.#camera.retry();
  }

  /** Cameras of this device, for a choice; none before the student has allowed one. */
  cameras(): Promise<readonly CameraInfo[]> {
    return listCameras();
  }

  /** Exchanges the camera for another one. @throws the browser's error; the open camera goes on */
  useCamera(deviceId: string): Promise<void> {
    return this.#camera.use(deviceId);
  }

  /** Connects with a new ticket, after `ticketNeeded`. */
  useTicket(ticket: string): Promise<void> {
    this.#tickets.give(ticket);
    return this.connect();
  }

  #start(): void {
    const { camera, signals } = this.#options;
    if (signals !== false) this.#watch();
    if (camera === false || this.#capture) return;
    const workerUrl = this.#options.workerUrl ?? `${this.#server}/sdk/capture-worker.js`;
    this.#capture = new Capture(new URL(workerUrl, location.href).href, this.client, {
      path: (path) => this.#emitter.emit('capture', { path }),
      silent: () => this.#camera.silent(),
      tick: () => this.#browser?.tick(),
    });
    this.#camera.start(camera instanceof MediaStream && camera.active ? camera : undefined);
  }

  #watch(): void {
    this.#browser ??= watchBrowser(this.#report, this.#options.frames ?? [], () => this.#ignoresFields);
    if (this.#leaving) return;
    this.#leaving = new AbortController();
    this.#departures.watch(this.#leaving.signal);
  }

  #stop(): void {
    this.#browser?.stop();
    this.#browser = undefined;
    this.#leaving?.abort();
    this.#leaving = undefined;
    this.#capture?.stop();
    this.#capture = undefined;
    this.#camera.stop();
    if (this.#options.video) this.#options.video.srcObject = null;
  }

  readonly #report: Report = (type, data) => {
    // Nothing is reported after the end of the session.
    if (this.state !== 'ended') this.signal(type, data);
  };

  readonly #reportLast: Report = (type, data) => {
    if (!this.client.running) return;
    this.client.signalLast(type, data);
    this.#emitter.emit('signal', { type, data });
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
    this.#banner?.cameraChanged(change);
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

interface CameraWishes {
  readonly constraints: MediaTrackConstraints;
  readonly deviceId: string | undefined;
}

/** A camera named alone is a preference; the default size stays. */
function wishesOf(camera: InvigilOptions['camera']): CameraWishes {
  if (camera === undefined || camera === false || camera instanceof MediaStream)
    return { constraints: CAMERA_CONSTRAINTS, deviceId: undefined };
  const { deviceId, ...others } = camera;
  if (typeof deviceId !== 'string' || Object.keys(others).length > 0)
    return { constraints: camera, deviceId: undefined };
  return { constraints: CAMERA_CONSTRAINTS, deviceId };
}

/** Reading the property throws where site data is blocked. */
function hasIndexedDb(): boolean {
  try {
    return typeof indexedDB !== 'undefined';
  } catch {
    return false;
  }
}
