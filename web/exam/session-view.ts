import type { Analysis } from '../../protocol/down.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Event, Risk } from '../../protocol/events.ts';
import type { InvigilClient } from '../sdk/client.ts';
import type { Ended, Welcome } from '../sdk/client-events.ts';
import type { StateChange } from '../sdk/link-state.ts';
import { upsertEvent } from '../shared/upsert-event.ts';

export interface Notice {
  readonly at: string;
  readonly text: string;
}

/** All that the page shows of a session. */
export interface SessionView {
  readonly link: StateChange;
  readonly risk: Risk | undefined;
  readonly events: readonly Event[];
  readonly notices: readonly Notice[];
  readonly analysis: Analysis | undefined;
  readonly vision: Welcome['vision'];
  /** Of the session's policy; undefined before the first greeting. */
  readonly calibrationSeconds: number | undefined;
  readonly paused: boolean;
  readonly pauseReason: string | null;
  readonly deadline: string | null;
  readonly ended: Ended | undefined;
  readonly fault: string | undefined;
}

export const NOTHING_YET: SessionView = {
  link: { state: 'idle' },
  risk: undefined,
  events: [],
  notices: [],
  analysis: undefined,
  vision: 'on',
  calibrationSeconds: undefined,
  paused: false,
  pauseReason: null,
  deadline: null,
  ended: undefined,
  fault: undefined,
};

/** Faults that a student can do something about, or should not worry about. */
const FAULTS: Partial<Record<ErrorCode, string>> = {
  frames_refused: 'The server has stopped looking at your pictures. Your exam goes on.',
  invalid_image: "The server cannot read your camera's pictures.",
};

type Change = (view: SessionView) => SessionView;

/** Keeps a view up to date with what the client hears. @returns stops that */
export function follow(client: InvigilClient, change: (change: Change) => void): () => void {
  const merge = (part: Partial<SessionView>) => change((view) => ({ ...view, ...part }));
  const stops = [
    client.on('state', (link) =>
      merge(link.state === 'live' ? { link, fault: undefined } : { link, analysis: undefined }),
    ),
    client.on('welcome', ({ risk, paused, deadline, vision, policy }) =>
      merge({ risk, paused, deadline, vision, calibrationSeconds: policy.calibrationSeconds }),
    ),
    client.on('risk', (risk) => merge({ risk })),
    client.on('event', (event) => change((view) => ({ ...view, events: upsertEvent(view.events, event) }))),
    client.on('notice', ({ text }) =>
      change((view) => ({ ...view, notices: [{ at: new Date().toISOString(), text }, ...view.notices] })),
    ),
    client.on('analysis', (analysis) => merge({ analysis, fault: undefined })),
    client.on('throttle', ({ reason }) => merge({ vision: reason === 'vision_off' ? 'off' : 'on' })),
    client.on('paused', ({ reason }) => merge({ paused: true, pauseReason: reason })),
    client.on('resumed', () => merge({ paused: false, pauseReason: null })),
    client.on('extended', ({ deadline }) => merge({ deadline })),
    client.on('ended', (ended) => merge({ ended })),
    client.on('error', ({ code, message, retryable }) => {
      // What passes by itself is not the student's concern.
      if (!retryable && code !== 'frame_out_of_order') merge({ fault: FAULTS[code] ?? message });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
