import type { Detection } from '../../../models/jobs.ts';
import type { SeenFrame } from '../record/incident-pictures.ts';
import type { Excuse } from '../rules/rules.ts';

/** Requests to the student as the frames see them; see `requests/`. */
export interface FrameRequests {
  /** Frames per second that a request needs at the moment, sent and analysed; 0: none. */
  readonly sendFps: number;
  readonly analyseFps: number;
  /** Of a frame that arrived at this time, server ms. */
  excuse(at: number): Excuse | undefined;
  /** A usable frame arrived. Its bytes are the socket's: to be copied if they are kept. */
  arrived(frame: SeenFrame): void;
  /** A usable frame of a paused session, which nothing analyses. */
  shown(frame: SeenFrame): void;
  analysed(frame: SeenFrame, detection: Detection): void;
}

/** Until the session has its requests. */
export const NO_REQUESTS: FrameRequests = {
  sendFps: 0,
  analyseFps: 0,
  excuse: () => undefined,
  arrived: () => {},
  shown: () => {},
  analysed: () => {},
};
