/**
 * Types of `invigil.js`, and of the global `Invigil` of `invigil.iife.js`. They stand by themselves, so that this file
 * is all that a page needs; `declaration-check.ts` holds them against the code.
 */

export interface InvigilOptions {
  /** Origin of the server, for example `https://proctor.example.org`. */
  readonly server: string;
  /**
   * Gives a new ticket for every connection: the server's answer, or the ticket alone. A rejection with `retryable:
   * false` is final.
   */
  readonly getTicket?: (() => TicketGiven | Promise<TicketGiven>) | undefined;
  /** A URL of the page's own site that answers POST with `{ticket}`. */
  readonly ticketUrl?: string | undefined;
  /** A first ticket. It is good for one connection. */
  readonly ticket?: string | undefined;
  /**
   * Id of the session. With it, or with `session` in the tickets' answers, signals survive a reload; a ticket for
   * another session is refused.
   */
  readonly session?: string | undefined;
  /**
   * A stream that is open already and is handed over (it is stopped at the end), what to ask the browser for, or false
   * for no camera.
   */
  readonly camera?: MediaStream | MediaTrackConstraints | false | undefined;
  /** False: the browser is not watched, the page reports by `signal` itself. Default true. */
  readonly signals?: boolean | undefined;
  /** Shows the student their own picture. */
  readonly video?: HTMLVideoElement | undefined;
  /** False: signals that are not acknowledged are in memory only. Default true. */
  readonly persist?: boolean | undefined;
  /** Where `capture-worker.js` is. Default: the server's. */
  readonly workerUrl?: string | undefined;
}

export type TicketGiven =
  string | { readonly ticket: string; readonly url?: string | undefined; readonly session?: string | undefined };

/**
 * One exam session in a browser: the connection, the camera's pictures, and what the browser tells of the student's
 * conduct.
 */
export class Invigil {
  /** The one that a script tag with `data-server` made. */
  static current: Invigil | undefined;
  constructor(options: InvigilOptions);
  readonly state: LinkState;
  /** Known from the first greeting on. */
  readonly sessionId: string | undefined;
  readonly risk: Risk | undefined;
  /** When the session ends by itself; ISO 8601, null without a limit. */
  readonly deadline: string | null;
  readonly paused: boolean;
  /** Signals that are not acknowledged yet. */
  readonly pending: number;
  readonly frames: { readonly sent: number; readonly skipped: number };
  /** The open camera. */
  readonly stream: MediaStream | undefined;
  /** @returns takes the listener off again */
  on<K extends keyof InvigilEvents>(name: K, listener: (value: InvigilEvents[K]) => void): () => void;
  /**
   * Opens the camera, watches the browser, connects, and stays connected until `close()` or a final state. Resolves at
   * the first greeting, with or without a camera; rejects with an InvigilError when a final state comes first.
   */
  connect(): Promise<void>;
  /** Disconnects, and lets go of the camera; the session goes on. */
  close(): void;
  /** Hands the exam in, after all signals are stored. */
  finish(): Promise<Ended>;
  /**
   * Reports a signal of the page's own: `A-Z`, `0-9` and `_`, 2 to 64 characters. @throws InvigilError
   * `reserved_signal`, `bad_message`, `session_over`
   */
  signal(type: string, data?: Record<string, unknown>): number;
  /** Asks for the camera again, for example when the student has allowed it. */
  retryCamera(): void;
  /** Goes on with a new ticket, after `ticketNeeded`. */
  useTicket(ticket: string): Promise<void>;
}

export default Invigil;

export interface InvigilEvents {
  state: StateChange;
  welcome: Welcome;
  /** Signals up to this number are stored. */
  ack: { readonly seq: number };
  /** The server can store nothing at the moment: signals are kept here until `go`, and the connection stays. */
  hold: { readonly from: number };
  go: { readonly from: number };
  /** Something was noted, or has changed: the same `id` comes again. */
  event: ProctorEvent;
  risk: Risk;
  /** What the server saw in a picture. */
  analysis: Analysis;
  /** The rate, size and quality of pictures that the server wants. */
  throttle: Throttle;
  /** A proctor's message. */
  notice: { readonly text: string };
  paused: { readonly reason: string | null };
  resumed: Record<string, never>;
  extended: { readonly deadline: string };
  ended: Ended;
  error: {
    readonly code: string;
    readonly message: string;
    readonly retryable: boolean;
    readonly ref?: string | number | undefined;
  };
  camera: CameraChange;
  /** The way that pictures take, once it is chosen. */
  capture: { readonly path: CapturePath };
  /** A signal was noticed, or reported by the page. */
  signal: { readonly type: string; readonly data: Readonly<Record<string, unknown>> | undefined };
  /** The connection needs a ticket and nobody gives one: call `useTicket`. */
  ticketNeeded: Record<string, never>;
}

/** What `connect`, `finish` and `signal` fail with. */
export interface InvigilError extends Error {
  readonly code: string;
  readonly retryable: boolean;
}

/**
 * - `idle` not connected yet, or closed from this side
 * - `connecting` getting a ticket, opening, greeting
 * - `live` greeted
 * - `waiting` for the next attempt
 * - `unauthenticated` one more attempt follows when `retryInMs` is set, otherwise it needs a new login or ticket
 * - `takenOver` another tab or machine has this session; `connect()` takes it back
 * - `ended` the session is over
 * - `failed` the server refuses this client; trying again would not help
 */
export type LinkState =
  'idle' | 'connecting' | 'live' | 'waiting' | 'unauthenticated' | 'takenOver' | 'ended' | 'failed';

export interface StateChange {
  readonly state: LinkState;
  /** Until the next attempt. Without it, in any state but `connecting` and `live`, nothing happens by itself. */
  readonly retryInMs?: number;
  readonly closeCode?: number;
  readonly reason?: string;
}

/**
 * `insecure`: plain HTTP. `policy`: the embedding page. `denied`: the user. `system`: the operating system. `in_use`:
 * another program.
 */
export type CameraFault = 'insecure' | 'policy' | 'denied' | 'system' | 'missing' | 'in_use' | 'other';

/**
 * `lost` and, with `retryInMs`, `refused` are followed by another attempt; a `muted` camera may come back by itself.
 */
export type CameraChange =
  | { readonly state: 'live' | 'back'; readonly stream: MediaStream }
  | { readonly state: 'muted' }
  | { readonly state: 'lost'; readonly reason: 'ended' | 'muted' | 'silent' }
  | { readonly state: 'refused'; readonly reason: CameraFault; readonly message: string; readonly retryInMs?: number };

/** Best first; see docs/sdk.md. */
export type CapturePath = 'page-processor' | 'worker-processor' | 'bitmap' | 'canvas';

export type Level = 'Low' | 'Medium' | 'High';

export interface Risk {
  /** Sum of the events' weights. */
  readonly score: number;
  /** The same, fading with time. */
  readonly rolling: number;
  readonly level: Level;
}

export interface ProctorEvent {
  readonly id: string;
  readonly sessionId: string;
  /** Its place in the session, from 1. */
  readonly seq: number;
  readonly type: string;
  readonly source: 'client' | 'vision' | 'connection' | 'proctor';
  readonly severity: 'info' | 'low' | 'medium' | 'high';
  readonly weight: number;
  /** ISO 8601, the server's clock. */
  readonly startedAt: string;
  /** Null while it lasts. */
  readonly endedAt: string | null;
  readonly durationMs: number | null;
  /** 0..1; null where nothing was estimated. */
  readonly confidence: number | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly review: 'confirmed' | 'dismissed' | null;
}

export interface Analysis {
  /** Number of the frame. */
  readonly frame: number;
  readonly faces: number;
  /** Degrees; yaw > 0 to image right, pitch > 0 up, roll > 0 clockwise. */
  readonly pose: { readonly yaw: number; readonly pitch: number; readonly roll: number } | null;
  readonly gaze: { readonly yaw: number; readonly pitch: number; readonly confidence: number } | null;
  /** Of the largest face: fractions of the picture's width and height, from its upper left. */
  readonly box?: { readonly x: number; readonly y: number; readonly w: number; readonly h: number } | null | undefined;
}

export interface Throttle {
  /** Frames a second. */
  readonly fps: number;
  readonly maxWidth: number;
  /** 0..1 */
  readonly quality: number;
  readonly reason: 'policy' | 'busy' | 'vision_off';
}

export interface Welcome {
  readonly sessionId: string;
  readonly stream: string;
  readonly lastAck: number;
  readonly throttle: Throttle;
  readonly risk: Risk;
  readonly paused: boolean;
  readonly deadline: string | null;
  readonly vision: 'on' | 'off';
  readonly policy: {
    readonly version: number;
    readonly calibrationSeconds: number;
    readonly retentionDays: number;
    /** How long pictures of incidents are kept; null: none is. */
    readonly evidenceDays: number | null;
    readonly levels: { readonly medium: number; readonly high: number };
  };
}

export interface Ended {
  readonly reason: 'finished' | 'ended' | 'terminated' | 'expired';
  readonly risk: Risk;
}
