import type { ExamDown, Throttle } from '../../../protocol/down.ts';
import { evidenceDays } from '../../../protocol/policy.ts';
import type { Chronicle } from '../record/session-recorder.ts';
import type { SignalStream } from '../signals/signal-stream.ts';

/** What a client that greets is told (rule C6). `now`: server ms. */
export function welcomeOf(
  session: string,
  chronicle: Chronicle,
  stream: SignalStream,
  throttle: Throttle,
  now: number,
): ExamDown {
  const { ledger, policyVersion } = chronicle;
  const { calibration, retentionDays, levels } = ledger.policy;
  return {
    type: 'welcome',
    sessionId: session,
    stream: stream.id,
    lastAck: stream.committed,
    throttle,
    risk: ledger.risk(now),
    paused: ledger.status === 'paused',
    deadline: ledger.deadline?.toISOString() ?? null,
    vision: throttle.reason === 'vision_off' ? 'off' : 'on',
    policy: {
      version: policyVersion,
      calibrationSeconds: calibration.seconds,
      retentionDays,
      evidenceDays: evidenceDays(ledger.policy),
      levels,
    },
  };
}
