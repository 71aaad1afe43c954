import type { Analysis, EndReason } from '../../protocol/down.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Event, Risk } from '../../protocol/events.ts';
import type { StudentView } from '../../protocol/policy.ts';
import type { InvigilClient } from '../sdk/client.ts';
import type { Uplink, Welcome } from '../sdk/client-events.ts';
import type { StateChange } from '../sdk/link-state.ts';
import { problemText } from '../shared/messages/problems.ts';
import { upsertEvent } from '../shared/upsert-event.ts';
import { t } from './messages.ts';

/** Message of staff that arrived on this page. */
export interface StaffMessage {
  readonly at: string;
  readonly text: string;
  /** Where the policy shows names of staff. */
  readonly from: string | undefined;
}

/** State of a session as the page shows it. */
export interface SessionView {
  readonly link: StateChange;
  readonly risk: Risk | undefined;
  readonly events: readonly Event[];
  /** Newest of staff that arrived here. */
  readonly message: StaffMessage | undefined;
  /** The policy lets the student write to staff; false before the first `welcome`. */
  readonly canWrite: boolean;
  /** Somebody watches the camera live; undefined where the policy does not tell. */
  readonly watched: boolean | undefined;
  readonly analysis: Analysis | undefined;
  readonly uplink: Uplink['state'];
  readonly vision: Welcome['vision'];
  /** From the session's policy; undefined before the first `welcome`. */
  readonly calibrationSeconds: number | undefined;
  /** Parts of the record shown during the exam. */
  readonly studentView: StudentView;
  readonly paused: boolean;
  readonly pauseReason: string | null;
  readonly deadline: string | null;
  /** Undefined while the exam runs, and until the reason of its end is known. */
  readonly endReason: EndReason | undefined;
  readonly fault: string | undefined;
}

export const NOTHING_YET: SessionView = {
  link: { state: 'idle' },
  risk: undefined,
  events: [],
  message: undefined,
  canWrite: false,
  watched: undefined,
  analysis: undefined,
  uplink: 'full',
  vision: 'on',
  calibrationSeconds: undefined,
  studentView: 'events',
  paused: false,
  pauseReason: null,
  deadline: null,
  endReason: undefined,
  fault: undefined,
};

/** Errors with a text for students; others show the server's message. */
const faultText = (code: ErrorCode): string | undefined =>
  code === 'frames_refused' ? t.framesRefused : code === 'invalid_image' ? t.invalidImage : undefined;

type Change = (view: SessionView) => SessionView;

/** Updates a view from the client's events. @returns stops the updates */
export function follow(client: InvigilClient, change: (change: Change) => void): () => void {
  const merge = (part: Partial<SessionView>) => change((view) => ({ ...view, ...part }));
  const stops = [
    client.on('state', (link) =>
      merge(link.state === 'live' ? { link, fault: undefined } : { link, analysis: undefined }),
    ),
    client.on('welcome', ({ risk, paused, deadline, vision, policy }) =>
      merge({
        risk,
        paused,
        deadline,
        vision,
        calibrationSeconds: policy.calibrationSeconds,
        studentView: policy.studentView,
        canWrite: policy.conversation === true,
      }),
    ),
    client.on('risk', (risk) => merge({ risk })),
    client.on('event', (event) => change((view) => ({ ...view, events: upsertEvent(view.events, event) }))),
    client.on('notice', ({ text, from, at = new Date().toISOString() }) => merge({ message: { at, text, from } })),
    client.on('watched', ({ watching }) => merge({ watched: watching })),
    client.on('uplink', ({ state }) => merge({ uplink: state })),
    client.on('analysis', (analysis) => merge({ analysis, fault: undefined })),
    client.on('throttle', ({ reason }) => merge({ vision: reason === 'vision_off' ? 'off' : 'on' })),
    client.on('paused', ({ reason }) => merge({ paused: true, pauseReason: reason })),
    client.on('resumed', () => merge({ paused: false, pauseReason: null })),
    // At the end of a pause `resumed` follows: one change of the page, not two.
    client.on('extended', ({ deadline, pausedMs }) =>
      merge({ deadline, ...(pausedMs !== undefined && { paused: false, pauseReason: null }) }),
    ),
    client.on('ended', ({ reason, risk }) => merge({ endReason: reason, risk })),
    client.on('error', ({ code, message, retryable }) => {
      // Temporary errors are not shown to the student; refused messages are shown with them.
      if (!retryable && code !== 'rate_limited' && code !== 'frame_out_of_order')
        merge({ fault: faultText(code) ?? problemText(code, { detail: message }) });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
