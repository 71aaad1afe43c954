import type { Analysis, EndReason, ExamDown, Throttle } from '../../protocol/down.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Event, Risk } from '../../protocol/events.ts';
import type { Direction, RequestEnd } from '../../protocol/request-kinds.ts';
import type { StateChange } from './link-state.ts';
import type { PictureSettings } from './picture-settings.ts';

export type Welcome = Omit<Extract<ExamDown, { type: 'welcome' }>, 'type'>;
export type Ended = { readonly reason: EndReason; readonly risk: Risk };

/**
 * - `full` frames as the server allows them
 * - `reduced` the uplink is slow: frames are noticeably smaller, of lower quality and fewer
 */
export interface Uplink extends PictureSettings {
  readonly state: 'full' | 'reduced';
}

/** Events of `InvigilClient.on`, by name. */
export interface ClientEvents {
  /** The state of the connection changed. */
  state: StateChange;
  welcome: Welcome;
  /** Signals up to this number are committed. */
  ack: { readonly seq: number };
  /** The server accepts no signal from this number on until `go`: the client keeps them, and stays connected. */
  hold: { readonly from: number };
  go: { readonly from: number };
  /** An event was committed, or changed: the same `id` comes again. */
  event: Event;
  risk: Risk;
  analysis: Analysis;
  /** Frame rate, width and quality; also with every welcome. */
  throttle: Throttle;
  /** Frames are reduced for a slow uplink from now on, or no longer; with their present settings. */
  uplink: Uplink;
  /**
   * Message from staff, each once. `seq` is for `markRead`; `from`: its author, where the policy shows names. Servers of
   * before version 22 send the text only.
   */
  notice: {
    readonly text: string;
    readonly id?: string | undefined;
    readonly seq?: number | undefined;
    readonly at?: string | undefined;
    readonly from?: string | undefined;
  };
  /** The server refused a message of the student, which is not stored: there were too many. */
  messageRefused: { readonly text: string; readonly code: ErrorCode };
  /** The student's hand is raised, or lowered, by whom ever. */
  hand: { readonly raised: boolean };
  /** Somebody watches the camera live, or nobody does any more; told where the policy says so. */
  watched: { readonly watching: boolean };
  /** The student is asked to turn the head, to a side as the student sees it; answer `shown` once it is on the screen. */
  challenge: { readonly id: string; readonly direction: Direction; readonly seconds: number };
  /** The student is asked to show the room, and answers `begin` or `decline`. */
  roomLook: { readonly id: string; readonly seconds: number };
  /** `interrupted`: it may come again. */
  requestOver: { readonly id: string; readonly result: RequestEnd };
  /** `at`: the session's clock stands still from then on; absent from older servers, whose clock goes on. */
  paused: { readonly reason: string | null; readonly at?: string | undefined };
  resumed: Record<string, never>;
  /** `pausedMs`: length of the pause that is over and is added; absent when a proctor added time. */
  extended: { readonly deadline: string; readonly serverTime: string; readonly pausedMs?: number | undefined };
  ended: Ended;
  error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly retryable: boolean;
    readonly ref?: string | number | undefined;
  };
}
