import type { ExamDown, Throttle } from '../../../protocol/down.ts';
import { conversationOf, evidenceDays } from '../../../protocol/policy.ts';
import { STATE_EVERY_MS } from '../rules/client-state.ts';
import type { SessionRecorder } from '../record/session-recorder.ts';
import type { SignalStream } from '../signals/signal-stream.ts';

/** Interval of the message `time` (rule C17), ms. */
export const TIME_EVERY_MS = 15_000;

/** Answer to `hello` (rule C6). `now`: server ms. */
export function welcomeOf(
  session: string,
  recorder: SessionRecorder,
  stream: SignalStream,
  throttle: Throttle,
  now: number,
): ExamDown {
  const { state, policyVersion } = recorder;
  const { calibration, retentionDays, levels } = state.policy;
  return {
    type: 'welcome',
    sessionId: session,
    stream: stream.id,
    lastAck: stream.committed,
    throttle,
    risk: state.risk(now),
    paused: state.status === 'paused',
    pausedAt: state.pausedAt?.toISOString() ?? null,
    deadline: state.deadline?.toISOString() ?? null,
    serverTime: new Date(now).toISOString(),
    vision: throttle.reason === 'vision_off' ? 'off' : 'on',
    receipts: true,
    timeEveryMs: TIME_EVERY_MS,
    stateEveryMs: STATE_EVERY_MS,
    handRaised: state.conversation.isHandRaised,
    policy: {
      version: policyVersion,
      // Sessions of older policies have no settings of signals.
      ownFieldClipboard:
        (state.policy.signals as Partial<typeof state.policy.signals> | undefined)?.ownFieldClipboard ?? 'report',
      calibrationSeconds: calibration.seconds,
      conversation: conversationOf(state.policy).enabled,
      studentView: state.policy.studentView,
      retentionDays,
      evidenceDays: evidenceDays(state.policy),
      levels,
    },
  };
}
